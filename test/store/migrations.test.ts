import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { connect } from '#store/connect.ts'
import { checkOrder, formatOf, knownFormat, migrate, migrations } from '#store/migrations/index.ts'
import { key, raw, tempDir } from './support.ts'

test('migrations are numbered without gaps, by file name and version', () => {
  expect(() => checkOrder(migrations)).not.toThrow()
  const run = () => undefined
  for (const list of [
    [{ version: 2, name: '0002-b', run }],
    [
      { version: 1, name: '0001-a', run },
      { version: 1, name: '0001-b', run },
    ],
    [{ version: 1, name: '0002-a', run }],
  ]) {
    expect(() => checkOrder(list)).toThrow(/should be number/)
  }
})

test('0001: an empty database gets its tables, and running again changes nothing', () => {
  const file = join(tempDir(), 'office.db')
  const db = connect({ file, key, mode: 'create' })
  expect(formatOf(db)).toBe(0)
  expect(migrate(db)).toBe(migrations.length)
  expect(formatOf(db)).toBe(knownFormat)
  const tables = db
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .all() as {
    name: string
    sql: string
  }[]
  expect(tables.map((table) => table.name)).toEqual(
    'account act attachment badge body conversation handle identity merged message meta pending_act person place preference record search_partition stream thread_key unsettled'.split(
      ' ',
    ),
  )
  for (const table of tables) expect(table.sql).toMatch(/STRICT/)
  expect(migrate(db)).toBe(0)
  db.close()
})

test('a migration that fails leaves the format before it', () => {
  const file = join(tempDir(), 'office.db')
  const db = connect({ file, key, mode: 'create' })
  const broken = [
    ...migrations,
    {
      version: 2,
      name: '0002-broken',
      run: (open: typeof db) => {
        open.exec('CREATE TABLE half (id INTEGER PRIMARY KEY) STRICT')
        open.exec('INSERT INTO nowhere VALUES (1)')
      },
    },
  ]
  expect(() => migrate(db, broken)).toThrow(/nowhere/)
  expect(formatOf(db)).toBe(1)
  expect(db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'half'").get()).toBeUndefined()
  db.close()
})

test('a kill in the middle of a migration leaves the format before it', async () => {
  const dir = tempDir()
  const program = fileURLToPath(new URL('./fixtures/killed-migration.ts', import.meta.url))
  const child = spawn(process.execPath, [program, dir], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
  const db = raw(dir)
  expect(formatOf(db)).toBe(1)
  expect(db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'half'").get()).toBeUndefined()
})
