import type { App } from '../../app/context.ts'

/** Opens the export of what a search finds; with empty words, of everything. */
export function showExport(app: App, words: string): void {
  app.screen.set((now) => ({ ...now, dialog: 'export', exportOf: words.trim() }))
}
