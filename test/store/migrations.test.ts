import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { ConversationId, IdentityId, MessageId } from '#shared/model/index.ts'
import { writeBlob } from '#store/blobs.ts'
import { connect } from '#store/connect.ts'
import { readHandle } from '#store/handle.ts'
import type { Whereabouts } from '#store/manifest.ts'
import { checkOrder, formatOf, knownFormat, migrate, migrations } from '#store/migrations/index.ts'
import { reads } from '#store/read/index.ts'
import { recordBytes } from '#store/read/records.ts'
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
    'account account_limits act attached attachment backup_made badge body calendar calendar_check calendar_period checkpoint conversation conversation_label coverage disposal disposal_item disposed draft forgotten forgotten_place handle hold identity label label_badge ledger ledger_bundle ledger_tile media merged message meta metric note note_version outbox outbox_media pack pending_act person place policy preference profile record record_media request reread saved_search schedule search_block search_fact search_part search_state stream thread_key unsettled'.split(
      ' ',
    ),
  )
  for (const table of tables) expect(table.sql).toMatch(/STRICT/)
  expect(migrate(db)).toBe(0)
  db.close()
})

test('0002 to 0004: records go into packs with everything they had, and into the ledger; coverage begins', () => {
  const dir = tempDir()
  const db = connect({ file: join(dir, 'office.db'), key, mode: 'create' })
  migrate(db, migrations.slice(0, 1))
  const letter = Buffer.from('From: a@example.org\r\n\r\nThe ferry.\r\n')
  const long = Buffer.from('The ferry. '.repeat(1000))
  const photo = Buffer.alloc(70_000, 9)
  const blob = writeBlob(dir, photo)
  const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
  db.exec(`
    INSERT INTO identity VALUES (1, 'Office', 'mandate', 'circle', 'green');
    INSERT INTO account VALUES (1, 1, 'mail', 'Office', 'office@parliament.example', '{}', '{}', 0);
    INSERT INTO badge (account_id, identity_id, all_0) VALUES (1, 1, 1);
    INSERT INTO conversation (id, account_id, identity_id, key, shelf, state, base_state, in_key, out_key, triaged, unread, messages,
      attachments, latest_in, outbound, at, from_name, subject, snippet)
      VALUES (5, 1, 1, 900, 0, 0, 0, 900, 0, 0, 0, 2, 0, 900, 0, '2026-01-02T00:00:00.000Z', 'A', 'Ferry', 'Second');
    INSERT INTO thread_key VALUES (1, 'k', 5, 1);
    INSERT INTO message (id, conversation_id, account_id, identity_id, remote_id, kind, direction, is_read, answered, versions, attachments,
      at, from_name, from_handle, recipients, subject, snippet)
      VALUES (800, 5, 1, 1, 'r1', 'mail', 'inbound', 1, 0, 1, 1, '2026-01-01T00:00:00.000Z', 'A', 'a@example.org', '[[],[]]', 'Ferry', 'First'),
             (900, 5, 1, 1, 'r2', 'mail', 'inbound', 1, 0, 2, 0, '2026-01-02T00:00:00.000Z', 'A', 'a@example.org', '[[],[]]', 'Ferry', 'Second');
    INSERT INTO body VALUES (800, 'The first text'), (900, 'The second text');
    INSERT INTO attachment VALUES (800, 0, 'plan.pdf', 'application/pdf', 10, NULL, 0);
    INSERT INTO place VALUES (1, 'INBOX', '1', 800, 1, 0), (1, 'INBOX', '2', 900, 1, 0);
    INSERT INTO stream VALUES (1, 'INBOX', 'cursor');
  `)
  const insert = db.prepare(
    `INSERT INTO record (message_id, version, media_type, endpoint, captured_at, sha256, size, codec, file, file_key, content)
     VALUES (?, ?, 'message/rfc822', 'imap://mail.example/INBOX', ?, ?, ?, ?, ?, ?, ?)`,
  )
  insert.run(800, 1, '2026-02-01T00:00:00.000Z', sha(photo), photo.byteLength, 0, blob.name, blob.key, null)
  insert.run(900, 1, '2026-02-01T00:00:00.000Z', sha(letter), letter.byteLength, 0, null, null, letter)
  insert.run(900, 2, '2026-02-02T00:00:00.000Z', sha(long), long.byteLength, 1, null, null, deflateRawSync(long))

  expect(migrate(db)).toBe(migrations.length - 1)
  expect(db.pragma('foreign_keys', { simple: true })).toBe(1)
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  const office = readHandle(db, dir)
  const source = (id: number) => reads.source(office, String(id) as MessageId)
  expect(Buffer.from(source(800)?.raw ?? []).equals(photo)).toBe(true)
  expect(source(900)).toMatchObject({ version: 2, capturedAt: '2026-02-02T00:00:00.000Z', endpoint: 'imap://mail.example/INBOX' })
  expect(Buffer.from(source(900)?.raw ?? []).equals(long)).toBe(true)
  const [first] = office.all<Whereabouts>('SELECT * FROM record WHERE message_id = 900 AND version = 1')
  expect(Buffer.from(recordBytes(office, first as Whereabouts)).equals(letter)).toBe(true)
  expect(reads.conversation(office, '5' as ConversationId, 10)).toMatchObject({
    row: { subject: 'Ferry', snippet: 'Second' },
    messages: [
      { id: '800', snippet: 'First', attachments: [{ name: 'plan.pdf' }] },
      { id: '900', versions: 2 },
    ],
  })
  expect(office.all('SELECT b.text FROM message m JOIN body b ON b.slot = m.slot ORDER BY m.id')).toEqual([
    { text: 'The first text' },
    { text: 'The second text' },
  ])
  expect(() => db.exec('UPDATE message SET identity_id = 2')).toThrow(/cannot be changed|constraint/)
  // 0003: and they are in the ledger.
  expect(reads.recordProofs(office, '900' as MessageId)).toMatchObject([{ version: 1 }, { version: 2 }])
  expect(reads.verifyLedger(office, '1' as IdentityId, null, 10, true)).toMatchObject({
    faults: [],
    carry: { size: 3, captures: 3 },
  })
  // 0004: of the time before there is no record.
  const [covered] = reads.coverage(office, { identityIds: null, accountIds: null, from: null, to: null })
  expect(covered?.intervals).toEqual([{ state: 'closed', from: covered?.since, to: covered?.since }])
  expect(Math.abs(Date.now() - Date.parse(covered?.since ?? ''))).toBeLessThan(3_600_000)
  db.close()
})

