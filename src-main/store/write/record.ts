import { hash } from 'node:crypto'
import type { Manifest } from '#archive/commitment.ts'
import type { MessageId } from '#shared/model/index.ts'
import { dropBlob, largestInline, writeBlob } from '../blobs.ts'
import type { WriteDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import { pack, packBytes } from '../packs.ts'
import type { StoreBatch, StoreMessage } from '../store.ts'
import { enterCapture } from './capture.ts'
import { Media, mediaOf } from './media.ts'

/** SHA-256 of a record's bytes. */
export function digest(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer')
}

/** Where and when a batch's records were captured, and for whom. */
export type Capture = Pick<StoreBatch, 'accountId' | 'identityId' | 'network' | 'capturedAt' | 'origin' | 'answer'>

interface Place {
  packId: number | null
  packAt: number | null
  file: string | null
  key: Uint8Array | null
}

interface Waiting {
  messageId: number
  version: number
  message: StoreMessage
  sha256: Uint8Array
}

/** Keeps captured versions: small ones together in packs, large ones as files of their own. One for each batch. */
export class Records {
  readonly #db: WriteDb
  readonly #capture: Capture
  readonly #requests = new Map<string, number>()
  readonly #media: Media
  #packId: number
  #recordId: number
  #waiting: Waiting[] = []
  #size = 0

  constructor(db: WriteDb, capture: Capture) {
    this.#db = db
    this.#capture = capture
    this.#media = new Media(db, toNumber(capture.identityId))
    this.#packId = (db.value<number>('SELECT max(id) FROM pack') ?? 0) + 1
    // Numbers of records that were disposed of stay taken: the ledger names them.
    const gone = Number(db.value<string>("SELECT value FROM meta WHERE name = 'last-record'") ?? 0)
    this.#recordId = Math.max(gone, db.value<number>('SELECT max(id) FROM record') ?? 0) + 1
  }

  /** Takes one version; it is written with its pack, by `flush` at the latest. */
  add(messageId: number, version: number, message: StoreMessage, sha256: Uint8Array): void {
    const one: Waiting = { messageId, version, message, sha256 }
    const size = message.raw.byteLength
    if (size > largestInline) {
      const { name, key } = writeBlob(this.#db.dir, message.raw)
      this.#db.undo.push(() => dropBlob(this.#db.dir, name))
      this.#insert(one, { packId: null, packAt: null, file: name, key })
      return
    }
    if (this.#size + size > packBytes) this.flush()
    this.#waiting.push(one)
    this.#size += size
  }

  /** Writes what waits: the pack first, which its records name. */
  flush(): void {
    if (this.#waiting.length === 0) return
    const { codec, size, content } = pack(Buffer.concat(this.#waiting.map(({ message }) => message.raw)))
    const packId = this.#packId++
    this.#db.run('INSERT INTO pack (id, codec, size, content) VALUES (?, ?, ?, ?)', packId, codec, size, content)
    let packAt = 0
    for (const one of this.#waiting) {
      this.#insert(one, { packId, packAt, file: null, key: null })
      packAt += one.message.raw.byteLength
    }
    this.#waiting = []
    this.#size = 0
  }

  #insert({ messageId, version, message, sha256 }: Waiting, place: Place): void {
    const { accountId, identityId, network, capturedAt, origin, answer } = this.#capture
    const id = this.#recordId++
    const manifest: Manifest = {
      account: accountId,
      capturedAt,
      clockOffsetMs: answer?.clockOffsetMs ?? null,
      endpoint: message.endpoint,
      headers: answer?.headers ?? [],
      identity: identityId,
      media: mediaOf(message),
      mediaType: message.mediaType,
      message: String(messageId) as MessageId,
      network,
      origin,
      record: String(id),
      remoteId: message.remoteId,
      sha256: Buffer.from(sha256).toString('hex'),
      size: message.raw.byteLength,
      v: 1,
      version,
    }
    const { salt, seq } = enterCapture(this.#db, manifest, capturedAt)
    this.#db.run(
      `INSERT INTO record (id, message_id, version, request_id, media_type, sha256, size, pack_id, pack_at, file, file_key, salt, seq)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      id,
      messageId,
      version,
      this.#request(message.endpoint),
      message.mediaType,
      sha256,
      message.raw.byteLength,
      place.packId,
      place.packAt,
      place.file,
      place.key,
      salt,
      seq,
    )
    this.#media.write(id, message)
  }

  #request(endpoint: string): number {
    const known = this.#requests.get(endpoint)
    if (known !== undefined) return known
    const { accountId, capturedAt, origin, answer } = this.#capture
    this.#db.run(
      'INSERT INTO request (account_id, endpoint, captured_at, origin, clock_offset, headers) VALUES (?, ?, ?, ?, ?, ?)',
      toNumber(accountId),
      endpoint,
      capturedAt,
      origin,
      answer?.clockOffsetMs ?? null,
      JSON.stringify(answer?.headers ?? []),
    )
    const id = this.#db.value<number>('SELECT last_insert_rowid()') ?? 0
    this.#requests.set(endpoint, id)
    return id
  }
}
