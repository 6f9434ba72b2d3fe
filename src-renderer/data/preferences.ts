import type { Engine } from '../platform/engine.ts'
import { createStore } from '../ui/store.ts'

export type Theme = 'system' | 'light' | 'dark'

/** Small remembered things of the interface, kept in the office. */
export interface Preferences {
  /** A language tag, or `system`. */
  language: string
  theme: Theme
  /** Widths in rem: of panes, and of the columns of the archive. */
  rail: number
  list: number
  details: number
  columnAt: number
  columnFrom: number
  columnAccount: number
  columnKind: number
  /** The name under which notes are written; empty until one was. */
  person: string
  /** Whether single letters are shortcuts (WCAG 2.1.4: they can be turned off). */
  letters: boolean
}

/** Names of what has a width that is remembered. */
export type WidthName = 'rail' | 'list' | 'details' | 'columnAt' | 'columnFrom' | 'columnAccount' | 'columnKind'

/** Width at first, and the smallest and largest that are believed, in rem. */
const widths: Record<WidthName, readonly [number, number, number]> = {
  rail: [15, 10, 28],
  list: [25, 16, 48],
  details: [30, 20, 60],
  columnAt: [9, 4, 20],
  columnFrom: [11, 4, 30],
  columnAccount: [9, 4, 30],
  columnKind: [6, 3, 20],
}
const widthNames = Object.keys(widths) as WidthName[]

function eachWidth(of: (name: WidthName) => number): Record<WidthName, number> {
  return Object.fromEntries(widthNames.map((name) => [name, of(name)])) as Record<WidthName, number>
}

export const initialPreferences: Preferences = {
  language: 'system',
  theme: 'system',
  person: '',
  letters: true,
  ...eachWidth((name) => widths[name][0]),
}

const names: Record<keyof Preferences, string> = {
  language: 'language',
  theme: 'theme',
  rail: 'panes.rail',
  list: 'panes.list',
  details: 'panes.details',
  columnAt: 'columns.at',
  columnFrom: 'columns.from',
  columnAccount: 'columns.account',
  columnKind: 'columns.kind',
  person: 'person',
  letters: 'keys.letters',
}

/** Reads what the office remembers; values that make no sense count as not set. */
export function parsePreferences(stored: Record<string, string>): Preferences {
  const text = (name: keyof Preferences) => stored[names[name]]
  const width = (name: WidthName) => {
    const value = Number(text(name))
    const [initial, low, high] = widths[name]
    return text(name) !== undefined && value >= low && value <= high ? value : initial
  }
  const theme = text('theme')
  return {
    language: text('language') ?? 'system',
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    ...eachWidth(width),
    person: text('person') ?? '',
    letters: text('letters') !== 'off',
  }
}

/** The preferences, remembered as they are set. */
export function createPreferences(engine: Engine, failed: (error: unknown) => void) {
  const store = createStore(initialPreferences)
  return {
    store,
    async load(): Promise<void> {
      store.set(parsePreferences(await engine.client.office.preferences({})))
    },
    set<Name extends keyof Preferences>(name: Name, value: Preferences[Name]): void {
      if (store.get()[name] === value) return
      store.set((now) => ({ ...now, [name]: value }))
      const stored = typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value)
      engine.client.office.setPreference({ name: names[name], value: stored }).catch(failed)
    },
  }
}