test('0007: schedules and acts are as they were, and numbers are not given again', () => {
  const db = connect({ file: join(tempDir(), 'office.db'), key, mode: 'create' })
  migrate(db, migrations.slice(0, 6))
  db.exec(`
    INSERT INTO identity VALUES (1, 'Office', 'mandate', 'circle', 'green');
    INSERT INTO schedule VALUES (3, 1, 'mail', NULL, 30, 'Ada', '2026-01-01T00:00:00.000Z'), (9, 1, NULL, 'post', 60, 'Ada', '2026-01-02T00:00:00.000Z');
    INSERT INTO act VALUES (5, 'read', '2026-01-01T00:00:00.000Z', NULL, '{"kind":"read","read":true,"messages":[]}');
    DELETE FROM schedule WHERE id = 9;
  `)
  expect(migrate(db)).toBe(migrations.length - 6)
  const office = readHandle(db, '')
  expect(reads.schedules(office, '1' as IdentityId)).toEqual([
    { id: '3', identityId: '1', network: 'mail', kind: null, labelId: null, days: 30, by: 'Ada', at: '2026-01-01T00:00:00.000Z' },
  ])
  expect(db.prepare('SELECT * FROM act').raw().all()).toEqual([
    [5, 'read', '2026-01-01T00:00:00.000Z', null, '{"kind":"read","read":true,"messages":[]}'],
  ])
  db.exec(`
    INSERT INTO schedule (identity_id, days, set_by, set_at) VALUES (1, 1, '', '');
    INSERT INTO act (kind, at, before) VALUES ('label', '', '');
  `)
  expect(db.prepare('SELECT max(s.id), max(a.id) FROM schedule s, act a').raw().get()).toEqual([10, 6])
  expect(() => db.exec("UPDATE schedule SET network = 'feed' WHERE id = 3")).toThrow(/cannot be changed/)
  expect(() =>
    db.exec("INSERT INTO schedule (identity_id, network, days, set_by, set_at) VALUES (1, 'mail', 1, '', '')"),
  ).toThrow(/UNIQUE/)
  db.close()
})

