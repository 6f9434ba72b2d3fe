import { existsSync } from 'node:fs'
import type { Log } from '#ports/index.ts'
import { type IdentityId, ProblemError } from '#shared/model/index.ts'
import { openBlob, sealFile } from './blob-stream.ts'
import { dropBlob } from './blobs.ts'
import type { NewFile, StoredFile } from './files.ts'
import { FirstReader } from './first-reader.ts'
import { type Lock, takeLock } from './lock.ts'
import { knownFormat } from './migrations/index.ts'
import { databaseIn, keyCheck, type Office, prepareOffice, writeOffice } from './office.ts'
import { Thread } from './pool.ts'
import { packBatch, type ThreadData } from './protocol.ts'
import { reads } from './read/index.ts'
import type { Reads, Store, StoreBatch, Writes } from './store.ts'
import { writes } from './write/index.ts'

export interface OpenOptions {
  /** The office: one directory. */
  dir: string
  /** 32 bytes. */
  key: Uint8Array
  /** Make an office where there is none. */
  create: boolean
  log: Log
  /** The file that database threads run: `thread.ts`, or what it was built into. */
  threadUrl: URL
  /** The SQLite addon, where it is not the one that the package brings. */
  nativeBinding?: string | undefined
  readers?: number
  /**
   * Whether reads are answered on the calling thread first, where the database allows it, and the threads start a little
   * later: for a window that is waiting.
   */
  readsFirst?: boolean
  /** How long to wait for a lock that another program holds on the database, in ms. */
  busyMs?: number
}

/** Upkeep starts after so long without a write, and pauses so long between its steps. */
const idleMs = 2000
const betweenStepsMs = 20
/** The first reader is there from the start; others follow when the window has what it shows first. */
const furtherMs = 2000
/** With `readsFirst`, the threads start after so long, or when something is to be written. */
const threadsMs = 1500

/**
 * Opens an office: takes its lock, checks the key, brings the database to the newest format and starts the threads.
 * A damaged database is opened for reading only.
 * @throws ProblemError `office_missing`, `office_locked`, `office_key`, `office_from_future`, `database_busy`, `disk_full`.
 */
