import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { SortKey } from '#shared/model/index.ts'
import type { InboxList, ListView } from '../../data/inbox-list.ts'
import { laidOut, position, type ScrollState, scrolled, scrollTo } from '../../data/long-scroll.ts'

/** Rows drawn beyond each edge, so that a fast wheel finds them there. */
const MARGIN = 8

export interface Range {
  first: number
  last: number
  /** Pixels to take off a row's place in the list. */
  base: number
}

export interface LongList {
  range: Range
  height: number
  onScroll: () => void
  /** Brings a row into view; `top` puts it at the upper edge. */
  reveal: (index: number, where: 'nearest' | 'top') => void
  /** Rows that fit into the window. */
  pageRows: () => number
}

interface Options {
  scroller: RefObject<HTMLDivElement | null>
  list: InboxList
  view: ListView
  rowHeight: number
  /** Keep showing the top while rows are added above: a first sync is running and nothing is being read. */
  follow: boolean
  /** The person scrolled to the very top. */
  onTop: () => void
}

/** The part of a list that is on the screen. What is read stays where it is when rows come and go above it. */
export function useLongList({ scroller, list, view, rowHeight, follow, onTop }: Options): LongList {
  const state = useRef<ScrollState>({ base: 0, physical: 0 })
  const anchor = useRef<{ place: SortKey; offset: number } | null>(null)
  const viewHeight = useRef(600)
  const [range, setRange] = useState<Range>({ first: 0, last: 30, base: 0 })
  const content = view.total * rowHeight

  const settle = useCallback(() => {
    const size = { content: list.total * rowHeight, view: viewHeight.current }
    const top = position(state.current, size)
    const from = Math.floor(top / rowHeight)
    const to = Math.min(list.total - 1, Math.floor((top + size.view - 1) / rowHeight))
    const place = list.placeAt(from)
    anchor.current = place === null ? null : { place, offset: top - from * rowHeight }
    const next = { first: Math.max(0, from - MARGIN), last: Math.min(list.total - 1, to + MARGIN), base: state.current.base }
    setRange((now) => (now.first === next.first && now.last === next.last && now.base === next.base ? now : next))
    list.show(from, to)
  }, [list, rowHeight])

  const goTo = useCallback(
    (top: number) => {
      const element = scroller.current
      if (!element) return
      state.current = scrollTo(top, { content: list.total * rowHeight, view: viewHeight.current })
      // The element may not have its new height yet; the height is set here so that the position is not cut off.
      const inner = element.firstElementChild
      if (inner instanceof HTMLElement) inner.style.blockSize = `${laidOut({ content: list.total * rowHeight, view: 0 })}px`
      element.scrollTop = state.current.physical
      settle()
    },
    [scroller, list, rowHeight, settle],
  )

  const onScroll = useCallback(() => {
    const element = scroller.current
    if (!element || Math.abs(element.scrollTop - state.current.physical) < 1) return
    const size = { content: list.total * rowHeight, view: viewHeight.current }
    state.current = scrolled(state.current, element.scrollTop, size)
    if (Math.abs(state.current.physical - element.scrollTop) >= 1) element.scrollTop = state.current.physical
    const first = position(state.current, size) / rowHeight
    const drawn = state.current.base === range.base && first >= range.first && first + size.view / rowHeight <= range.last + 1
    // Past what is drawn the rows must be there in this very frame.
    if (drawn) settle()
    else flushSync(settle)
    if (position(state.current, size) === 0) onTop()
  }, [scroller, list, rowHeight, range, settle, onTop])

  const reveal = useCallback(
    (index: number, where: 'nearest' | 'top') => {
      const top = position(state.current, { content: list.total * rowHeight, view: viewHeight.current })
      const rowTop = index * rowHeight
      if (where === 'top' || rowTop < top) goTo(rowTop)
      else if (rowTop + rowHeight > top + viewHeight.current) goTo(rowTop + rowHeight - viewHeight.current)
    },
    [list, rowHeight, goTo],
  )

  // Another list starts at its top.
  useLayoutEffect(() => {
    state.current = { base: 0, physical: 0 }
    anchor.current = null
    if (scroller.current && list) scroller.current.scrollTop = 0
  }, [list, scroller])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for everything in the list that can have moved.
  useLayoutEffect(() => {
    const size = { content, view: viewHeight.current }
    const top = position(state.current, size)
    const held = anchor.current
    if (held && !(follow && top === 0)) {
      const wanted = list.indexOfPlace(held.place) * rowHeight + held.offset
      if (Math.abs(wanted - top) >= 1) {
        goTo(wanted)
        return
      }
    }
    settle()
  }, [view.version, content, rowHeight, follow, list, goTo, settle])

  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const observer = new ResizeObserver(() => {
      viewHeight.current = element.clientHeight
      settle()
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [scroller, settle])

  const pageRows = useCallback(() => Math.max(1, Math.floor(viewHeight.current / rowHeight) - 1), [rowHeight])
  return { range, height: laidOut({ content, view: 0 }), onScroll, reveal, pageRows }
}
