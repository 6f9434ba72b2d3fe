import { randomBytes } from 'node:crypto'
import type { Clock } from '#ports/index.ts'
import { type IdentityId, type OutgoingMedia, ProblemError } from '#shared/model/index.ts'

/** An upload that nobody goes on with is given up after this. */
const GIVE_UP_MS = 10 * 60_000
/** Uploads at one time. */
const MOST = 20

export interface Piece {
  identityId: IdentityId
  name: string
  mediaType: string
  /** Null: the first piece of a file. */
  upload: string | null
  bytes: Uint8Array
  last: boolean
}

type Attach = (
  identityId: IdentityId,
  file: { name: string; mediaType: string; bytes: AsyncIterable<Uint8Array> },
) => Promise<OutgoingMedia>

/** Files that windows hand over piece by piece: a call carries less than a picture may have. */
export class Uploads {
  private readonly clock: Clock
  private readonly attach: Attach
  private readonly open = new Map<string, Upload>()

  constructor(clock: Clock, attach: Attach) {
    this.clock = clock
    this.attach = attach
  }

  /**
   * Takes the next piece of a file; resolves when it is encrypted on the disk, so that whoever sends waits for that.
   * @returns the file with the last piece. @throws `not_found` for an upload that was given up, `voice_mismatch`; what attaching throws.
   */
  async take(piece: Piece): Promise<{ upload: string; media: OutgoingMedia | null }> {
    this.giveUp()
    const upload = piece.upload ?? this.begin(piece)
    const found = this.open.get(upload)
    if (!found) throw new ProblemError('not_found', { what: 'upload', id: upload })
    if (found.identityId !== piece.identityId) throw new ProblemError('voice_mismatch', { what: 'upload' })
    found.at = this.clock.monotonic()
    try {
      await found.add(piece.bytes)
      if (!piece.last) return { upload, media: null }
      const media = await found.end()
      this.open.delete(upload)
      return { upload, media }
    } catch (error) {
      this.open.delete(upload)
      throw error
    }
  }

  /** Gives up what is under way. */
  close(): void {
    for (const upload of this.open.values()) upload.stop(new ProblemError('cancelled'))
    this.open.clear()
  }

  private begin({ identityId, name, mediaType }: Piece): string {
    if (this.open.size >= MOST) throw new ProblemError('too_large', { size: this.open.size + 1, limit: MOST })
    const upload = randomBytes(16).toString('hex')
    this.open.set(
      upload,
      new Upload(identityId, this.clock.monotonic(), (bytes) => this.attach(identityId, { name, mediaType, bytes })),
    )
    return upload
  }

  private giveUp(): void {
    const before = this.clock.monotonic() - GIVE_UP_MS
    for (const [name, upload] of this.open) {
      if (upload.at > before) continue
      upload.stop(new ProblemError('cancelled'))
      this.open.delete(name)
    }
  }
}

/** One file on its way: pieces go in at one end and are read, one at a time, at the other. */
class Upload {
  readonly identityId: IdentityId
  at: number
  private readonly result: Promise<OutgoingMedia>
  private waiting: { bytes: Uint8Array | null; taken: () => void } | null = null
  private arrived: (() => void) | null = null
  private fault: Error | null = null
  private readonly failed: Promise<never>

  constructor(identityId: IdentityId, at: number, attach: (bytes: AsyncIterable<Uint8Array>) => Promise<OutgoingMedia>) {
    this.identityId = identityId
    this.at = at
    this.result = attach(this.pieces())
    this.failed = this.result.then(
      () => new Promise<never>(() => undefined),
      (error: unknown) => Promise.reject(error),
    )
    // Told to whoever sends the next piece.
    this.failed.catch(() => undefined)
  }

  /** Resolves when the piece was read. @throws why the file cannot be kept. */
  async add(bytes: Uint8Array | null): Promise<void> {
    await Promise.race([
      this.failed,
      new Promise<void>((taken) => {
        this.waiting = { bytes, taken }
        this.arrived?.()
      }),
    ])
  }

  async end(): Promise<OutgoingMedia> {
    await this.add(null)
    return this.result
  }

  stop(fault: Error): void {
    this.fault = fault
    this.arrived?.()
  }

  private async *pieces(): AsyncGenerator<Uint8Array> {
    for (;;) {
      if (this.fault) throw this.fault
      if (this.waiting === null) {
        await new Promise<void>((resolve) => {
          this.arrived = resolve
        })
        this.arrived = null
        continue
      }
      const { bytes, taken } = this.waiting
      this.waiting = null
      if (bytes !== null) yield bytes
      // Asked for more, so this one is written.
      taken()
      if (bytes === null) return
    }
  }
}
