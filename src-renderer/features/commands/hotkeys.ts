import { useEffect } from 'react'
import { type App, useApp } from '../../app/context.ts'
import { isMac } from '../../platform/native.ts'
import { commands } from './commands.ts'
import { type Stroke, strokeName } from './keys.ts'

/** A second stroke (`g` then `o`) counts this long after the first. */
const SEQUENCE_MS = 1500

/** Where the keyboard already means something: text, and whatever lies over the window. */
const busy =
  'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true], [role=dialog], [role=menu], [role=listbox]:not(#inbox-list):not(#search-results), [role=radiogroup], [role=separator]'
/** Elements that themselves answer to Enter. */
const pressable = 'button, a, summary, [role=button], [role=menuitem]'

let prefix: { key: string; at: number } | null = null

/** Runs the command that a stroke stands for. @returns whether there was one. */
export function runStroke(app: App, stroke: Stroke & { timeStamp: number; target: EventTarget | null }): boolean {
  const name = strokeName(stroke, isMac)
  if (name === null) return false
  const element = stroke.target instanceof Element ? stroke.target : null
  const typing = element?.closest(busy) != null || app.screen.get().dialog !== null
  const modified = name.startsWith('Mod+')
  if (typing && (!modified || name === 'Mod+a' || name === 'Mod+z' || app.screen.get().dialog !== null)) return false
  if (name === 'Enter' && element?.closest(pressable)) return false
  const before = prefix && stroke.timeStamp - prefix.at < SEQUENCE_MS ? prefix.key : null
  prefix = null
  const wanted = before ? `${before} ${name}` : name
  const letters = app.preferences.store.get().letters
  const command = commands.find(({ keys, when }) => keys.includes(wanted) && (when?.(app) ?? true))
  if (command && (letters || modified || name.length > 1)) {
    command.run(app)
    return true
  }
  if (!before && letters && commands.some(({ keys }) => keys.some((key) => key.startsWith(`${name} `)))) {
    prefix = { key: name, at: stroke.timeStamp }
    return true
  }
  return false
}

/** Listens for shortcuts for as long as the window is shown. */
export function useHotkeys(): void {
  const app = useApp()
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return
      if (runStroke(app, event)) event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [app])
}
