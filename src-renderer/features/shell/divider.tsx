import { type KeyboardEvent, type PointerEvent, useState } from 'react'
import { useApp } from '../../app/context.ts'
import type { WidthName } from '../../data/preferences.ts'
import { useStore } from '../../ui/store.ts'

interface DividerProps {
  name: WidthName
  label: string
  /** The element whose `--NAME-size` it sets while it moves. */
  within?: string
  /** It stands at the beginning of what it makes wider, not at the end. */
  before?: boolean
  /** Smallest and largest width in rem. */
  low: number
  high: number
}

/** The line between two panes; it can be moved with the pointer and with the arrow keys. */
export function Divider({ name, label, within = '.panes', before = false, low, high }: DividerProps) {
  const app = useApp()
  const width = useStore(app.preferences.store, (preferences) => preferences[name])
  const [drag, setDrag] = useState<{ x: number; width: number } | null>(null)
  const fit = (value: number) => Math.round(Math.min(high, Math.max(low, value)) * 8) / 8
  const turn = (document.documentElement.dir === 'rtl' ? -1 : 1) * (before ? -1 : 1)
  const moved = (event: PointerEvent) => {
    if (!drag) return width
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
    return fit(drag.width + ((event.clientX - drag.x) / rem) * turn)
  }
  const onMove = (event: PointerEvent<HTMLDivElement>) => {
    if (drag) event.currentTarget.closest<HTMLElement>(within)?.style.setProperty(`--${name}-size`, `${moved(event)}rem`)
  }
  const onUp = (event: PointerEvent) => {
    if (!drag) return
    setDrag(null)
    app.preferences.set(name, moved(event))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -0.5, ArrowRight: 0.5 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    event.stopPropagation()
    app.preferences.set(name, fit(width + step * turn))
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a line of text cannot be moved; this is the pattern of a window splitter.
    <div
      className={before ? 'divider before' : 'divider'}
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={Math.round(width)}
      aria-valuemin={low}
      aria-valuemax={high}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        setDrag({ x: event.clientX, width })
      }}
      onPointerMove={onMove}
      onPointerUp={onUp}
      onPointerCancel={() => setDrag(null)}
      onKeyDown={onKeyDown}
    />
  )
}
