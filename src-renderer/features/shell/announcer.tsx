import { useApp } from '../../app/context.ts'
import { useText } from '../../i18n/text.ts'
import { useStore } from '../../ui/store.ts'

/** Tells screen readers of new conversations, without moving anything. */
export function Announcer() {
  const app = useApp()
  const t = useText()
  const news = useStore(app.inbox.place, (place) => place.news.size)
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {news > 0 ? t('list.news', { count: news }) : ''}
    </div>
  )
}
