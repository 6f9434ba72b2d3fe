import { type Connection, connect } from '#shared/contract/client.ts'
import { portWire, socketWire, type Wire } from '#shared/contract/wire.ts'
import { native } from './native.ts'

/** The window of the program answers at once; past this it is not there. */
const PORT_WAIT_MS = 10_000

/** Makes one connection to the engine, by a port in the desktop window and by a socket in a browser. @returns null when nobody took it. */
export async function openConnection(): Promise<Connection | null> {
  const wire = await (native ? askForPort() : openSocket())
  return wire && connect(wire)
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
      if (!('type' in event.data) || event.data.type !== 'dispatch-port') return
      // Without a port it means that there is no engine to lead to.
      const [port] = event.ports
      done(port ? portWire(port) : null)
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
