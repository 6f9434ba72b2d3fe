import { type Client, type Connection, connect } from '#shared/contract/client.ts'
import { portWire, socketWire, type Wire } from '#shared/contract/wire.ts'
import { createStore, type Store } from '../ui/store.ts'
import { native } from './native.ts'

/** `lost` means that it was open before and is being tried again. */
export type LinkState = 'connecting' | 'open' | 'lost'

/** The engine as the screen sees it, whichever transport leads there. */
export interface Engine {
  /** The client of the newest connection. Calls reject with `disconnected` while there is none. */
  readonly client: Client
  readonly link: Store<LinkState>
  /** Tries again at once instead of at the next planned time. */
  retry(): void
}

const DELAYS_MS = [200, 500, 1000, 2000, 5000]
/** The window of the program answers at once; past this it is not there. */
const PORT_WAIT_MS = 10_000

/** Connects, and keeps connecting. Resolves with the first connection. */
export async function openEngine(): Promise<Engine> {
  const link = createStore<LinkState>('connecting')
  let wake: () => void = () => undefined
  let connection: Connection = await attempt()
  link.set('open')
  void keep()
  return {
    get client() {
      return connection.client
    },
    link,
    retry: () => wake(),
  }

  async function attempt(): Promise<Connection> {
    for (let tries = 0; ; tries++) {
      const wire = await openWire()
      if (wire) return connect(wire)
      await pause(DELAYS_MS[Math.min(tries, DELAYS_MS.length - 1)] ?? 5000)
    }
  }

  async function keep(): Promise<never> {
    for (;;) {
      await connection.closed
      link.set('lost')
      connection = await attempt()
      link.set('open')
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

/** @returns null when nobody answered. */
function openWire(): Promise<Wire | null> {
  return native ? askForPort() : openSocket()
}

function askForPort(): Promise<Wire | null> {
  return new Promise((resolve) => {
    const done = (wire: Wire | null) => {
      window.removeEventListener('message', onMessage)
      clearTimeout(timer)
      resolve(wire)
    }
    const onMessage = (event: MessageEvent<unknown>) => {
      if (event.source !== window || typeof event.data !== 'object' || event.data === null) return
      const [port] = event.ports
      if ('type' in event.data && event.data.type === 'dispatch-port' && port) done(portWire(port))
    }
    const timer = setTimeout(() => done(null), PORT_WAIT_MS)
    window.addEventListener('message', onMessage)
    window.postMessage({ type: 'dispatch-ready' }, window.origin === 'null' ? '*' : window.origin)
  })
}

function openSocket(): Promise<Wire | null> {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
  const socket = new WebSocket(`${scheme}://${location.host}/rpc`)
  return new Promise((resolve) => {
    socket.addEventListener('open', () => resolve(socketWire(socket)), { once: true })
    socket.addEventListener('close', () => resolve(null), { once: true })
  })
}
