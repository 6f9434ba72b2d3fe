import { useState } from 'react'
import type { SearchOrder } from '#shared/contract/index.ts'
import { useApp } from '../../app/context.ts'
import { useText } from '../../i18n/text.ts'
import { copyText, isWindows } from '../../platform/native.ts'
import { Button } from '../../ui/parts.tsx'
import { useStore } from '../../ui/store.ts'
import { showExport } from '../archive/show-export.ts'
import { commandFor } from './command.ts'
import { settled } from './queries.ts'
import { SaveForm } from './saved.tsx'

const orders: readonly SearchOrder[] = ['newest', 'best']

/** In which order hits come. */
export function OrderChoice() {
  const app = useApp()
  const t = useText()
  const order = useStore(app.screen, (screen) => screen.order)
  return (
    <select
      className="input search-order"
      aria-label={t('search.order')}
      title={order === 'best' ? t('search.order.best.text') : undefined}
      value={order}
      onChange={(event) => app.screen.set((now) => ({ ...now, order: event.target.value === 'best' ? 'best' : 'newest' }))}
    >
      {orders.map((one) => (
        <option key={one} value={one}>
          {t(`search.order.${one}`)}
        </option>
      ))}
    </select>
  )
}

/** What can be done with a query: keep it, take it to the command line, export what it finds. */
export function SearchTools({ text }: { text: string }) {
  const app = useApp()
  const t = useText()
  const [saving, setSaving] = useState(false)
  const copy = () => {
    const command = commandFor(settled(text), app.screen.get().order, isWindows)
    app.notices.tell(copyText(command) ? 'copy.done' : 'copy.failed')
  }
  return (
    <>
      <fieldset className="search-tools" aria-label={t('search.tools')}>
        <Button look="link" onPress={() => setSaving(!saving)}>
          {t('search.save')}
        </Button>
        <Button look="link" onPress={copy}>
          {t('search.copyCommand')}
        </Button>
        <span className="search-acts">
          <Button look="link" onPress={() => showExport(app, text)}>
            {t('export.found')}
          </Button>
        </span>
      </fieldset>
      {saving ? <SaveForm text={text} onClose={() => setSaving(false)} /> : null}
    </>
  )
}
