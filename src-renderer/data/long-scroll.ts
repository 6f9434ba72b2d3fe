/**
 * Scrolling through more than a browser can lay out. Chromium caps an element at about 33 million pixels, and a million
 * rows are twice that. Past `LAID_OUT` pixels the element stays that tall, and `base` says how far the list is ahead of it.
 */
export interface ScrollState {
  /** Pixels of the list above the top of the element's content. */
  base: number
  /** The element's own scroll position. */
  physical: number
}

/** Tallest element that is laid out, in pixels. */
export const LAID_OUT = 8_000_000
/** How far position and scrollbar may drift apart, as a share of the scrollbar, before they are brought together. */
const DRIFT = 0.005

export interface ScrollSize {
  /** Height of all rows. */
  content: number
  /** Height of the window on them. */
  view: number
}

/** Height to give the element. */
export function laidOut({ content }: ScrollSize): number {
  return Math.min(content, LAID_OUT)
}

/** Where in the list the window's top edge is. */
export function position(state: ScrollState, size: ScrollSize): number {
  return clamp(state.base + state.physical, 0, Math.max(0, size.content - size.view))
}

/** The state that shows the list from `top`, with the scrollbar where it belongs. */
export function scrollTo(top: number, size: ScrollSize): ScrollState {
  const furthest = Math.max(0, size.content - size.view)
  const wanted = clamp(top, 0, furthest)
  if (size.content <= LAID_OUT) return { base: 0, physical: wanted }
  const room = LAID_OUT - size.view
  // Near the ends pixel for pixel, so that each end is reached exactly.
  if (wanted < size.view) return { base: 0, physical: wanted }
  if (furthest - wanted < size.view) return { base: furthest - room, physical: room - (furthest - wanted) }
  const physical = Math.round((wanted / furthest) * room)
  return { base: wanted - physical, physical }
}

/**
 * The element was scrolled to `physical`. A short way is taken pixel by pixel; a long one (the scrollbar was dragged)
 * goes to the same share of the list. When the result's `physical` differs, the element has to be set to it.
 */
export function scrolled(state: ScrollState, physical: number, size: ScrollSize): ScrollState {
  if (size.content <= LAID_OUT) return { base: 0, physical }
  const furthest = size.content - size.view
  const room = LAID_OUT - size.view
  if (Math.abs(physical - state.physical) > 2 * size.view) {
    const top = (physical / room) * furthest
    return { base: Math.round(top) - physical, physical }
  }
  const moved: ScrollState = { base: state.base, physical }
  const top = position(moved, size)
  const ideal = scrollTo(top, size)
  const nearEdge = physical < size.view || physical > room - size.view
  if (Math.abs(ideal.physical - physical) > room * DRIFT || (nearEdge && Math.abs(ideal.physical - physical) > 1)) return ideal
  return moved
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}
