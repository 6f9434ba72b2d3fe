import { type KeyboardEvent, type MouseEvent, useCallback, useLayoutEffect, useRef, useState } from 'react'
import type { ConversationRow } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { useLabelMap } from '../../data/labels.ts'
import { useAccounts, useIdentityMap } from '../../data/queries.ts'
import { useDates } from '../../i18n/dates.ts'
import { useText } from '../../i18n/text.ts'
import { useStore } from '../../ui/store.ts'
import { openConversation, places } from '../commands/navigation.ts'
import { ListEmpty, ListFailed } from './empty.tsx'
import { Row, rowElementId } from './row.tsx'
import { type MenuAt, RowMenu } from './row-menu.tsx'
import { useLongList } from './use-long-list.ts'
import { useRowHeight } from './use-row-height.ts'

/** The list of conversations: any length, only what is in view is there. */
export function ConversationList({ label }: { label: string }) {
  const app = useApp()
  const t = useText()
  const dates = useDates()
  const { list, cursor, picked } = useStore(app.inbox.place)
  const view = useStore(list.view)
  const identities = useIdentityMap()
  const labels = useLabelMap()
  const filling = useAccounts().data?.some((account) => account.status.phase === 'backfilling') ?? false
  const rowHeight = useRowHeight()
  const scroller = useRef<HTMLDivElement>(null)
  const [menu, setMenu] = useState<MenuAt | null>(null)
  const onTop = useCallback(() => app.inbox.seen(), [app])
  const { range, height, onScroll, reveal, pageRows } = useLongList({
    scroller,
    list,
    view,
    rowHeight,
    follow: filling && cursor === null,
    onTop,
  })

  const cursorId = cursor?.id ?? null
  // Before the frame is painted, so that no frame shows a place whose rows are not drawn yet.
  useLayoutEffect(() => {
    const index = cursorId === null ? -1 : list.indexOf(cursorId)
    if (index >= 0) reveal(index, 'nearest')
  }, [cursorId, list, reveal])

  const rowOf = (event: MouseEvent): { row: ConversationRow; index: number } | null => {
    const element = event.target instanceof Element ? event.target.closest<HTMLElement>('.row') : null
    const index = Number(element?.dataset.index ?? -1)
    const row = list.rowAt(index)
    return row ? { row, index } : null
  }
  const onClick = (event: MouseEvent) => {
    const hit = rowOf(event)
    if (!hit) return
    const onMark = event.target instanceof Element && event.target.closest('[data-pick]')
    if (event.shiftKey) void app.inbox.pickTo(hit.index)
    else if (event.metaKey || event.ctrlKey || onMark) app.inbox.togglePick(hit.row)
    else {
      app.inbox.pickNone()
      app.inbox.select(hit.row)
      app.screen.set((now) => ({ ...now, pane: 'conversation' }))
    }
  }
  const onContextMenu = (event: MouseEvent) => {
    event.preventDefault()
    const hit = rowOf(event)
    const row = hit?.row ?? cursor
    if (!row) return
    if (!picked.has(row.id)) {
      app.inbox.pickNone()
      app.inbox.select(row)
    }
    const box = document.getElementById(rowElementId(row.id))?.getBoundingClientRect()
    setMenu(hit ? { x: event.clientX, y: event.clientY } : { x: (box?.left ?? 0) + 24, y: (box?.bottom ?? 0) - 12 })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (!steer(event.key)) return
    event.preventDefault()
  }
  const steer = (key: string): boolean => {
    const index = app.inbox.cursorIndex() < 0 ? list.firstShown : app.inbox.cursorIndex()
    if (key === 'Home') void app.inbox.moveTo(0)
    else if (key === 'End') void app.inbox.moveTo(list.total - 1)
    else if (key === 'PageDown') void app.inbox.moveTo(index + pageRows())
    else if (key === 'PageUp') void app.inbox.moveTo(index - pageRows())
    else if (key === ' ' && cursor) app.inbox.togglePick(cursor)
    else return false
    return true
  }

  const rows = []
  for (let index = range.first; index <= range.last; index++) {
    const row = list.rowAt(index)
    rows.push(
      <Row
        key={index}
        row={row}
        index={index}
        total={view.total}
        top={index * rowHeight - range.base}
        active={row !== null && row.id === cursorId}
        picked={row !== null && picked.has(row.id)}
        identity={row ? identities.get(row.identityId) : undefined}
        labels={labels}
        showState={list.filter.view === 'open'}
        t={t}
        dates={dates}
      />,
    )
  }

  const active = cursorId !== null && list.indexOf(cursorId) >= 0 ? { 'aria-activedescendant': rowElementId(cursorId) } : {}
  const nothing = view.ready && view.total === 0
  return (
    <div className="list-body">
      {view.problem ? <ListFailed problem={view.problem} onRetry={() => void list.open()} quiet={view.total > 0} /> : null}
      {nothing && !view.problem ? <ListEmpty filter={list.filter} /> : null}
      <div
        ref={scroller}
        id={places.list}
        className="list-scroll"
        role="listbox"
        aria-multiselectable="true"
        aria-label={label}
        aria-busy={!view.ready}
        tabIndex={0}
        hidden={nothing}
        onScroll={onScroll}
        onClick={onClick}
        onDoubleClick={() => openConversation(app)}
        onContextMenu={onContextMenu}
        onKeyDown={onKeyDown}
        {...active}
      >
        <div className="list-rows" role="presentation" style={{ blockSize: height }}>
          {rows}
        </div>
      </div>
      {menu ? <RowMenu at={menu} onClose={() => setMenu(null)} /> : null}
    </div>
  )
}
