import type { Problem } from '#shared/model/index.ts'
import type { StoreBatch } from './store.ts'

/** What a database thread is started with. `key` is the office's raw key; it stays in memory. */
export interface ThreadData {
  /** `writer` holds the only write connection; `side` does one long thing (backup, doctor) and ends. */
  role: 'writer' | 'reader' | 'side'
  dir: string
  key: Uint8Array
  nativeBinding: string | undefined
  /** Milliseconds to wait for a lock that another program holds. */
  busyMs: number
  /** The writer may make the database. */
  create: boolean
  /** Damage was met before: the writer looks at every page before it trusts the database again. */
  suspect: boolean
  /** Whoever wrote before was stopped in the middle: the writer removes the files that it left behind. */
  tidy: boolean
  /** One whole number: the call that whoever asked gave up. */
  stop: SharedArrayBuffer
}

/** The first message to a thread: now it may open the database. */
export type Go = 'open'

export interface Call {
  id: number
  method: string
  args: unknown[]
}

export type Answer =
  | { kind: 'ready'; readOnly: boolean }
  | { kind: 'failed'; problem: Problem }
  | { kind: 'done'; id: number; value: unknown }
  | { kind: 'fault'; id: number; problem: Problem }

type PackedBatch = Omit<StoreBatch, 'messages'> & {
  messages: (Omit<StoreBatch['messages'][number], 'raw'> & { size: number })[]
  bytes: Uint8Array<ArrayBuffer>
}

/**
 * Puts the raw bytes of a batch into one buffer that is handed over, not copied, to the writer thread. (The messages' own
 * buffers stay with the caller, who may send them again.)
 */
export function packBatch(batch: StoreBatch): { packed: PackedBatch; transfer: ArrayBuffer[] } {
  const bytes = new Uint8Array(batch.messages.reduce((sum, message) => sum + message.raw.byteLength, 0))
  let at = 0
  const messages = batch.messages.map(({ raw, ...rest }) => {
    bytes.set(raw, at)
    at += raw.byteLength
    return { ...rest, size: raw.byteLength }
  })
  return { packed: { ...batch, messages, bytes }, transfer: [bytes.buffer] }
}

/** The other end of `packBatch`. */
export function unpackBatch({ bytes, ...batch }: PackedBatch): StoreBatch {
  let at = 0
  const messages = batch.messages.map(({ size, ...rest }) => {
    const raw = bytes.subarray(at, at + size)
    at += size
    return { ...rest, raw }
  })
  return { ...batch, messages }
}
