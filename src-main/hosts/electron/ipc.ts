import { type BrowserWindow, ipcMain } from 'electron'
import type { z } from 'zod'
import type { Log } from '#ports/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import { ORIGIN } from './pages.ts'

/** Everything that a page may ask of the main process goes through here: the only use of `ipcMain`. */
export interface Ipc {
  /** A question with an answer. @param shape What the one argument must be. */
  answer<Shape extends z.ZodType>(channel: string, shape: Shape, act: (input: z.output<Shape>) => unknown): void
  /** A word without an answer. */
  hear(channel: string, act: () => void): void
}

/**
 * @param own The window whose main frame, showing this program's own page, is the only sender that is heard.
 */
export function openIpc(own: () => BrowserWindow | null, log: Log): Ipc {
  function check(channel: string, frame: Electron.WebFrameMain | null): void {
    const page = own()?.webContents.mainFrame
    // Frames are compared by their ids: each look-up may make another object for the same frame.
    const same = page && frame && frame.processId === page.processId && frame.routingId === page.routingId
    if (same && frame.parent === null && frame.origin === ORIGIN) return
    log.warn('sender_refused', { channel, origin: frame?.origin ?? '' })
    throw new ProblemError('forbidden_sender')
  }
  return {
    answer(channel, shape, act) {
      ipcMain.handle(channel, (event, input: unknown) => {
        check(channel, event.senderFrame)
        const parsed = shape.safeParse(input)
        if (!parsed.success) throw new ProblemError('bad_request', { detail: channel })
        return act(parsed.data)
      })
    },
    hear(channel, act) {
      ipcMain.on(channel, (event) => {
        try {
          check(channel, event.senderFrame)
        } catch (error) {
          if (error instanceof ProblemError) return
          throw error
        }
        act()
      })
    },
  }
}
