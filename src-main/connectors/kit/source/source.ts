import type { ImportRemark } from '#shared/model/index.ts'

/** A file of an export. */
export interface SourceEntry {
  /** With `/` between folders, never leading out of the export. */
  path: string
  /** Bytes when unpacked, as the archive says. */
  size: number
  /** ISO 8601 UTC with ms; null where it is not known. The time zone of old zips is a guess. */
  modified: string | null
}

/**
 * An export as a set of files, whatever holds it: a zip, several, a tar, or a folder. Files are read in any order, as streams.
 * Nothing is unpacked onto the disk in the clear.
 */
export interface Source {
  /** In a fixed order. */
  entries(): AsyncIterable<SourceEntry>
  /** @returns null when there is no file by that path. */
  find(path: string): SourceEntry | null
  /**
   * The bytes of a file.
   * @throws UnreadableFile in the middle when it is damaged, or is not what the archive says of it.
   */
  open(path: string): AsyncIterable<Uint8Array>
  /** The same for the same files: so that a mark is not used on another export of the same name. */
  readonly fingerprint: string
  /** What was met while the archive was opened. */
  readonly remarks: readonly Pick<ImportRemark, 'kind' | 'path' | 'name'>[]
  close(): Promise<void>
}

/** One file of an export cannot be read to its end. The others can. */
export class UnreadableFile extends Error {
  readonly path: string
  /** In a word: `checksum`, `size`, `method`, `cut`. */
  readonly detail: string
  constructor(path: string, detail: string, options?: ErrorOptions) {
    super(`${path}: ${detail}`, options)
    this.name = 'UnreadableFile'
    this.path = path
    this.detail = detail
  }
}
