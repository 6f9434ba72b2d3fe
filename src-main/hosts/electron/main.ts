import './early.ts'
import { createHash } from 'node:crypto'
import { join, resolve } from 'node:path'
import { app, type BrowserWindow, dialog, Notification } from 'electron'
import { ProblemError } from '#shared/model/index.ts'
import { STARTED } from '../launch/marker.ts'
import { readOptions } from '../launch/options.ts'
import { openLog } from '../ports/index.ts'
import { officePaths } from '../ports/paths.ts'
import { type EngineProcess, startEngine } from './engine-process.ts'
import { openIpc } from './ipc.ts'
import { lockDown } from './lockdown.ts'
import { setMenu } from './menu.ts'
import type { FromEngine } from './messages.ts'
import { offerNative } from './native.ts'
import { servePages } from './pages.ts'
import { openWindow } from './window.ts'

/** The program's own arguments: what follows the folder from a checkout, all of them in a packaged program. */
function ownArguments(): string[] {
  const all = process.argv.slice(1)
  const from = app.isPackaged ? 0 : all.findIndex((part) => resolve(part) === app.getAppPath()) + 1
  const own: string[] = []
  // Switches for Chromium itself may stand among them.
  for (const [index, part] of all.entries()) {
    if (index < from) continue
    if (part === '--sample' || part.startsWith('--office=')) own.push(part)
    else if (part === '--office') own.push(`--office=${all[index + 1] ?? ''}`)
  }
  return own
}

function main(): void {
  const args = ownArguments()
  const paths = officePaths(readOptions(args).office)
  // A profile for each office: one window per office, and nothing that a page keeps crosses over.
  const profile = join(paths.data, 'window', createHash('sha256').update(paths.office).digest('hex').slice(0, 16))
  app.setPath('userData', profile)
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  const log = openLog('window')
  let window: BrowserWindow | null = null
  const show = () => {
    if (!window) return
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  }
  app.on('second-instance', show)
  lockDown(log)

  // Before the first window exists: the engine takes longest, so it begins while Chromium gets ready.
  let engine: EngineProcess | null = null
  const heard = (message: FromEngine) => {
    if (message.type === 'badge') app.setBadgeCount(message.count)
    if (message.type === 'notify' && Notification.isSupported()) {
      const note = new Notification({ title: message.title, body: message.body })
      note.on('click', () => {
        show()
        window?.webContents.send('dispatch:open', message.conversationId)
      })
      note.show()
    }
  }
  const stopped = () => {
    const ask = {
      type: 'error' as const,
      message: 'The part of Dispatch Box that keeps the office stopped five times in five minutes.',
      detail: `What was saved is safe. The log is in ${join(paths.data, 'logs')}.`,
      buttons: ['Try again', 'Quit'],
      cancelId: 1,
    }
    dialog.showMessageBox(ask).then(
      ({ response }) => (response === 0 ? engine?.restart() : app.quit()),
      (error: unknown) => log.error('dialog_failed', { name: error instanceof Error ? error.message : 'unknown' }),
    )
  }
  const open = () => {
    window = openWindow({ dir: profile, log })
    window.on('closed', () => {
      window = null
    })
    window.webContents.once('did-finish-load', () => process.stdout.write(`${STARTED}\n`))
  }

  const ipc = openIpc(() => window, log)
  const native = offerNative({ ipc, window: () => window, log, relabel: setMenu })
  ipc.hear('dispatch:ready', () => {
    if (window) engine?.broker(window.webContents)
  })

  app.whenReady().then(
    () => {
      engine = startEngine({ args, log, heard, stopped })
      servePages()
      setMenu()
      open()
      app.on('activate', () => {
        if (!window) open()
      })
    },
    (error: unknown) => fail(error),
  )
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  let closed = false
  app.on('will-quit', (event) => {
    if (closed) return
    event.preventDefault()
    Promise.all([engine?.close(), native.close()])
      .catch((error: unknown) => log.error('close_failed', { name: error instanceof Error ? error.message : 'unknown' }))
      .finally(() => {
        closed = true
        // Not at once: while Electron still hears that this quit was put off, it takes no other.
        setImmediate(() => app.quit())
      })
  })
}

function fail(error: unknown): never {
  process.stderr.write(
    `${error instanceof ProblemError ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  )
  process.exit(1)
}

try {
  main()
} catch (error) {
  fail(error)
}
