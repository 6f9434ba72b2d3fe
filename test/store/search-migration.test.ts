import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { connect } from '#store/connect.ts'
import { readHandle, snapshot } from '#store/handle.ts'
import { firstId } from '#store/ids.ts'
import { migrate, migrations } from '#store/migrations/index.ts'
import { reads } from '#store/read/index.ts'
import { partsOf } from '#store/search/parts.ts'
import { ask } from '../support/ask.ts'
import { key, raw, tempDir } from './support.ts'

const MESSAGES = 3500
const program = fileURLToPath(new URL('./fixtures/killed-upkeep.ts', import.meta.url))
const idOf = (n: number) => firstId(new Date(Date.UTC(2020, 0, 1) + ((n * 1237) % MESSAGES) * 3_600_000).toISOString())

/** An office of format 5, with a search index of that format. */
function formatFive(): string {
  const dir = tempDir()
  const db = connect({ file: join(dir, 'office.db'), key, mode: 'create' })
  db.pragma('synchronous = OFF')
  migrate(db, migrations.slice(0, 5))
  db.exec(`
    BEGIN;
    INSERT INTO identity VALUES (1, 'Office', 'mandate', 'circle', 'green');
    INSERT INTO account VALUES (1, 1, 'mail', 'Mail', 'a@example.org', '{}', '{}', 0);
    CREATE VIRTUAL TABLE search_1 USING fts5(who, subject, body, f, content='', contentless_delete=1);
    INSERT INTO search_partition VALUES (1, 0, ${MESSAGES}, 0, 0, 0, 0);`)
  const insert = {
    conversation:
      db.prepare(`INSERT INTO conversation (id, account_id, identity_id, key, shelf, state, base_state, in_key, out_key, triaged, unread,
      messages, attachments, latest_in, outbound, at, from_name, subject) VALUES (?, 1, 1, ?, 0, 0, 0, ?, 0, 0, 0, 1, 0, ?, 0, '', '', '')`),
    message:
      db.prepare(`INSERT INTO message (slot, id, conversation_id, account_id, identity_id, remote_id, kind, direction, is_read, answered,
      versions, attachments, at, from_name, from_handle, recipients, subject, snippet) VALUES (?, ?, ?, 1, 1, ?, 'mail', 'inbound', 1, 0, 1, 0, ?, 'Ana', 'ana@example.org', '[[],[]]', 'Letter', '')`),
    body: db.prepare('INSERT INTO body VALUES (?, ?)'),
    words: db.prepare('INSERT INTO search_1 (rowid, who, subject, body, f) VALUES (CAST(? AS INTEGER), ?, ?, ?, ?)'),
  }
  for (let n = 0; n < MESSAGES; n++) {
    const id = idOf(n)
    insert.conversation.run(id, id, id, id)
    insert.message.run(n + 1, id, id, `m${n}`, new Date(Math.floor(id / 2 ** 20) * 1000).toISOString())
    insert.body.run(n + 1, `Word no${n}, the bridges of the town`)
    insert.words.run(id, 'Ana', 'Letter', `Word no${n}`, 'a1')
  }
  db.exec('COMMIT')
  db.close()
  return dir
}

/** Runs the upkeep, kills it after some steps. @returns whether it was done before. */
async function runAndKill(dir: string, steps: number): Promise<boolean> {
  const child = spawn(process.execPath, [program, dir, '600'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  let left = steps
  for await (const _ of createInterface({ input: child.stdout })) if (--left === 0) child.kill('SIGKILL')
  const [code] = await ended
  return code === 0
}

test('0006: the search index is made anew in steps; killed again and again it misses nothing and has nothing twice', {
  timeout: 120_000,
}, async () => {
  const dir = formatFive()
  const db = connect({ file: join(dir, 'office.db'), key, mode: 'write' })
  migrate(db)
  expect(
    db.prepare("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'search_1%' OR name = 'search_partition'").pluck().get(),
  ).toBe(0)
  db.close()
  const newest = Array.from({ length: MESSAGES }, (_, n) => idOf(n)).sort((a, b) => b - a)
  let done = false
  for (const steps of fc.sample(fc.integer({ min: 1, max: 4 }), { numRuns: 40, seed: Date.now() })) {
    done = await runAndKill(dir, steps)
    const sql = raw(dir)
    const reader = readHandle(sql, dir)
    snapshot(sql, () => {
      const { hits, waiting } = reads.find(reader, ask('bridge', 200))
      const todo = Number(sql.prepare('SELECT todo FROM search_state').pluck().get())
      expect(waiting).toBe(todo)
      const there = sql.prepare('SELECT id FROM message WHERE slot > ? ORDER BY id DESC LIMIT 200').pluck().all(todo)
      expect(hits.map(({ id }) => Number(id))).toEqual(there)
      expect(reads.doctor(reader).filter(({ check, ok }) => check === 'search_index' && !ok)).toEqual([])
    })
    sql.close()
    if (done) break
  }
  while (!done) done = await runAndKill(dir, Number.POSITIVE_INFINITY)
  const sql = raw(dir)
  const reader = readHandle(sql, dir)
  expect(reads.find(reader, ask('bridge', 200))).toMatchObject({ waiting: 0 })
  expect(reads.find(reader, ask('bridge', 200)).hits.map(({ id }) => Number(id))).toEqual(newest.slice(0, 200))
  expect(reads.find(reader, ask('no77')).hits).toHaveLength(1)
  expect(reads.histogram(reader, { query: ask('bridge').query }).months.reduce((sum, { count }) => sum + count, 0)).toBe(MESSAGES)
  // Sorted by time, but for what does not fill a part.
  expect(partsOf(reader).filter(({ sorted, next }) => sorted === 0 && next >= 600)).toEqual([])
})
