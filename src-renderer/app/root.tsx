import { QueryClientProvider } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { toProblem } from '../data/faults.ts'
import { initialPreferences } from '../data/preferences.ts'
import { askAhead } from '../data/queries.ts'
import { Shell } from '../features/shell/shell.tsx'
import { Starting } from '../features/shell/starting.tsx'
import { Language } from '../i18n/provider.tsx'
import { openEngine } from '../platform/engine.ts'
import { native } from '../platform/native.ts'
import { openConnection } from '../platform/wires.ts'
import { createStore, useStore } from '../ui/store.ts'
import { type App, AppContext } from './context.ts'
import { createApp } from './create.ts'
import { followOutside } from './outside.ts'

const unset = createStore(initialPreferences)

/** Connects to the engine, reads what it remembers, and shows the window. */
export function Root() {
  const [app, setApp] = useState<App | null>(null)
  const { language, theme } = useStore(app?.preferences.store ?? unset)
  useEffect(() => {
    void start().then(setApp)
  }, [])
  useEffect(() => {
    document.documentElement.dataset.theme = theme
    native?.setTheme(theme).catch((error: unknown) => console.warn('window kept its theme', error))
  }, [theme])
  return (
    <Language chosen={language}>
      {app ? (
        <AppContext value={app}>
          <QueryClientProvider client={app.queries}>
            <Shell />
          </QueryClientProvider>
        </AppContext>
      ) : (
        <Starting />
      )}
    </Language>
  )
}

async function start(): Promise<App> {
  const app = createApp(await openEngine(openConnection))
  // Everything that the window shows first is asked for at once, before it is drawn.
  void app.inbox.list.open()
  askAhead(app.engine, app.queries)
  followOutside(app)
  try {
    await app.preferences.load()
  } catch (error) {
    // Without what was remembered the window looks as it does at first; that is better than no window.
    app.notices.fail(toProblem(error))
  }
  return app
}
