import { join } from 'node:path'
import { MessageChannelMain, type UtilityProcess, utilityProcess, type WebContents } from 'electron'
import type { Log } from '#ports/index.ts'
import { Breaker } from './breaker.ts'
import { FromEngine, type ToEngine } from './messages.ts'

/** A closing engine has this long to finish what it is writing; a kill loses nothing that was committed. */
const CLOSE_MS = 10_000

export interface EngineProcess {
  /** Gives a window a fresh channel to the engine: main brokers it and relays nothing. Tells it at once when there is no engine. */
  broker(contents: WebContents): void
  /** Starts again after the breaker stopped it. */
  restart(): void
  close(): Promise<void>
}

/**
 * Keeps the engine running: a crash starts it again at once, until the breaker says that it happens too often.
 * @param stopped Called when it is not started again.
 */
export function startEngine(options: {
  args: string[]
  log: Log
  heard(message: FromEngine): void
  stopped(): void
}): EngineProcess {
  const breaker = new Breaker(() => performance.now())
  let child: UtilityProcess | null = null
  let closing = false

  function spawn(): void {
    const started = utilityProcess.fork(join(import.meta.dirname, 'engine.js'), options.args, {
      serviceName: 'dispatch-engine',
      stdio: 'inherit',
    })
    child = started
    started.on('message', (data: unknown) => {
      const message = FromEngine.safeParse(data)
      if (message.success) options.heard(message.data)
    })
    started.once('exit', (code) => {
      if (child !== started) return
      child = null
      if (closing) return
      options.log.error('engine_exit', { code })
      if (breaker.crashed()) spawn()
      else options.stopped()
    })
  }

  function send(message: ToEngine, ports: Electron.MessagePortMain[] = []): void {
    child?.postMessage(message, ports)
  }

  spawn()
  return {
    broker(contents) {
      if (!child) {
        contents.postMessage('dispatch:port', null, [])
        return
      }
      const { port1, port2 } = new MessageChannelMain()
      send({ type: 'port' }, [port1])
      contents.postMessage('dispatch:port', null, [port2])
    },
    restart() {
      breaker.reset()
      if (!child) spawn()
    },
    async close() {
      closing = true
      const running = child
      if (!running) return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => running.kill(), CLOSE_MS)
        running.once('exit', () => {
          clearTimeout(timer)
          resolve()
        })
        send({ type: 'close' })
      })
    },
  }
}
