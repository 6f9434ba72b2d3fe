import type { Page, WebSocketRoute } from '@playwright/test'
import type { App } from './app.ts'

/** What is said while there is no connection, also behind a dialog. */
export const lost = (page: Page) =>
  page.getByRole('status', { includeHidden: true }).filter({ hasText: 'The connection to the office was lost' })

/** Begins to listen. @returns what waits until the window has said that the connection is lost, however short that was. */
async function hearLost(page: Page): Promise<() => Promise<void>> {
  const heard = await page.evaluateHandle(() => {
    const strips = document.querySelector('.strips')
    if (!strips) throw new Error('There is no place where it would be said.')
    const said = new Promise<void>((resolve) => {
      const observer = new MutationObserver(() => {
        if (!strips.textContent?.includes('The connection to the office was lost')) return
        observer.disconnect()
        resolve()
      })
      observer.observe(strips, { childList: true, subtree: true, characterData: true })
    })
    return { said }
  })
  return () => heard.evaluate(({ said }) => said)
}

export interface Cut {
  /** Ends the connection; resolves when the window has said so. */
  cut(): Promise<void>
  /** Lets the window connect again. */
  mend(): void
}

/** Makes the window's connection one that can be cut. In the desktop window that is the end of the engine's process. */
export async function cuttable(app: App, page: Page): Promise<Cut> {
  const { electron } = app
  if (electron) {
    return {
      async cut() {
        const metrics = await electron.evaluate(({ app: desktop }) => desktop.getAppMetrics())
        const pid = metrics.find((one) => one.name === 'dispatch-engine')?.pid
        if (pid === undefined) throw new Error('The engine is not among the processes.')
        const said = await hearLost(page)
        process.kill(pid, 'SIGKILL')
        await said()
      },
      // The program starts another one by itself.
      mend: () => undefined,
    }
  }
  const sockets: WebSocketRoute[] = []
  let open = true
  await page.routeWebSocket('**/rpc', (route) => {
    if (!open) {
      void route.close({ code: 1012 })
      return
    }
    route.connectToServer()
    sockets.push(route)
  })
  await page.reload()
  return {
    async cut() {
      const said = await hearLost(page)
      open = false
      for (const socket of sockets) await socket.close({ code: 1012 })
      await said()
    },
    mend() {
      open = true
    },
  }
}
