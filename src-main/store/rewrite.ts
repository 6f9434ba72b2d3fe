import { chmodSync, closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type Database from 'better-sqlite3'
import { foldLog } from './checkpoint.ts'
import { connect } from './connect.ts'
import { databaseIn } from './office.ts'
import type { ThreadData } from './protocol.ts'

/**
 * What is deleted from a database stays in its file: in free pages, and in gaps of pages whose rows moved when the page was split,
 * which `secure_delete` does not reach. So after a disposal the database is written anew, row by row, into a file that takes the
 * place of the old one. In two parts: the copy, made while others read, and the exchange, for which nobody may have it open.
 */
const freshIn = (dir: string): string => `${databaseIn(dir)}.fresh`

/** Removes a copy that a kill left behind. */
export function dropFresh(dir: string): void {
  for (const end of ['', '-journal', '-wal', '-shm']) rmSync(freshIn(dir) + end, { force: true })
}

/** Writes the copy, encrypted with the same key. Nobody may write to the database until the exchange. */
export function writeFresh(db: Database.Database, dir: string): void {
  dropFresh(dir)
  db.exec(`VACUUM INTO '${freshIn(dir).replaceAll("'", "''")}'`)
  sync(freshIn(dir))
}

/** Puts the copy in the place of the database. Ends before it on any doubt: the old one then stays. */
export function exchange(data: ThreadData): void {
  const file = databaseIn(data.dir)
  const db = connect({ file, key: data.key, mode: 'write', nativeBinding: data.nativeBinding, busyMs: data.busyMs })
  try {
    foldLog(db)
  } finally {
    db.close()
  }
  // A log that belongs to the old file would be read into the new one.
  if ((statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) throw new Error('the log is still in use')
  for (const end of ['-wal', '-shm']) rmSync(file + end, { force: true })
  chmodSync(freshIn(data.dir), statSync(file).mode)
  renameSync(freshIn(data.dir), file)
  // Windows cannot sync a directory and does not need it.
  if (process.platform !== 'win32') sync(dirname(file))
}

function sync(path: string): void {
  const handle = openSync(path, process.platform === 'win32' ? 'r+' : 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
