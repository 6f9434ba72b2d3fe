import type Database from 'better-sqlite3'

/** What SQLite takes and gives here. Numbers are bound as doubles, so they are exact up to 2^53. */
export type Value = number | string | Uint8Array | null
export type Row = Record<string, Value>

declare const writable: unique symbol

/** A connection that reads. Statements are prepared once per connection and kept. */
export interface ReadDb {
  all<R extends object = Row>(sql: string, ...values: Value[]): R[]
  get<R extends object = Row>(sql: string, ...values: Value[]): R | undefined
  /** The first column of the first row. */
  value<V extends Value = Value>(sql: string, ...values: Value[]): V | undefined
  /** The first column of every row. */
  column<V extends Value = Value>(sql: string, ...values: Value[]): V[]
  /** Rows as arrays, one at a time. */
  each<T extends Value[]>(sql: string, ...values: Value[]): IterableIterator<T>
  /** The office's directory, for files that belong to rows. */
  readonly dir: string
  /** To be called now and then by what takes long. @throws `cancelled` when whoever asked gave up. */
  readonly watch: () => void
}

/** A connection that also writes; there is one, on the writer thread. A `ReadDb` cannot be passed where this is asked for. */
export interface WriteDb extends ReadDb {
  readonly [writable]: true
  /** @returns rows changed. */
  run(sql: string, ...values: Value[]): number
  exec(sql: string): void
  /** What this connection remembers between calls; emptied when a transaction fails. */
  readonly memory: Map<string, unknown>
  /** What to take back outside the database when the transaction fails: files written for it. */
  readonly undo: (() => void)[]
  /** What to do outside the database once the transaction is committed: files removed with their rows. */
  readonly afterCommit: (() => void)[]
  /** What is still to be written before the transaction ends, by name. */
  readonly beforeCommit: Map<string, () => void>
}

class Handle {
  readonly dir: string
  readonly watch: () => void
  readonly memory = new Map<string, unknown>()
  readonly undo: (() => void)[] = []
  readonly afterCommit: (() => void)[] = []
  readonly beforeCommit = new Map<string, () => void>()
  readonly #db: Database.Database
  readonly #plain = new Map<string, Database.Statement<Value[]>>()
  readonly #plucked = new Map<string, Database.Statement<Value[]>>()
  readonly #raw = new Map<string, Database.Statement<Value[]>>()
  constructor(db: Database.Database, dir: string, watch: () => void) {
    this.#db = db
    this.dir = dir
    this.watch = watch
  }
  #plainly(sql: string): Database.Statement<Value[]> {
    let statement = this.#plain.get(sql)
    if (!statement) {
      statement = this.#db.prepare<Value[]>(sql)
      this.#plain.set(sql, statement)
    }
    return statement
  }
  #pluck(sql: string): Database.Statement<Value[]> {
    let statement = this.#plucked.get(sql)
    if (!statement) {
      statement = this.#db.prepare<Value[]>(sql).pluck()
      this.#plucked.set(sql, statement)
    }
    return statement
  }
  all<R>(sql: string, ...values: Value[]): R[] {
    return this.#plainly(sql).all(...values) as R[]
  }
  get<R>(sql: string, ...values: Value[]): R | undefined {
    return this.#plainly(sql).get(...values) as R | undefined
  }
  value<V>(sql: string, ...values: Value[]): V | undefined {
    return this.#pluck(sql).get(...values) as V | undefined
  }
  column<V>(sql: string, ...values: Value[]): V[] {
    return this.#pluck(sql).all(...values) as V[]
  }
  each<T>(sql: string, ...values: Value[]): IterableIterator<T> {
    let statement = this.#raw.get(sql)
    if (!statement) {
      statement = this.#db.prepare<Value[]>(sql).raw()
      this.#raw.set(sql, statement)
    }
    return statement.iterate(...values) as IterableIterator<T>
  }
  run(sql: string, ...values: Value[]): number {
    return this.#plainly(sql).run(...values).changes
  }
  exec(sql: string): void {
    this.#db.exec(sql)
  }
}

const unwatched = () => undefined

/** Wraps a connection that only reads. */
export function readHandle(db: Database.Database, dir: string, watch: () => void = unwatched): ReadDb {
  return new Handle(db, dir, watch)
}

/** Wraps the one connection that writes. */
export function writeHandle(db: Database.Database, dir: string): WriteDb {
  return new Handle(db, dir, unwatched) as unknown as WriteDb
}

/** Runs `work` against one snapshot. */
export function snapshot<T>(db: Database.Database, work: () => T): T {
  db.exec('BEGIN DEFERRED')
  try {
    return work()
  } finally {
    // There is nothing to commit, and on a damaged database a commit would fail.
    db.exec('ROLLBACK')
  }
}

/**
 * Runs `work` in one transaction that takes the write lock at once. On any error everything is rolled back, what the
 * connection remembered is forgotten, and files written for it are removed.
 */
export function transact<T>(db: Database.Database, handle: WriteDb, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    for (const write of handle.beforeCommit.values()) write()
    db.exec('COMMIT')
    handle.undo.length = 0
    handle.beforeCommit.clear()
    for (const act of handle.afterCommit.splice(0)) act()
    return result
  } catch (error) {
    handle.afterCommit.length = 0
    handle.memory.clear()
    handle.beforeCommit.clear()
    // A full disk makes SQLite roll back by itself.
    if (db.inTransaction) db.exec('ROLLBACK')
    for (const undo of handle.undo.splice(0)) undo()
    throw error
  }
}