test('0010: identities that are there have no signature, and drafts fit beside them', () => {
  const db = connect({ file: join(tempDir(), 'office.db'), key, mode: 'create' })
  migrate(
    db,
    migrations.filter(({ version }) => version < 10),
  )
  db.exec("INSERT INTO identity VALUES (4, 'Office', 'mandate', 'circle', 'green')")
  db.exec("INSERT INTO account VALUES (6, 4, 'mail', '', '', '{}', '{}', 0)")
  expect(migrate(db)).toBe(migrations.length - 9)
  expect(db.prepare('SELECT * FROM identity').raw().all()).toEqual([[4, 'Office', 'mandate', 'circle', 'green', '']])
  db.exec("INSERT INTO draft (account_id, identity_id, words, version, by, saved_at) VALUES (6, 4, '{}', 1, '', '')")
  expect(() =>
    db.exec("INSERT INTO draft (account_id, identity_id, words, version, by, saved_at) VALUES (6, 5, '{}', 1, '', '')"),
  ).toThrow(/FOREIGN KEY/)
  db.close()
})

test('0011: calendars begin empty, and what was there stays', () => {
  const db = connect({ file: join(tempDir(), 'office.db'), key, mode: 'create' })
  migrate(
    db,
    migrations.filter(({ version }) => version < 11),
  )
  db.exec("INSERT INTO identity VALUES (4, 'Office', 'mandate', 'circle', 'green', '')")
  expect(migrate(db)).toBe(migrations.length - 10)
  expect(db.prepare('SELECT * FROM identity').raw().all()).toEqual([[4, 'Office', 'mandate', 'circle', 'green', '']])
  expect(reads.calendar(readHandle(db, ''), '4' as IdentityId)).toMatchObject({ voice: 'mandate', periods: [], freezes: {} })
  db.close()
})

test('a migration that would leave rows that name nothing is refused', () => {
  const db = connect({ file: join(tempDir(), 'office.db'), key, mode: 'create' })
  const careless = {
    version: knownFormat + 1,
    name: `${String(knownFormat + 1).padStart(4, '0')}-careless`,
    run: (open: typeof db) => open.exec("INSERT INTO stream VALUES (9, 'INBOX', '')"),
  }
  expect(() => migrate(db, [...migrations, careless])).toThrow(/1 rows that name nothing/)
  expect(formatOf(db)).toBe(knownFormat)
  expect(db.pragma('foreign_keys', { simple: true })).toBe(1)
  db.close()
})

test('a migration that fails leaves the format before it', () => {
  const file = join(tempDir(), 'office.db')
  const db = connect({ file, key, mode: 'create' })
  const broken = [
    ...migrations,
    {
      version: knownFormat + 1,
      name: `${String(knownFormat + 1).padStart(4, '0')}-broken`,
      run: (open: typeof db) => {
        open.exec('CREATE TABLE half (id INTEGER PRIMARY KEY) STRICT')
        open.exec('INSERT INTO nowhere VALUES (1)')
      },
    },
  ]
  expect(() => migrate(db, broken)).toThrow(/nowhere/)
  expect(formatOf(db)).toBe(knownFormat)
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
  expect(formatOf(db)).toBe(knownFormat)
  expect(db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'half'").get()).toBeUndefined()
})
