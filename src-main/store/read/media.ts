import type { IdentityId, MessageId } from '#shared/model/index.ts'
import type { StoredFile } from '../files.ts'
import type { ReadDb } from '../handle.ts'
import { toNumber } from '../ids.ts'

interface Row {
  file: string
  file_key: Uint8Array
  size: number
}

const stored = (row: (Row & object) | undefined): StoredFile | null =>
  row ? { file: row.file, key: row.file_key, size: row.size } : null

/** The file of one attachment, of the newest version that has it; null where the bytes of the message hold it, or nothing does. */
export function attachmentFile(db: ReadDb, id: MessageId, index: number): StoredFile | null {
  return stored(
    db.get<Row & object>(
      `SELECT f.file, f.file_key, f.size FROM record r JOIN record_media x ON x.record_id = r.id JOIN media f ON f.id = x.media_id
       WHERE r.message_id = ? AND x.idx = ? ORDER BY r.version DESC LIMIT 1`,
      toNumber(id),
      index,
    ),
  )
}

/** A file by the hash of its content (hex), whosever it is: the same content is the same. */
export function mediaFile(db: ReadDb, sha256: string): StoredFile | null {
  return stored(
    db.get<Row & object>('SELECT file, file_key, size FROM media WHERE sha256 = ? LIMIT 1', Buffer.from(sha256, 'hex')),
  )
}

export function hasMedia(db: ReadDb, identityId: IdentityId, sha256: string): boolean {
  return (
    db.value('SELECT 1 FROM media WHERE identity_id = ? AND sha256 = ?', toNumber(identityId), Buffer.from(sha256, 'hex')) === 1
  )
}
