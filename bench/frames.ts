/** What the list showed in one frame, as it was painted. */
export interface Frame {
  /** Milliseconds since the page began. */
  at: number
  /** Scroll position, and height of the window on the list, in pixels. */
  top: number
  height: number
  /** Height of everything that can be scrolled. */
  content: number
  rowHeight: number
  /** Upper edges of the rows that hold text. A row that is only outlined, because its words are on their way, is not among them. */
  rows: number[]
}

export interface Watched {
  frames: Frame[]
  /** Durations of tasks of the page's main thread that took 50 ms or more. */
  tasks: number[]
  /** From a key or pointer to the next frame, for those that took 16 ms or more. */
  inputs: number[]
}

/** Runs in the page: notes every frame until it is stopped. What it reads costs no layout. */
export function watchFrames(): { stop(): Watched } {
  const watched: Watched = { frames: [], tasks: [], inputs: [] }
  const observe = (type: string, into: number[], options: PerformanceObserverInit) => {
    const observer = new PerformanceObserver((entries) => {
      for (const entry of entries.getEntries()) into.push(entry.duration)
    })
    observer.observe({ type, ...options })
    return observer
  }
  const observers = [
    observe('longtask', watched.tasks, {}),
    observe('event', watched.inputs, { durationThreshold: 16 } as PerformanceObserverInit),
  ]
  let going = true
  const look = () => {
    if (!going) return
    requestAnimationFrame(look)
    const list = document.querySelector('#inbox-list')
    if (!list) return
    const rows: number[] = []
    let rowHeight = 0
    for (const row of list.querySelectorAll<HTMLElement>('.row[id]')) {
      rows.push(Number(/translateY\(([-\d.]+)px\)/.exec(row.style.transform)?.[1]))
      if (rowHeight === 0) rowHeight = row.offsetHeight
    }
    watched.frames.push({
      at: performance.now(),
      top: list.scrollTop,
      height: list.clientHeight,
      content: list.scrollHeight,
      rowHeight,
      rows,
    })
  }
  requestAnimationFrame(look)
  return {
    stop() {
      going = false
      for (const observer of observers) observer.disconnect()
      return watched
    },
  }
}

/** Whether some row inside the window has no text when the window is at `top`. */
export function isBlank(frame: Frame, top = frame.top): boolean {
  const end = Math.min(top + frame.height, frame.content)
  let reached = top
  for (const row of [...frame.rows].sort((a, b) => a - b)) {
    // A line of less than a pixel is no row.
    if (row > reached + 1) break
    reached = Math.max(reached, row + frame.rowHeight)
  }
  return reached < end - 1
}

/**
 * Frames in which a row was blank: one that is not there, or only outlined.
 * @param ahead The browser scrolled on its own thread (a wheel), which may run ahead of the page by a frame: each frame must then
 * also have had the rows that the window showed by the time of the next one. What the page scrolls itself, it draws with it.
 */
export function blankFrames(frames: readonly Frame[], ahead: boolean): number {
  return frames.filter((frame, i) => isBlank(frame) || (ahead && isBlank(frame, frames[i + 1]?.top))).length
}

/** Milliseconds from the last time that the list moved until all of what it then showed had text; Infinity when it never had. */
export function settleTime(frames: readonly Frame[]): number {
  const last = frames.findLastIndex((frame, i) => i > 0 && frame.top !== frames[i - 1]?.top)
  const whole = frames.find((frame, i) => i >= last && !isBlank(frame))
  return whole ? whole.at - (frames[last]?.at ?? 0) : Number.POSITIVE_INFINITY
}
