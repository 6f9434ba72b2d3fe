import type { Ed25519 } from '../note.ts'
import type { Sha256 } from '../sha256.ts'
import type { Subtle } from '../timestamp/signature.ts'

/** How a verifier reaches a bag: a folder on a disk, or files that were dropped on a page. */
export interface BagIo {
  /** Everything below the bag, some at a time. */
  list(): AsyncIterable<BagItem[]>
  /** Answers at once where it can. Null when it cannot be read. */
  hash(path: string): FileHash | null | Promise<FileHash | null>
  /** All of a small file; null when it cannot be read or is larger than `limit` bytes. */
  read(path: string, limit: number): Promise<Uint8Array | null>
  /**
   * The lines of a UTF-8 file, many at a time, without their line feeds. A last line without one is given too.
   * @throws Error when it cannot be read.
   */
  lines(path: string): AsyncIterable<string[]>
}

export interface BagItem {
  /** With slashes. */
  path: string
  /** False for links, devices and the like. */
  file: boolean
}

export interface FileHash {
  hex: string
  bytes: number
}

/** The cryptography that a verifier stands on. */
export interface Primitives {
  sha: Sha256
  ed25519: Ed25519
  subtle: Subtle
}

/** Longer lines than any that a pack has: an export with thousands of pictures on one record stays below. */
const longestLine = 1 << 24

/** Cuts text that comes in pieces into lines. A line that is too long to be one becomes an empty one. */
export class LineCutter {
  private readonly decoder = new TextDecoder()
  private readonly longest: number
  private rest = ''
  private skips = false

  constructor(longest = longestLine) {
    this.longest = longest
  }

  /** @returns the lines that are whole now. */
  cut(piece: Uint8Array): string[] {
    const lines = (this.rest + this.decoder.decode(piece, { stream: true })).split('\n')
    this.rest = lines.pop() ?? ''
    if (this.skips && lines.length > 0) {
      lines[0] = ''
      this.skips = false
    }
    if (this.rest.length > this.longest) this.skips = true
    if (this.skips) this.rest = ''
    return lines
  }

  /** What came after the last line feed. */
  end(): string[] {
    const last = this.rest + this.decoder.decode()
    return last === '' && !this.skips ? [] : [this.skips ? '' : last]
  }
}
