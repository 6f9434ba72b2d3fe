import { type KeyboardEvent, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { MessageId, SearchHit } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import type { WidthName } from '../../data/preferences.ts'
import { useAccountMap, useIdentityMap } from '../../data/queries.ts'
import { useDates } from '../../i18n/dates.ts'
import { useText } from '../../i18n/text.ts'
import { Mark } from '../../ui/mark.tsx'
import { places } from '../commands/navigation.ts'
import { Marked } from '../search/marked.tsx'
import { Divider } from '../shell/divider.tsx'

/** Rows drawn above and below what is seen. */
const SPARE = 8
/** So near the end, the next page is asked for. */
const NEAR_END = 30

type ColumnName = 'at' | 'from' | 'subject' | 'account' | 'kind'
const columns: readonly { name: ColumnName; width: WidthName | null }[] = [
  { name: 'at', width: 'columnAt' },
  { name: 'from', width: 'columnFrom' },
  { name: 'subject', width: null },
  { name: 'account', width: 'columnAccount' },
  { name: 'kind', width: 'columnKind' },
]

interface TableProps {
  hits: readonly SearchHit[]
  busy: boolean
  /** The last hit here is the last there is. */
  whole: boolean
  chosen: MessageId | null
  onChoose: (hit: SearchHit) => void
  onOpen: (hit: SearchHit) => void
  onNearEnd: () => void
}

/** What was found, a row each; only those that are seen are drawn. */
export function ResultsTable({ hits, busy, whole, chosen, onChoose, onOpen, onNearEnd }: TableProps) {
  const app = useApp()
  const t = useText()
  const scroll = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ row: 32, top: 0, height: 600 })
  const at = chosen === null ? -1 : hits.findIndex(({ id }) => id === chosen)
  const measure = useCallback(() => {
    const body = scroll.current
    if (!body) return
    const row = Number.parseFloat(getComputedStyle(body).getPropertyValue('--archive-row')) || 2
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
    setView({ row: row * rem, top: body.scrollTop, height: body.clientHeight })
  }, [])
  useLayoutEffect(() => {
    measure()
    const observer = new ResizeObserver(measure)
    if (scroll.current) observer.observe(scroll.current)
    return () => observer.disconnect()
  }, [measure])
  const from = Math.max(0, Math.floor(view.top / view.row) - SPARE)
  const until = Math.min(hits.length, Math.ceil((view.top + view.height) / view.row) + SPARE)
  useEffect(() => {
    if (!whole && until > hits.length - NEAR_END) onNearEnd()
  }, [whole, until, hits.length, onNearEnd])
  useEffect(() => {
    const body = scroll.current
    if (at < 0 || !body) return
    const top = at * view.row
    // The head lies over the first row's height, and the next row shows that there is one.
    const low = top + 3 * view.row - body.clientHeight
    if (body.scrollTop > top) body.scrollTop = top
    else if (body.scrollTop < low) body.scrollTop = low
  }, [at, view.row])
  const choose = useCallback(
    (index: number) => {
      const hit = hits[Math.max(0, Math.min(hits.length - 1, index))]
      if (hit) onChoose(hit)
    },
    [hits, onChoose],
  )
  useEffect(() => {
    app.steer.current = {
      move: (by) => choose(at < 0 ? 0 : at + by),
      open: () => {
        const hit = hits[Math.max(0, at)]
        if (hit) onOpen(hit)
      },
    }
    return () => {
      app.steer.current = null
    }
  }, [app, at, choose, hits, onOpen])
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(view.height / view.row) - 2)
    const to = { PageDown: at + page, PageUp: at - page, Home: 0, End: hits.length - 1 }[event.key]
    if (to === undefined || event.target !== event.currentTarget) return
    event.preventDefault()
    choose(to)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table of which only a part is drawn, steered by the row.
    <div
      id={places.found}
      className="archive-table"
      role="grid"
      aria-label={t('archive.results')}
      aria-rowcount={whole ? hits.length + 1 : -1}
      aria-busy={busy}
      aria-readonly="true"
      tabIndex={0}
      ref={scroll}
      onScroll={measure}
      {...(at >= 0 ? { 'aria-activedescendant': `found-${at}` } : {})}
      onKeyDown={onKeyDown}
    >
      <Head />
      {/* biome-ignore lint/a11y/useSemanticElements: as the grid that it is the body of. */}
      <div role="rowgroup" className="archive-rows" style={{ blockSize: hits.length * view.row }}>
        {hits.slice(from, until).map((hit, index) => (
          <Row
            key={hit.id}
            hit={hit}
            index={from + index}
            top={(from + index) * view.row}
            chosen={from + index === at}
            onOpen={() => onOpen(hit)}
          />
        ))}
      </div>
    </div>
  )
}

function Head() {
  const t = useText()
  return (
    // biome-ignore lint/a11y/useSemanticElements: as the grid that it is the head of.
    <div role="rowgroup" className="archive-head">
      {/* biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: the grid has the keyboard. */}
      <div role="row" aria-rowindex={1} className="archive-head-row archive-cells">
        {columns.map(({ name, width }) => (
          // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: the grid has the keyboard.
          <div role="columnheader" key={name} data-column={name}>
            <span className="truncate">{t(`archive.column.${name}`)}</span>
            {width ? (
              <Divider
                name={width}
                label={t('archive.column.size', { name: t(`archive.column.${name}`) })}
                within=".archive"
                before={name === 'account' || name === 'kind'}
                low={4}
                high={20}
              />
            ) : null}
          </div>
        ))}
      </div>
    </div>
  )
}

interface RowProps {
  hit: SearchHit
  index: number
  top: number
  chosen: boolean
  onOpen: () => void
}

function Row({ hit, index, top, chosen, onOpen }: RowProps) {
  const t = useText()
  const dates = useDates()
  const identity = useIdentityMap().get(hit.identityId)
  const account = useAccountMap().get(hit.accountId)
  return (
    // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: the grid has the keyboard and steers its rows.
    <div
      role="row"
      id={`found-${index}`}
      aria-rowindex={index + 2}
      aria-selected={chosen}
      className="archive-row archive-cells"
      data-chosen={chosen || undefined}
      style={{ insetBlockStart: top }}
      onClick={onOpen}
    >
      <Cell column="at">
        <time className="truncate" dateTime={hit.at} title={dates.full(hit.at)}>
          {dates.day(hit.at)}
        </time>
      </Cell>
      <Cell column="from">
        {identity ? <Mark identity={identity} labelled /> : null}
        <bdi className="truncate">{hit.from || t('row.nobody')}</bdi>
      </Cell>
      <Cell column="subject">
        <span className="truncate" dir="auto">
          <strong>
            <Marked text={hit.subject || t('row.noSubject')} />
          </strong>{' '}
          <span className="dim">
            <Marked text={hit.snippet} />
          </span>
        </span>
      </Cell>
      <Cell column="account">
        <bdi className="truncate">{account?.label ?? hit.accountId}</bdi>
      </Cell>
      <Cell column="kind">
        <span className="truncate">{t(`kind.${hit.kind}`)}</span>
      </Cell>
    </div>
  )
}

function Cell({ column, children }: { column: ColumnName; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: the grid has the keyboard.
    <div role="gridcell" data-column={column}>
      {children}
    </div>
  )
}
