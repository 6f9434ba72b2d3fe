import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Log } from '#ports/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import { append, type BackupIndex, checkSeal, pieces, readIndex } from './backup-file.ts'
import { connect } from './connect.ts'
import { abandonExchange, beginExchange, exchange, isTaken } from './exchange.ts'
import { toProblem } from './faults.ts'
import { formatOf, knownFormat } from './migrations/index.ts'
import { databaseIn, keyCheck, readOffice, writeOffice } from './office.ts'

export interface RestoreOptions {
  file: string
  /** Becomes the office: must be missing or empty, unless `force`. */
  dir: string
  /** Key of the office that the backup is of. */
  key: Uint8Array
  force: boolean
  log: Log
  nativeBinding?: string | undefined
}

/** Which office a backup is of, so that its key can be found. @throws `file_unreadable`, `backup_invalid`. */
export function describeBackup(file: string): { officeId: string; created: string; madeAt: string } {
  return withBackup(file, (handle) => {
    const { office, madeAt } = readIndex(handle).index
    return { officeId: office.id, created: office.created, madeAt }
  })
}

/**
 * Puts a backup in place of an office. Everything is checked first, and built beside `dir`: there is the old office or the
 * new one, never a half; after a kill in between, the next start or restore sets it right. With `force` the old office is kept beside it.
 * @returns where the old office was put; null when there was none.
 * @throws ProblemError `file_unreadable`, `backup_invalid`, `office_key`, `office_from_future`, `not_empty`, `office_locked`, `disk_full`.
 */
export async function restoreBackup(options: RestoreOptions): Promise<{ replaced: string | null }> {
  const dir = resolve(options.dir)
  return withBackup(options.file, (handle) => {
    const { index, end } = readIndex(handle)
    if (index.format > knownFormat) throw new ProblemError('office_from_future', { found: index.format, known: knownFormat })
    if (isTaken(dir) && !options.force) throw new ProblemError('not_empty', { dir })
    checkSeal(handle, end, options.key)
    const building = beginExchange(dir)
    try {
      build(handle, index, building, options)
      const replaced = exchange(dir)
      if (replaced !== null) options.log.info('store.replaced', { office: readOffice(dir)?.id ?? null })
      return { replaced }
    } catch (error) {
      abandonExchange(dir)
      throw toProblem(error)
    }
  })
}

function withBackup<T>(file: string, use: (handle: number) => T): T {
  let handle: number
  try {
    handle = openSync(file, 'r')
  } catch (error) {
    throw new ProblemError(
      'file_unreadable',
      { path: file, detail: error instanceof Error ? error.message : '' },
      { cause: error },
    )
  }
  try {
    return use(handle)
  } finally {
    closeSync(handle)
  }
}

/** Copies `[from, to)` of the backup into a file of its own, on the disk when it returns. */
function extract(handle: number, from: number, to: number, path: string): void {
  const out = openSync(path, 'wx', 0o600)
  try {
    append(out, pieces(handle, from, to))
    fsyncSync(out)
  } finally {
    closeSync(out)
  }
}

function build(handle: number, index: BackupIndex, dir: string, options: RestoreOptions): void {
  mkdirSync(join(dir, 'blobs'), { recursive: true, mode: 0o700 })
  const database = databaseIn(dir)
  extract(handle, 0, index.database, database)
  let at = index.database
  if (index.log > 0) extract(handle, at, at + index.log, `${database}-wal`)
  at += index.log
  for (const { name, size } of index.files) {
    const folder = join(dir, 'blobs', name.slice(0, 2))
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    extract(handle, at, at + size, join(folder, name))
    at += size
  }
  const damaged = !isSound(database, index, options)
  const { id, created } = index.office
  writeOffice(dir, { id, created, format: index.format, keyCheck: keyCheck(options.key), damaged })
}

/** Whether the database is whole. A damaged one (a backup made of a damaged office) is restored too, for reading only. */
function isSound(file: string, index: BackupIndex, options: RestoreOptions): boolean {
  const db = connect({ file, key: options.key, mode: 'write', nativeBinding: options.nativeBinding })
  try {
    if (formatOf(db) !== index.format) throw new ProblemError('backup_invalid')
    return db.pragma('quick_check(1)', { simple: true }) === 'ok'
  } catch (error) {
    const problem = toProblem(error)
    if (problem.code === 'office_corrupt') return false
    throw problem
  } finally {
    db.close()
  }
}
