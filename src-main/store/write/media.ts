import type { MediaManifest } from '#archive/commitment.ts'
import type { IdentityId, Instant } from '#shared/model/index.ts'
import { dropBlob } from '../blobs.ts'
import type { NewFile } from '../files.ts'
import type { WriteDb } from '../handle.ts'
import type { StoreMessage } from '../store.ts'
import { identityOf } from './policy.ts'

/** Keeps the files that came apart from the bytes of messages: each content once for an identity. */
export class Media {
  readonly #db: WriteDb
  readonly #identityId: number

  constructor(db: WriteDb, identityId: number) {
    this.#db = db
    this.#identityId = identityId
  }

  /** Names a record's files: its row must be there. */
  write(recordId: number, message: StoreMessage): void {
    for (const { index, sha256, size, file, key } of message.media ?? []) {
      const media = this.take({ sha256, size, file, key })
      const { name, mediaType } = manifestOfMedia(message, index, sha256, size)
      this.#db.run(
        'INSERT INTO record_media (record_id, idx, media_id, name, media_type) VALUES (?, ?, ?, ?, ?)',
        recordId,
        index,
        media,
        name,
        mediaType,
      )
    }
  }

  /** The row of a file that was put into the office. @returns its number. */
  take({ sha256, size, file, key }: NewFile): number {
    const known = this.#find(sha256)
    // Two imports at once may have brought the same content.
    if (known && file !== null && known.file !== file) this.#db.afterCommit.push(() => dropBlob(this.#db.dir, file))
    return known?.id ?? this.#insert(sha256, size, file, key)
  }

  #find(sha256: string): { id: number; file: string } | undefined {
    return this.#db.get<{ id: number; file: string }>(
      'SELECT id, file FROM media WHERE identity_id = ? AND sha256 = ?',
      this.#identityId,
      Buffer.from(sha256, 'hex'),
    )
  }

  #insert(sha256: string, size: number, file: string | null, key: Uint8Array | null): number {
    if (file === null || key === null) throw new Error('a message names a file that was not put into the office')
    return this.#db.value<number>(
      'INSERT INTO media (identity_id, sha256, size, file, file_key) VALUES (?, ?, ?, ?, ?) RETURNING id',
      this.#identityId,
      Buffer.from(sha256, 'hex'),
      size,
      file,
      key,
    ) as number
  }
}

/** What the ledger says of a message's files, in the order of their places. */
export function mediaOf(message: StoreMessage): MediaManifest[] {
  return (message.media ?? []).map(({ index, sha256, size }) => manifestOfMedia(message, index, sha256, size))
}

function manifestOfMedia(message: StoreMessage, index: number, sha256: string, size: number): MediaManifest {
  const attachment = message.attachments[index]
  if (!attachment) throw new Error(`the file of attachment ${index} belongs to none`)
  return { mediaType: attachment.mediaType, name: attachment.name, sha256, size }
}

/** Whether a version that is there has all the files that the message brings. */
export function hasMedia(db: WriteDb, messageId: number, version: number, message: StoreMessage): boolean {
  return (message.media ?? []).every(
    ({ index, sha256 }) =>
      db.value(
        `SELECT 1 FROM record r JOIN record_media x ON x.record_id = r.id JOIN media f ON f.id = x.media_id
         WHERE r.message_id = ? AND r.version = ? AND x.idx = ? AND f.sha256 = ?`,
        messageId,
        version,
        index,
        Buffer.from(sha256, 'hex'),
      ) === 1,
  )
}

/** Removes what names the files of a message's records, and the files that nothing else names, with their keys. */
export function disposeMedia(db: WriteDb, messageId: number): void {
  const ids = db.column<number>(
    'DELETE FROM record_media WHERE record_id IN (SELECT id FROM record WHERE message_id = ?) RETURNING media_id',
    messageId,
  )
  dropUnused(db, ids)
}

/** Removes those of these files that nothing names any more. */
export function dropUnused(db: WriteDb, ids: Iterable<number>): void {
  for (const id of new Set(ids)) {
    const file = db.value<string>(
      `DELETE FROM media WHERE id = ? AND NOT EXISTS (SELECT 1 FROM record_media x WHERE x.media_id = media.id)
         AND NOT EXISTS (SELECT 1 FROM outbox_media o WHERE o.media_id = media.id)
         AND NOT EXISTS (SELECT 1 FROM attached t WHERE t.media_id = media.id) RETURNING file`,
      id,
    )
    // The key goes with the row. A file that a kill leaves behind is noise, and removed at the next start.
    if (file !== undefined) db.afterCommit.push(() => dropBlob(db.dir, file))
  }
}

export function attachFile(db: WriteDb, identityId: IdentityId, file: NewFile, at: Instant): void {
  const media = new Media(db, identityOf(db, identityId)).take(file)
  db.run('INSERT INTO attached (media_id, at) VALUES (?, ?) ON CONFLICT DO UPDATE SET at = excluded.at', media, at)
}

export function dropAttached(db: WriteDb, before: Instant): void {
  dropUnused(
    db,
    db.column<number>(
      `DELETE FROM attached WHERE at < ? AND NOT EXISTS (
         SELECT 1 FROM media m JOIN draft d ON d.identity_id = m.identity_id, json_each(d.words, '$.media') f
         WHERE m.id = attached.media_id AND json_extract(f.value, '$.sha256') = lower(hex(m.sha256)))
       RETURNING media_id`,
      before,
    ),
  )
}
