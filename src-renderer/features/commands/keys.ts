/** The parts of a keyboard event that a shortcut depends on. */
export interface Stroke {
  key: string
  code: string
  shiftKey: boolean
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
}

/**
 * Names a stroke the way shortcuts are written: `j`, `Shift+j`, `Mod+k`, `?`, `ArrowDown`. On keyboards without Latin
 * letters (Arabic, Greek, Cyrillic) the key's place counts instead of its letter. Null: not a stroke for shortcuts.
 */
export function strokeName(stroke: Stroke, mac: boolean): string | null {
  if (stroke.altKey) return null
  const mod = mac ? stroke.metaKey : stroke.ctrlKey
  if (mac ? stroke.ctrlKey : stroke.metaKey) return null
  let { key } = stroke
  if (['Shift', 'Control', 'Meta', 'Alt', 'AltGraph', 'Dead', 'Process'].includes(key)) return null
  const place = /^Key([A-Z])$/.exec(stroke.code)?.[1]
  if (key.length === 1 && place && key.charCodeAt(0) > 0x24f) key = place
  if (key.length === 1 && /[a-z]/i.test(key)) key = key.toLowerCase()
  // A sign that needs Shift (`?`) is named by itself; letters and named keys say that Shift was held.
  const shift = stroke.shiftKey && (key.length > 1 || /[a-z]/.test(key)) ? 'Shift+' : ''
  return `${mod ? 'Mod+' : ''}${shift}${key}`
}

const signs: Record<string, string> = { ArrowDown: '↓', ArrowUp: '↑', Enter: '↵', Escape: 'Esc' }

/** The caps to draw for a shortcut: `g o` gives two, `Mod+k` one. */
export function keyCaps(shortcut: string, mac: boolean): string[] {
  return shortcut.split(' ').map((stroke) =>
    stroke
      .split('+')
      .map((part) => {
        if (part === 'Mod') return mac ? '⌘' : 'Ctrl'
        if (part === 'Shift') return mac ? '⇧' : 'Shift'
        return signs[part] ?? (part.length === 1 ? part.toUpperCase() : part)
      })
      .join(mac ? '' : '+'),
  )
}
