import { hash } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { dropBlob, largestInline, writeBlob } from '../blobs.ts'
import type { WriteDb } from '../handle.ts'
import type { StoreMessage } from '../store.ts'

/** Below this, compressing costs more time than the space is worth. */
const smallestWorth = 4096

/** SHA-256 of a record's bytes. */
export function digest(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer')
}

/** Keeps one captured version: the network's own bytes, in the row or as a file of their own. */
export function addRecord(
  db: WriteDb,
  messageId: number,
  version: number,
  message: StoreMessage,
  sha256: Uint8Array,
  capturedAt: string,
): void {
  const size = message.raw.byteLength
  let codec = 0
  let content: Uint8Array | null = message.raw
  let file: string | null = null
  let key: Uint8Array | null = null
  if (size > largestInline) {
    const blob = writeBlob(db.dir, message.raw)
    db.undo.push(() => dropBlob(db.dir, blob.name))
    content = null
    file = blob.name
    key = blob.key
  } else if (size >= smallestWorth) {
    const packed = deflateRawSync(message.raw, { level: 1 })
    if (packed.byteLength < size * 0.8) {
      content = packed
      codec = 1
    }
  }
  db.run(
    `INSERT INTO record (message_id, version, media_type, endpoint, captured_at, sha256, size, codec, file, file_key, content)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    messageId,
    version,
    message.mediaType,
    message.endpoint,
    capturedAt,
    sha256,
    size,
    codec,
    file,
    key,
    content,
  )
}
