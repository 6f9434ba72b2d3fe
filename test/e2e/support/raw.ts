import type { Page } from '@playwright/test'

/** What came back for one frame: an answer, or the end of the connection. */
export type RawAnswer = { answer: unknown } | { ended: true }

/**
 * Speaks frames to the engine on a connection of its own, one after the other, past the page's client: over the window's
 * MessagePort or the server host's WebSocket. `bytes` makes a well-formed call of exactly that size.
 */
export async function rawFrames(
  page: Page,
  frames: ({ text: string } | { call: string; bytes: number })[],
): Promise<RawAnswer[]> {
  // The window asks for its own connection first; until it has that, the next one given might be meant for it.
  await page.getByRole('textbox').first().waitFor()
  return await page.evaluate(async (asked) => {
    interface Line {
      send(frame: string): void
      onFrame(listener: (frame: string) => void): void
      onEnd(listener: () => void): void
    }
    async function open(): Promise<Line> {
      if ('dispatchNative' in window) {
        const port = await new Promise<MessagePort>((resolve, reject) => {
          window.addEventListener(
            'message',
            (event: MessageEvent<{ type?: string }>) => {
              const [given] = event.ports
              if (event.data.type === 'dispatch-port' && given) resolve(given)
              else if (event.data.type === 'dispatch-port') reject(new Error('no port'))
            },
            // The page's own words to the preload come by here too; only the answer carries a port.
          )
          window.postMessage({ type: 'dispatch-ready' }, location.origin)
        })
        port.start()
        return {
          send: (frame) => port.postMessage(frame),
          onFrame: (listener) => port.addEventListener('message', (event) => listener(String(event.data))),
          onEnd: (listener) => port.addEventListener('close', listener),
        }
      }
      const socket = new WebSocket(`ws://${location.host}/rpc`)
      await new Promise((resolve, reject) => {
        socket.addEventListener('open', resolve)
        socket.addEventListener('error', reject)
      })
      return {
        send: (frame) => socket.send(frame),
        onFrame: (listener) => socket.addEventListener('message', (event) => listener(String(event.data))),
        onEnd: (listener) => socket.addEventListener('close', listener),
      }
    }
    const line = await open()
    let heard: (answer: { answer: unknown } | { ended: true }) => void = () => undefined
    line.onFrame((frame) => heard({ answer: (JSON.parse(frame) as { p: unknown }).p }))
    line.onEnd(() => heard({ ended: true }))
    const answers: ({ answer: unknown } | { ended: true })[] = []
    for (const [index, frame] of asked.entries()) {
      const head = 'text' in frame ? '' : `{"i":"r${index}","p":{"u":"${frame.call}","b":{},"h":{"fill":"`
      const text = 'text' in frame ? frame.text : `${head}${'x'.repeat(frame.bytes - head.length - 4)}"}}}`
      const answer = new Promise<{ answer: unknown } | { ended: true }>((resolve) => {
        heard = resolve
      })
      line.send(text)
      answers.push(await answer)
    }
    return answers
  }, frames)
}
