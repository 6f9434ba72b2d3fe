import { useEffect, useState } from 'react'
import { useApp } from '../../app/context.ts'
import { type Notice, UNDO_MS } from '../../data/notices.ts'
import { useProblemText, useText } from '../../i18n/text.ts'
import { Button } from '../../ui/parts.tsx'
import { useStore } from '../../ui/store.ts'

/** What has just been done, with the way back; and what went wrong. */
export function Notices() {
  const app = useApp()
  const t = useText()
  const notices = useStore(app.notices.list)
  return (
    <section className="notices" aria-label={t('notices.title')}>
      {notices.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </section>
  )
}

function NoticeCard({ notice }: { notice: Notice }) {
  const app = useApp()
  const t = useText()
  const say = useProblemText()
  const [held, setHeld] = useState(false)
  const dismiss = () => app.notices.dismiss(notice.id)
  const { id, problem } = notice
  useEffect(() => {
    // A fault stays until it was read; what is looked at or has the focus does not go away under the hand.
    if (problem !== null || held) return
    const timer = setTimeout(() => app.notices.dismiss(id), UNDO_MS)
    return () => clearTimeout(timer)
  }, [app, id, problem, held])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing is done here; it only stays while it is looked at.
    <div
      className={problem ? 'notice bad' : 'notice'}
      role={problem ? 'alert' : 'status'}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <p>{problem ? say(problem) : notice.text ? t(notice.text.key, notice.text.values) : null}</p>
      {notice.undo ? (
        <Button look="plain" onPress={notice.undo}>
          {t('act.undo')}
        </Button>
      ) : null}
      <Button look="plain" icon="close" bare onPress={dismiss}>
        {t('common.dismiss')}
      </Button>
    </div>
  )
}
