import { join } from 'node:path'
import type Database from 'better-sqlite3'
import type { Identity } from '#shared/model/index.ts'
import { setCheckpointPolicy } from '#store/checkpoint.ts'
import { connect } from '#store/connect.ts'
import { type ReadDb, readHandle, snapshot, transact, type WriteDb, writeHandle } from '#store/handle.ts'
import { migrate } from '#store/migrations/index.ts'
import { reads } from '#store/read/index.ts'
import type { ReadMethods, StoredAccount, WriteMethods } from '#store/store.ts'
import { writes } from '#store/write/index.ts'
import { feed, key, mail, onCleanUp, status, tempDir } from './support.ts'

/** The store's functions on one connection, without threads: the same SQL, many times as fast to start. */
export interface Direct {
  sql: Database.Database
  db: WriteDb
  reader: ReadDb
  dir: string
  read: ReadMethods
  write: Omit<WriteMethods, 'backup'>
  /** Ends the connection; the database stays. */
  close(): void
}

type Untyped = (...args: unknown[]) => unknown

/** A new empty database. Closed and removed after the test. */
export function direct(): Direct {
  return directIn(tempDir())
}

/** The database in a folder, made where there is none. Closed after the test. */
export function directIn(dir: string): Direct {
  const sql = connect({ file: join(dir, 'office.db'), key, mode: 'create' })
  setCheckpointPolicy(sql)
  // Nothing here survives a power cut, nor has to.
  sql.pragma('synchronous = OFF')
  onCleanUp(() => {
    sql.close()
  })
  migrate(sql)
  const db = writeHandle(sql, dir)
  const reader = readHandle(sql, dir)
  const bind = (functions: object, run: (call: () => unknown) => unknown, handle: ReadDb) =>
    Object.fromEntries(
      Object.entries(functions as Record<string, Untyped>).map(([name, call]) => [
        name,
        (...args: unknown[]) => run(() => call(handle, ...args)),
      ]),
    )
  return {
    sql,
    db,
    reader,
    dir,
    close: () => {
      sql.close()
    },
    read: bind(reads, (call) => snapshot(sql, call), reader) as unknown as ReadMethods,
    write: bind(writes, (call) => transact(sql, db, call), db) as unknown as Omit<WriteMethods, 'backup'>,
  }
}

export function identityIn(office: Direct, name = 'Office', voice: Identity['voice'] = 'mandate'): Identity {
  return office.write.addIdentity({ name, voice, shape: 'circle', color: 'green' })
}

export function accountIn(office: Direct, identity: Identity, network: 'mail' | 'feed' = 'mail'): StoredAccount {
  return office.write.addAccount({
    identityId: identity.id,
    label: network,
    address: mail.address,
    settings: network === 'mail' ? { network, mail } : { network, feed },
    status,
  })
}

/** Every row of every table, to compare. @param without Tables whose name begins with this are left out. */
export function dump(sql: Database.Database, without = 'search_'): string {
  const tables = sql
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search_%' ORDER BY name")
    .pluck()
    .all()
  return JSON.stringify(
    tables
      .filter((table) => !String(table).startsWith(without))
      .map((table) => [
        table,
        sql
          .prepare(`SELECT * FROM "${String(table)}"`)
          .raw()
          .all(),
      ]),
  )
}
