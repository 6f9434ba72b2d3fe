import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { knownFormat } from '#store/migrations/index.ts'
import { addAccount, addIdentity, batch, firstPage, message, open, problemOf, raw, tempDir } from './support.ts'

/** Every file of a directory with what is in it and when it was written. */
function picture(dir: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name)
        return [path, `${createHash('sha256').update(readFileSync(path)).digest('hex')} ${statSync(path).mtimeMs}`]
      }),
  )
}

async function makeOffice(dir: string): Promise<void> {
  const store = await open(dir)
  const account = await addAccount(store, await addIdentity(store))
  await store.write.applyBatch(batch(account, [message(1)]))
  await store.close()
}

test('there is no office where none was made', async () => {
  const dir = tempDir()
  expect(await problemOf(open(dir, { create: false }))).toBe('office_missing')
  expect(readdirSync(dir)).toEqual([])
})

test('a closed office is one database file, without a lock or a log', async () => {
  const dir = tempDir()
  await makeOffice(dir)
  expect(readdirSync(dir).sort()).toEqual(['office.db', 'office.json'])
  expect(readFileSync(join(dir, 'office.db')).includes('Subject')).toBe(false)
})

test('a database that is gone is not replaced by an empty one', async () => {
  const dir = tempDir()
  await makeOffice(dir)
  rmSync(join(dir, 'office.db'))
  for (const create of [true, false]) expect(await problemOf(open(dir, { create }))).toBe('office_missing')
  expect(readdirSync(dir)).toEqual(['office.json'])
})

test('a wrong key is refused and nothing is touched', async () => {
  const dir = tempDir()
  await makeOffice(dir)
  const before = picture(dir)
  expect(await problemOf(open(dir, { key: new Uint8Array(32).fill(8) }))).toBe('office_key')
  expect(picture(dir)).toEqual(before)
})

test('a wrong key is told from damage also when office.json does not know the key', async () => {
  const dir = tempDir()
  await makeOffice(dir)
  const { id, created } = JSON.parse(readFileSync(join(dir, 'office.json'), 'utf8')) as { id: string; created: string }
  writeFileSync(join(dir, 'office.json'), JSON.stringify({ id, created }))
  const before = picture(dir)
  expect(await problemOf(open(dir, { key: new Uint8Array(32).fill(8) }))).toBe('office_key')
  expect(picture(dir)).toEqual(before)
  expect((await (await open(dir)).read.page(firstPage)).rows).toHaveLength(1)
})

test('a database from the future is refused byte for byte untouched', async () => {
  const dir = tempDir()
  await makeOffice(dir)
  const db = raw(dir)
  db.pragma(`user_version = ${knownFormat + 1}`)
  db.close()
  const before = picture(dir)
  expect(await problemOf(open(dir))).toBe('office_from_future')
  expect(picture(dir)).toEqual(before)
})

test('a database from the future with changes still in its log is untouched too', async () => {
  const dir = tempDir()
  await makeOffice(dir)
  const db = raw(dir)
  db.pragma('wal_autocheckpoint = 0')
  db.pragma(`user_version = ${knownFormat + 1}`)
  const files = ['office.db', 'office.db-wal'].map((name) => join(dir, name))
  const before = files.map((file) => readFileSync(file))
  expect(before[1]?.byteLength).toBeGreaterThan(0)
  expect(await problemOf(open(dir))).toBe('office_from_future')
  expect(files.map((file) => readFileSync(file))).toEqual(before)
})

test('office.json alone is enough to refuse a newer format', async () => {
  const dir = tempDir()
  await makeOffice(dir)
  const path = join(dir, 'office.json')
  writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), format: knownFormat + 1 }))
  const before = picture(dir)
  expect(await problemOf(open(dir))).toBe('office_from_future')
  expect(picture(dir)).toEqual(before)
})

test('an office is open in one process at a time', async () => {
  const dir = tempDir()
  const store = await open(dir)
  await expect(open(dir)).rejects.toMatchObject({ code: 'office_locked', params: { pid: String(process.pid), host: hostname() } })
  await store.close()
  await open(dir)
})

test('a lock left by a process that is gone is recovered', async () => {
  const dir = tempDir()
  await makeOffice(dir)
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  writeFileSync(join(dir, 'lock'), JSON.stringify({ pid: child.pid, host: hostname(), started: 'then', token: 'x' }))
  await open(dir)
})

test.runIf(process.platform !== 'win32')('a lock whose process id now belongs to another program is recovered', async () => {
  const dir = tempDir()
  await makeOffice(dir)
  writeFileSync(join(dir, 'lock'), JSON.stringify({ pid: process.ppid, host: hostname(), started: 'long ago', token: 'x' }))
  await open(dir)
})

test('a lock from another computer is respected', async () => {
  const dir = tempDir()
  await makeOffice(dir)
  writeFileSync(join(dir, 'lock'), JSON.stringify({ pid: 1, host: 'elsewhere.example', started: null, token: 'x' }))
  await expect(open(dir)).rejects.toMatchObject({ code: 'office_locked', params: { pid: '1', host: 'elsewhere.example' } })
  expect(existsSync(join(dir, 'lock'))).toBe(true)
})

test('a lock file cut short by a power cut is recovered once it is old', async () => {
  const dir = tempDir()
  await makeOffice(dir)
  writeFileSync(join(dir, 'lock'), '{"pid":')
  expect(await problemOf(open(dir))).toBe('office_locked')
  utimesSync(join(dir, 'lock'), new Date(0), new Date(0))
  await open(dir)
})

test('a database that another program holds is busy, at opening and at work, and nothing is lost', async () => {
  const dir = tempDir()
  await makeOffice(dir)
  const other = raw(dir)
  other.pragma('locking_mode = EXCLUSIVE')
  other.exec('BEGIN EXCLUSIVE')
  expect(await problemOf(open(dir))).toBe('database_busy')
  other.exec('ROLLBACK')
  other.close()

  const store = await open(dir)
  const second = raw(dir)
  second.exec('BEGIN IMMEDIATE')
  expect(await problemOf(store.write.setPreference('theme', 'dark'))).toBe('database_busy')
  second.exec('ROLLBACK')
  await store.write.setPreference('theme', 'dark')
  expect(await store.read.preferences()).toEqual({ theme: 'dark' })
})

test('a folder that cannot be made is a problem in words', async () => {
  const dir = tempDir()
  writeFileSync(join(dir, 'file'), '')
  expect(await problemOf(open(join(dir, 'file', 'office')))).toBe('file_unwritable')
  mkdirSync(join(dir, 'empty'))
  await open(join(dir, 'empty'))
})
