/** One mail found on disk. */
export interface FileEntry {
  /** The mail as a mail server would give it; null when there is none that can be read (counted as failed). */
  raw: Uint8Array | null
  read: boolean
  answered: boolean
  /** It lay in a folder of sent mail. */
  sent: boolean
  /** It was never sent, and nobody received it: left where it is. */
  draft: boolean
  /** The mail server's own id of the message and of its thread, where the file tells. */
  serverId: string | null
  threadId: string | null
  /** When it was put there, for a mail without a date of its own. */
  storedAt: Date | null
  /** Opaque: everything up to and with this entry has been read. */
  mark: string
  /** How far the reading got, in the unit of `FileSource.total`. */
  done: number
}

/** Mails on disk, in a fixed order. */
export interface FileSource {
  /** Bytes (mbox) or files. */
  total: number
  /** What the source looked like, so that a mark is not used on another file of the same name. */
  fingerprint: string
  /** Reads on after a mark. */
  entries(after: string | null, signal: AbortSignal): AsyncGenerator<FileEntry>
  close(): Promise<void>
}

/** A mail of which nothing more is known than its bytes: read, since nobody waits for an answer to a file. */
export const plainEntry = {
  read: true,
  answered: false,
  sent: false,
  draft: false,
  serverId: null,
  threadId: null,
  storedAt: null,
}
