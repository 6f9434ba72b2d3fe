import { join } from 'node:path'
import { app, BrowserWindow, nativeTheme, screen } from 'electron'
import type { Log } from '#ports/index.ts'
import { guardDownloads, lockSession } from './lockdown.ts'
import { offerContextMenu } from './menu.ts'
import { ORIGIN } from './pages.ts'
import { fitPlace, readPlace, writePlace } from './place.ts'

/** The page's own background, so that a new window does not flash. */
const background = { light: '#ffffff', dark: '#16181d' }

/** Opens the window where it was last time. It shows at once; the page and the engine start beside each other. */
export function openWindow(options: { dir: string; log: Log }): BrowserWindow {
  const { dir, log } = options
  const kept = readPlace(dir)
  const screens = screen.getAllDisplays().map((display) => display.workArea)
  const window = new BrowserWindow({
    ...fitPlace(kept, screens),
    minWidth: 480,
    minHeight: 360,
    title: 'Dispatch Box',
    backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
    webPreferences: {
      preload: join(import.meta.dirname, '..', 'preload', 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      // Its dictionaries would be fetched from a company's server.
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  })
  if (kept?.maximized) window.maximize()
  lockSession(window.webContents.session, log)
  guardDownloads(window, log)
  offerContextMenu(window)
  window.on('close', () => {
    const place = { box: window.getNormalBounds(), maximized: window.isMaximized() }
    writePlace(dir, place).catch((error: unknown) => {
      log.warn('place_not_kept', { name: error instanceof Error ? error.message : 'unknown' })
    })
  })
  window.loadURL(`${ORIGIN}/`).catch((error: unknown) => {
    log.error('page_failed', { name: error instanceof Error ? error.message : 'unknown' })
  })
  return window
}
