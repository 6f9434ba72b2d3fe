import { app, type BrowserWindow, dialog, nativeTheme } from 'electron'
import { z } from 'zod'
import type { Log } from '#ports/index.ts'
import { MAX_ANSWER_BYTES } from '#shared/contract/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import { OpenedFiles } from './attachments.ts'
import type { Ipc } from './ipc.ts'
import { type MenuLabels, menuLabels } from './menu.ts'
import { mayOpen } from './names.ts'
import { openOutside } from './outside.ts'

const Choice = z.object({ kind: z.enum(['file', 'folder', 'save']), name: z.string().max(255).optional() })

/** What became of a file that was to be opened: `kind` and `program` say what is missing, a harmless kind or a program for it. */
type Opened = 'opened' | 'kind' | 'program'

/** The few things that a page may ask of the desktop beyond the contract. @returns how to clean up. */
export function offerNative(options: { ipc: Ipc; window(): BrowserWindow | null; log: Log; relabel(labels: MenuLabels): void }): {
  close(): Promise<void>
} {
  const { ipc, log } = options
  const files = new OpenedFiles()

  ipc.answer('dispatch:open-external', z.string().max(4096), (url) => openOutside(url, log))
  ipc.answer(
    'dispatch:open-attachment',
    z.object({ name: z.string().min(1).max(1000), bytes: z.instanceof(Uint8Array) }),
    async ({ name, bytes }): Promise<Opened> => {
      if (bytes.byteLength > MAX_ANSWER_BYTES) {
        throw new ProblemError('too_large', { size: bytes.byteLength, limit: MAX_ANSWER_BYTES })
      }
      // Said as an answer: of an error the page would get no more than its text, in English.
      if (!mayOpen(name)) return 'kind'
      try {
        await files.open(name, bytes)
        return 'opened'
      } catch (error) {
        if (error instanceof ProblemError && error.code === 'file_unreadable') return 'program'
        throw error
      }
    },
  )
  ipc.answer('dispatch:choose-file', Choice, async ({ kind, name }) => {
    const window = options.window()
    if (!window) return null
    if (kind === 'save') {
      const saved = await dialog.showSaveDialog(window, name === undefined ? {} : { defaultPath: name })
      return saved.canceled ? null : saved.filePath
    }
    const chosen = await dialog.showOpenDialog(window, { properties: [kind === 'file' ? 'openFile' : 'openDirectory'] })
    return chosen.canceled ? null : (chosen.filePaths[0] ?? null)
  })
  ipc.answer('dispatch:set-badge', z.number().int().min(0).max(1_000_000), (count) => {
    app.setBadgeCount(count)
  })
  ipc.answer('dispatch:set-theme', z.enum(['system', 'light', 'dark']), (theme) => {
    nativeTheme.themeSource = theme
  })
  ipc.answer('dispatch:set-labels', menuLabels, options.relabel)
  return { close: () => files.clear() }
}