export async function openStore(options: OpenOptions): Promise<Store> {
  const office = prepareOffice(options.dir, options.create)
  const lock = takeLock(options.dir)
  const store = new OpenStore(options, office, lock)
  try {
    await store.start()
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}

function checkOffice(office: Office, key: Uint8Array): void {
  if (office.format > knownFormat) throw new ProblemError('office_from_future', { found: office.format, known: knownFormat })
  if (office.keyCheck !== null && office.keyCheck !== keyCheck(key)) throw new ProblemError('office_key')
}

class OpenStore implements Store {
  readonly read: Reads
  readonly write: Writes
  readonly #options: OpenOptions
  readonly #lock: Lock
  #office: Office
  #readOnly = false
  #writer: Thread | null = null
  #readers: (Thread | FirstReader)[] = []
  /** With `readsFirst`: the threads that are still to come. */
  #toCome: { first: FirstReader; timer: NodeJS.Timeout; tried: boolean; work: Promise<void> | null } | null = null
  #closed: Promise<void> | null = null
  #idle: NodeJS.Timeout | null = null
  #further: NodeJS.Timeout | null = null
  /** A further reader that is being started. */
  #arriving: Promise<void> | null = null
  /** While the database is written anew: what writers, and for the moment of the exchange readers, wait for. */
  #noWrites: Promise<void> | null = null
  #noReads: Promise<void> | null = null
  #rewriting: Promise<void> | null = null
  /** Work on threads of its own that is under way. */
  readonly #beside = new Set<Promise<unknown>>()

  constructor(options: OpenOptions, office: Office, lock: Lock) {
    this.#options = options
    this.#office = office
    this.#lock = lock
    const read = (method: string) => [method, (...args: unknown[]) => this.#callRead(method, args)]
    const write = (method: string) => [method, (...args: unknown[]) => this.#callWrite(method, args)]
    this.read = Object.fromEntries(Object.keys(reads).map(read)) as Reads
    this.write = Object.fromEntries([...Object.keys(writes), 'backup'].map(write)) as Writes
  }

  get officeId(): string {
    return this.#office.id
  }

  get readOnly(): boolean {
    return this.#readOnly
  }

  async start(): Promise<void> {
    checkOffice(this.#office, this.#options.key)
    const { dir, create } = this.#options
    const isNew = !existsSync(databaseIn(dir))
    // A database that was there is never quietly replaced by an empty one.
    if (isNew && (!create || this.#office.keyCheck !== null)) throw new ProblemError('office_missing', { dir })
    const first = isNew ? null : this.#firstReader()
    if (first) {
      this.#readers = [first]
      // What they cannot start for is in the log; who needs them next tries again.
      const timer = setTimeout(() => void this.#threadsNow().catch(() => undefined), threadsMs)
      this.#toCome = { first, timer, tried: false, work: null }
      return
    }
    await this.#startThreads(isNew)
  }

  /** Reads at once, in an office that ended well and was not damaged when it was last open. */
  #firstReader(): FirstReader | null {
    const fit = this.#options.readsFirst && !this.#office.damaged && !this.#lock.takenOver && this.#office.keyCheck !== null
    if (!fit) return null
    const { dir, log } = this.#options
    return FirstReader.open(this.#threadData('reader'), databaseIn(dir), log, (problem) => this.#met(problem))
  }

  /** Starts the threads that are still to come. @throws ProblemError why they cannot; the next that needs them tries again. */
  async #threadsNow(): Promise<void> {
    const coming = this.#toCome
    if (!coming) return
    clearTimeout(coming.timer)
    coming.tried = true
    coming.work ??= this.#takeOver(coming.first).catch((error: unknown) => {
      coming.work = null
      this.#options.log.warn('store.threads', { error: error instanceof ProblemError ? error.code : 'internal' })
      throw error
    })
    await coming.work
  }

  /** The threads take over from the reader on this thread. */
  async #takeOver(first: FirstReader): Promise<void> {
    await this.#startThreads(false)
    this.#toCome = null
    await first.close()
  }

  async #startThreads(isNew: boolean): Promise<void> {
    const writing = this.#startWriter()
    const reading = this.#startReaders(writing)
    // A writer that fails is told below; the readers then fail with it.
    reading.catch(() => undefined)
    await writing
    if (this.#readOnly && this.#office.keyCheck === null && !isNew) throw new ProblemError('office_key')
    this.#keep({ format: knownFormat, keyCheck: keyCheck(this.#options.key), damaged: this.#readOnly })
    await reading
    // What an earlier run left to be done: an index that is being made anew.
    this.#tidyLater(idleMs)
  }

  async #startWriter(): Promise<void> {
    const writer = this.#thread('writer')
    this.#readOnly = (await writer.start()).readOnly
    this.#writer = this.#readOnly ? null : writer
  }

  /** @param turn They open the database after this, and load what they need meanwhile. */
  async #startReaders(turn: Promise<void> = Promise.resolve()): Promise<void> {
    const reader = this.#thread('reader')
    await reader.start(turn)
    this.#readers = [reader]
    this.#furtherLater()
  }

  #furtherLater(): void {
    if (this.#further) clearTimeout(this.#further)
    const missing = (this.#options.readers ?? 2) - this.#readers.length
    this.#further = missing > 0 && !this.#closed ? setTimeout(() => this.#startFurther(), furtherMs).unref() : null
  }

  /** One more reader. */
  #startFurther(): void {
    if (this.#closed || this.#noWrites) return
    const reader = this.#thread('reader')
    const work = reader.start().then(
      () => {
        this.#readers.push(reader)
        this.#furtherLater()
      },
      // The first one answers everything meanwhile.
      (error: unknown) =>
        this.#options.log.warn('store.reader', { error: error instanceof ProblemError ? error.code : 'internal' }),
    )
    this.#arriving = work
    this.#beside.add(work)
    void work.finally(() => this.#beside.delete(work))
  }

  #keep(changes: Partial<Office>): void {
    const next = { ...this.#office, ...changes }
    if (JSON.stringify(next) === JSON.stringify(this.#office)) return
    this.#office = next
    writeOffice(this.#options.dir, next)
  }

  #thread(role: ThreadData['role']): Thread {
    const { threadUrl, log } = this.#options
    return new Thread(threadUrl, this.#threadData(role), log, (problem) => this.#met(problem))
  }

  #threadData(role: ThreadData['role']): ThreadData {
    const { dir, key, nativeBinding, busyMs = 5000, create } = this.#options
    return {
      role,
      dir,
      key,
      nativeBinding,
      busyMs,
      create,
      suspect: this.#office.damaged,
      tidy: this.#lock.takenOver,
      stop: new SharedArrayBuffer(4),
    }
  }

  /** Damage met at work: from here on the office is only read. */
  #met(problem: ProblemError): void {
    if (problem.code !== 'office_corrupt' || this.#readOnly) return
    this.#readOnly = true
    this.#options.log.error('store.damaged')
    this.#keep({ damaged: true })
  }

  async #callRead(method: string, args: unknown[]): Promise<unknown> {
    if (method === 'doctor') return await this.#aside(method, args)
    while (this.#noReads) await this.#noReads
    const [first, ...others] = this.#readers
    if (!first || this.#closed) throw new ProblemError('cancelled')
    // The reader with the fewest calls before it.
    const reader = others.reduce((least, one) => (one.load < least.load ? one : least), first)
    const signal = args.at(-1)
    return signal instanceof AbortSignal
      ? await reader.call(method, args.slice(0, -1), [], signal)
      : await reader.call(method, args)
  }

  async #callWrite(method: string, args: unknown[]): Promise<unknown> {
    if (method === 'backup') return await this.#aside(method, args)
    if (this.#toCome) await this.#threadsNow()
    while (this.#noWrites) await this.#noWrites
    if (this.#readOnly) throw new ProblemError('read_only')
    if (!this.#writer || this.#closed) throw new ProblemError('cancelled')
    try {
      if (method !== 'applyBatch') return await this.#writer.call(method, args)
      const { packed, transfer } = packBatch(args[0] as StoreBatch)
      return await this.#writer.call(method, [packed], transfer)
    } finally {
      this.#tidyLater(idleMs)
    }
  }

  /** Small steps of upkeep, once no write has come for a while. */
  #tidyLater(ms: number): void {
    if (this.#idle) clearTimeout(this.#idle)
    this.#idle = this.#closed || this.#readOnly ? null : setTimeout(() => void this.#tidy(), ms).unref()
  }

  async #tidy(): Promise<void> {
    if (!this.#writer || this.#closed || this.#noWrites || this.#writer.load > 0) return
    try {
      if ((await this.#writer.call('maintain', [])) === true) this.#tidyLater(betweenStepsMs)
    } catch (error) {
      // It is tried again after the next write; nothing depends on it.
      this.#options.log.warn('store.upkeep', { error: error instanceof ProblemError ? error.code : 'internal' })
    }
  }

  /** Something long, on a thread of its own, so that nothing else waits for it. */
  async #aside(method: string, args: unknown[]): Promise<unknown> {
    while (this.#noWrites) await this.#noWrites
    const work = this.#runAside(method, args)
    this.#beside.add(work)
    try {
      return await work
    } finally {
      this.#beside.delete(work)
    }
  }

  async #runAside(method: string, args: unknown[]): Promise<unknown> {
    if (this.#closed) throw new ProblemError('cancelled')
    const thread = this.#thread('side')
    await thread.start()
    try {
      return await thread.call(method, args)
    } finally {
      await thread.close()
    }
  }

  async rewrite(): Promise<void> {
    if (this.#toCome) await this.#threadsNow()
    while (this.#noWrites) await this.#noWrites
    if (this.#readOnly) throw new ProblemError('read_only')
    if (this.#closed) throw new ProblemError('cancelled')
    const work = this.#rewrite()
    this.#rewriting = work.catch(() => undefined)
    await work
  }

  async #rewrite(): Promise<void> {
    let release = (): void => undefined
    const over = new Promise<void>((resolve) => {
      release = resolve
    })
    this.#noWrites = over
    try {
      await Promise.allSettled(this.#beside)
      await this.#writer?.close()
      this.#writer = null
      await this.#runAside('writeFresh', [])
      this.#noReads = over
      await Promise.all(this.#readers.map((reader) => reader.close()))
      await this.#runAside('exchange', [])
    } finally {
      try {
        // Whatever happened, there is a whole database: the old one or the new one.
        await this.#startWriter()
        if (this.#noReads) await this.#startReaders()
      } finally {
        this.#noWrites = null
        this.#noReads = null
        release()
      }
    }
  }

  async keep(identityId: IdentityId, bytes: AsyncIterable<Uint8Array>): Promise<NewFile> {
    if (this.#readOnly) throw new ProblemError('read_only')
    const sealed = await sealFile(this.#options.dir, bytes)
    const { sha256, size } = sealed
    if (await this.read.hasMedia(identityId, sha256)) {
      await sealed.drop()
      return { sha256, size, file: null, key: null }
    }
    return { sha256, size, ...(await sealed.place()) }
  }

  drop(file: string): void {
    dropBlob(this.#options.dir, file)
  }

  open({ file, key }: StoredFile): AsyncIterable<Uint8Array> {
    return openBlob(this.#options.dir, file, key)
  }

  close(): Promise<void> {
    this.#closed ??= this.#end()
    return this.#closed
  }

  async #end(): Promise<void> {
    if (this.#idle) clearTimeout(this.#idle)
    if (this.#further) clearTimeout(this.#further)
    const coming = this.#toCome
    if (coming) clearTimeout(coming.timer)
    // Threads that could not start said so when they tried.
    await coming?.work?.catch(() => undefined)
    if (coming && !coming.tried) {
      coming.first.closeAlone()
      this.#readers = []
    }
    await this.#rewriting
    await this.#arriving
    try {
      await Promise.all(this.#readers.map((reader) => reader.close()))
      await this.#writer?.close()
    } catch (error) {
      // On a full disk, say. Everything committed is in the log, which is read at the next start.
      this.#options.log.warn('store.close', { error: error instanceof ProblemError ? error.code : 'internal' })
    } finally {
      this.#lock.release()
    }
  }
}
