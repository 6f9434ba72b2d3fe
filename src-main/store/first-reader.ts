import type Database from 'better-sqlite3'
import type { Log } from '#ports/index.ts'
import type { ProblemError } from '#shared/model/index.ts'
import { connect, setCache } from './connect.ts'
import { toProblem } from './faults.ts'
import { type ReadDb, readHandle } from './handle.ts'
import { formatOf, knownFormat } from './migrations/index.ts'
import type { ThreadData } from './protocol.ts'
import { runRead } from './read/run.ts'
import { lookAround, missingSides, removeSides } from './start.ts'

const cacheKiB = 8192

/**
 * Answers reads on the calling thread, so that a window has its first lists before the database threads have started.
 * What it is asked then takes a few milliseconds each.
 */
export class FirstReader {
  /** Calls that wait: none ever does. */
  readonly load = 0
  readonly #db: Database.Database
  readonly #handle: ReadDb
  readonly #met: (problem: ProblemError) => void
  /** Files beside the database that this connection made. */
  readonly #made: string[]

  private constructor(db: Database.Database, made: string[], dir: string, met: (problem: ProblemError) => void) {
    this.#db = db
    this.#made = made
    this.#handle = readHandle(db, dir)
    this.#met = met
  }

  /**
   * @param met Told of what a read failed with later.
   * @returns null for a database that needs more than reading before it can be read: of another format, damaged, or held by
   * another program. The threads then do what is to be done, or say why it cannot be.
   */
  static open(data: ThreadData, file: string, log: Log, met: (problem: ProblemError) => void): FirstReader | null {
    const { key, nativeBinding, busyMs } = data
    let db: Database.Database | null = null
    const made = missingSides(file)
    try {
      db = connect({ file, key, mode: 'read', nativeBinding, busyMs })
      if (formatOf(db) === knownFormat) {
        setCache(db, cacheKiB)
        lookAround(db)
        return new FirstReader(db, made, data.dir, met)
      }
    } catch (error) {
      // The threads meet the same, and say what it is.
      log.debug('store.first_reader', { error: toProblem(error).code })
    }
    db?.close()
    removeSides(made)
    return null
  }

  /** What it is asked is done before anything could stop it. */
  call(method: string, args: unknown[], _transfer?: ArrayBuffer[], _signal?: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      try {
        resolve(runRead(this.#db, this.#handle, method, args))
      } catch (error) {
        const problem = toProblem(error)
        this.#met(problem)
        reject(problem)
      }
    })
  }

  /** Once the threads have the database open. */
  close(): Promise<void> {
    this.#db.close()
    return Promise.resolve()
  }

  /** Where nobody else ever opened the database: it is left as it was. */
  closeAlone(): void {
    this.#db.close()
    removeSides(this.#made)
  }
}
