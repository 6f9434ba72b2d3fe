import { ProblemError } from '../model/index.ts'

/** What travels: JSON text, or JSON followed by bytes. Both transports carry either. */
export type Frame = string | Uint8Array<ArrayBuffer>

/** A two-way, ordered connection for frames: a MessagePort, a WebSocket, or a pair in memory. */
export interface Wire {
  /** @throws when the connection is already known to be closed. */
  send(frame: Frame): void
  onFrame(listener: (frame: unknown) => void): void
  /** Called once, whichever side ended it. */
  onClose(listener: () => void): void
  close(): void
}

/** The part of a MessagePort (DOM, Node) that a wire needs. */
export interface PortLike {
  postMessage(value: unknown): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  addEventListener(type: 'close', listener: () => void): void
  start(): void
  close(): void
}

/** The part of a WebSocket (browser, `ws`) that a wire needs. */
export interface SocketLike {
  binaryType: string
  readonly readyState: number
  send(frame: Frame): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  addEventListener(type: 'close', listener: () => void): void
  close(code?: number, reason?: string): void
}

const OPEN = 1

/** Calls what was given at most once. */
function once(action: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    action()
  }
}

/**
 * A wire over a MessagePort. Frames that came before `onFrame` are kept by the port until then.
 * The other side's end is noticed where the platform tells of it (Node, Electron, Chromium 122 and later).
 */
export function portWire(port: PortLike): Wire {
  let open = true
  return {
    send(frame) {
      if (!open) throw new Error('The port is closed.')
      port.postMessage(frame)
    },
    onFrame(listener) {
      port.addEventListener('message', (event) => listener(event.data))
      port.start()
    },
    onClose(listener) {
      const ended = once(() => {
        open = false
        listener()
      })
      port.addEventListener('close', ended)
    },
    close() {
      open = false
      port.close()
    },
  }
}

/** A wire over an open WebSocket. */
export function socketWire(socket: SocketLike): Wire {
  socket.binaryType = 'arraybuffer'
  return {
    send(frame) {
      if (socket.readyState !== OPEN) throw new ProblemError('disconnected')
      socket.send(frame)
    },
    onFrame(listener) {
      socket.addEventListener('message', ({ data }) => listener(data instanceof ArrayBuffer ? new Uint8Array(data) : data))
    },
    onClose(listener) {
      const ended = once(listener)
      socket.addEventListener('close', ended)
    },
    close() {
      socket.close(1000)
    },
  }
}
