import type { App } from '../../app/context.ts'
import { settled } from '../search/queries.ts'

/** Opens the export of what a search finds; with empty words, of everything. */
export function showExport(app: App, words: string): void {
  app.screen.set((now) => ({ ...now, dialog: 'export', exportOf: settled(words) }))
}
