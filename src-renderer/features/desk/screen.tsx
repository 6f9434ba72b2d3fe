import { useMemo } from 'react'
import type { Draft, OutboxItem } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { partOf, useDesk } from '../../data/desk.ts'
import { useDrafts } from '../../data/drafts.ts'
import { toProblem } from '../../data/faults.ts'
import type { MessageKey } from '../../i18n/catalog.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Button, Empty } from '../../ui/parts.tsx'
import { useStore } from '../../ui/store.ts'
import { HealthStrip } from '../health/strip.tsx'
import { Rail } from '../rail/rail.tsx'
import { DraftRow } from './draft-row.tsx'
import { ItemRow } from './item-row.tsx'
import '../settings/settings.css'
import './desk.css'

/** The parts of the desk, in the order of how much they need a person. */
export const parts = ['attention', 'drafts', 'waiting', 'ended'] as const
export type Part = (typeof parts)[number]

const titles: Record<Part, MessageKey> = {
  attention: 'desk.attention',
  drafts: 'desk.drafts',
  waiting: 'desk.waiting',
  ended: 'desk.ended',
}

/** The send desk: what is being written, what waits to go out, what went wrong, and what was sent. */
export default function SendDesk() {
  const app = useApp()
  const t = useText()
  const { rail } = useStore(app.preferences.store)
  const pane = useStore(app.screen, (screen) => screen.pane)
  const drafts = useDrafts()
  const items = useDesk()
  const error = drafts.error ?? items.error
  const sorted = useMemo(() => {
    const found: Record<Exclude<Part, 'drafts'>, OutboxItem[]> = { attention: [], waiting: [], ended: [] }
    for (const item of items.data?.items ?? []) found[partOf(item)].push(item)
    found.waiting.sort((a, b) => a.notBefore.localeCompare(b.notBefore))
    return found
  }, [items.data])
  const empty = drafts.data?.length === 0 && items.data?.items.length === 0
  return (
    <div className="shell">
      <HealthStrip />
      <div className="panes with-archive" data-pane={pane} style={{ '--rail-size': `${rail}rem` }}>
        <Rail />
        <main className="desk" tabIndex={-1} id="desk" aria-labelledby="desk-title">
          <header className="toolbar">
            <h1 id="desk-title">{t('desk.title')}</h1>
            <span className="end">
              <Button look="primary" icon="edit" onPress={() => app.screen.set((now) => ({ ...now, dialog: 'compose' }))}>
                {t('command.compose')}
              </Button>
            </span>
          </header>
          <div className="desk-body">
            <FaultNote problem={error ? toProblem(error) : null}>
              <Button icon="retry" onPress={() => void Promise.all([drafts.refetch(), items.refetch()])}>
                {t('common.tryAgain')}
              </Button>
            </FaultNote>
            {empty ? (
              <Empty icon="reply" title={t('desk.empty')}>
                {t('desk.empty.text')}
              </Empty>
            ) : null}
            {parts.map((part) =>
              part === 'drafts' ? (
                <DeskPart key={part} part={part} rows={drafts.data ?? []} />
              ) : (
                <DeskPart key={part} part={part} rows={sorted[part]} />
              ),
            )}
          </div>
        </main>
      </div>
    </div>
  )
}

function DeskPart({ part, rows }: { part: Part; rows: readonly (Draft | OutboxItem)[] }) {
  const t = useText()
  if (rows.length === 0) return null
  return (
    <section className="desk-part" data-part={part} aria-labelledby={`desk-${part}`}>
      <h2 id={`desk-${part}`}>
        {t(titles[part])} <span className="dim">{rows.length}</span>
      </h2>
      <ul className="settings-list">
        {rows.map((row) => (
          <li key={`${part}-${row.id}`}>{'words' in row ? <DraftRow draft={row} /> : <ItemRow item={row} />}</li>
        ))}
      </ul>
    </section>
  )
}
