import Database from 'better-sqlite3'

/** A 32-byte raw key (no derivation) for a connection; see `docs/decisions/cipher.md`. */
function unlock(db: Database.Database, key: Uint8Array): void {
  if (key.byteLength !== 32) throw new RangeError('the key of an office has 32 bytes')
  db.pragma("cipher = 'aegis'")
  db.pragma(`key = 'raw:${Buffer.from(key).toString('hex')}'`)
}

export interface ConnectOptions {
  file: string
  key: Uint8Array
  /** `create` makes the file when there is none. */
  mode: 'create' | 'write' | 'read'
  nativeBinding?: string | undefined
  /** How long to wait for a lock that another program holds, in ms. */
  busyMs?: number
}

/** Opens and unlocks one connection. Nothing is read yet: a wrong key shows at the first statement. */
export function connect(options: ConnectOptions): Database.Database {
  const db = new Database(options.file, {
    readonly: options.mode === 'read',
    fileMustExist: options.mode !== 'create',
    timeout: options.busyMs ?? 5000,
    ...(options.nativeBinding ? { nativeBinding: options.nativeBinding } : {}),
  })
  try {
    unlock(db, options.key)
    db.pragma('foreign_keys = ON')
    db.pragma('trusted_schema = OFF')
    db.pragma('cell_size_check = ON')
    db.pragma('temp_store = MEMORY')
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Sets the size of the page cache, in KiB. Reads the schema, so it fails on a damaged database. */
export function setCache(db: Database.Database, kib: number): void {
  db.pragma(`cache_size = -${kib}`)
}
