import type { Engine } from '../platform/engine.ts'
import { createStore } from '../ui/store.ts'

export type Theme = 'system' | 'light' | 'dark'

/** Small remembered things of the interface, kept in the office. */
export interface Preferences {
  /** A language tag, or `system`. */
  language: string
  theme: Theme
  /** Widths in rem. */
  rail: number
  list: number
  /** Whether single letters are shortcuts (WCAG 2.1.4: they can be turned off). */
  letters: boolean
}

export const initialPreferences: Preferences = { language: 'system', theme: 'system', rail: 15, list: 25, letters: true }

const names: Record<keyof Preferences, string> = {
  language: 'language',
  theme: 'theme',
  rail: 'panes.rail',
  list: 'panes.list',
  letters: 'keys.letters',
}

/** Reads what the office remembers; values that make no sense count as not set. */
export function parsePreferences(stored: Record<string, string>): Preferences {
  const text = (name: keyof Preferences) => stored[names[name]]
  const width = (name: 'rail' | 'list', low: number, high: number) => {
    const value = Number(text(name))
    return text(name) !== undefined && value >= low && value <= high ? value : initialPreferences[name]
  }
  const theme = text('theme')
  return {
    language: text('language') ?? 'system',
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    rail: width('rail', 10, 28),
    list: width('list', 16, 48),
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
