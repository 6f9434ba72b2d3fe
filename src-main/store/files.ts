import type { IdentityId, MessageId } from '#shared/model/index.ts'

/** A file of the office, encrypted, beside the database. */
export interface StoredFile {
  file: string
  key: Uint8Array
  size: number
}

/** A file that was put into the office. `file` and `key` are null where the identity had the same content before. */
export interface NewFile {
  /** Of its content, in hex. */
  sha256: string
  size: number
  file: string | null
  key: Uint8Array | null
}

/** Files that came apart from the bytes of messages, on the thread that asks: they may be larger than memory. */
export interface FileStore {
  /**
   * Puts a file of any size into the office as it is read. It belongs to nothing until a batch names it.
   * @throws `read_only`, `disk_full`; what `bytes` throws.
   */
  keep(identityId: IdentityId, bytes: AsyncIterable<Uint8Array>): Promise<NewFile>
  /** Removes a file that no batch named. */
  drop(file: string): void
  /** The content of a file, piece by piece. @throws `office_corrupt` when it is missing or changed. */
  open(file: StoredFile): AsyncIterable<Uint8Array>
}

/** Where such files lie. */
export interface MediaReads {
  /** The file of an attachment that came apart from its message; null where there is none. */
  attachmentFile(id: MessageId, index: number): StoredFile | null
  /** A file by the hash of its content, in hex. */
  mediaFile(sha256: string): StoredFile | null
  hasMedia(identityId: IdentityId, sha256: string): boolean
}
