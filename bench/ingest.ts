import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { toMessage } from '#connectors/mail/message.ts'
import { defaultMark, type Identity, type MailSettings } from '#shared/model/index.ts'
import { setCheckpointPolicy } from '#store/checkpoint.ts'
import { connect, setCache } from '#store/connect.ts'
import { transact, type WriteDb, writeHandle } from '#store/handle.ts'
import { migrate } from '#store/migrations/index.ts'
import { writerCacheKiB } from '#store/start.ts'
import type { StoredAccount, StoreMessage } from '#store/store.ts'
import { writes } from '#store/write/index.ts'
import { mailCorpus } from './corpus.ts'
import { type BenchRow, bounded, median } from './row.ts'

const MESSAGES = 20_000
const BATCH = 500
const ROUNDS = 3
const GROUP = 'ingest'

/**
 * What the writer does for one message, in CPU seconds of its own: dedupe, record, indexes, search, counts, encryption,
 * durable commits; against the same text put into one plain FTS5 table. Parsing is outside of both.
 */
export async function run(): Promise<BenchRow[]> {
  const messages = parsed(MESSAGES)
  const bytes = messages.reduce((sum, message) => sum + message.raw.byteLength, 0)
  const limit: number[] = []
  const full: number[] = []
  let size = 0
  for (let round = 0; round < ROUNDS; round++) {
    limit.push(MESSAGES / rawIndex(messages))
    const made = fullIngest(messages)
    full.push(MESSAGES / made.seconds)
    size = made.bytes
  }
  const ratio = median(full.map((rate, round) => rate / (limit[round] as number)))
  const rate = (id: string, rates: number[], what: string): BenchRow => ({
    id,
    group: GROUP,
    value: median(rates),
    unit: '/s',
    goal: null,
    ok: null,
    against: what,
  })
  return [
    rate('ingest.limit', limit, 'rows per CPU second, one plain FTS5 table'),
    rate('ingest.full', full, 'messages per CPU second, all that the writer does'),
    bounded({ id: 'ingest.ratio', group: GROUP, value: ratio, unit: 'x', against: 'the plain FTS5 table' }, '>=', 0.4),
    bounded({ id: 'ingest.size', group: GROUP, value: size / bytes, unit: 'x', against: 'raw bytes captured' }, '<=', 1.6),
  ]
}

/** Mails as the connector hands them on, newest first. */
export function parsed(count: number): StoreMessage[] {
  const own = new Set(['office@parliament.example'])
  let n = 0
  const messages: StoreMessage[] = []
  for (const mail of mailCorpus(count)) {
    const raw = Buffer.from(mail)
    const { media: _none, ...message } = toMessage(raw, {
      serverId: null,
      threadId: null,
      cutFrom: null,
      place: `INBOX 1 ${++n}`,
      read: n % 10 > 0,
      answered: false,
      receivedAt: null,
      sent: false,
      own,
      endpoint: 'imap://mail.example:993/INBOX',
    })
    messages.push(message)
  }
  return messages.reverse()
}

function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const used = process.cpuUsage(before)
  return (used.user + used.system) / 1e6
}

/** Runs `work` in a folder of its own and removes it. */
export function inFolder<T>(work: (dir: string) => T): T {
  const dir = mkdtempSync(join(tmpdir(), 'dispatch-ingest-'))
  try {
    return work(dir)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function rawIndex(messages: StoreMessage[]): number {
  return inFolder((dir) => {
    const db = new Database(join(dir, 'limit.db'))
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = NORMAL')
    db.exec(
      "CREATE VIRTUAL TABLE plain USING fts5(who, subject, body, f, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2')",
    )
    const insert = db.prepare('INSERT INTO plain (rowid, who, subject, body, f) VALUES (?, ?, ?, ?, ?)')
    const seconds = cpuSeconds(() => {
      for (let at = 0; at < messages.length; at += BATCH)
        db.transaction(() => {
          for (const [n, { from, subject, text }] of messages.slice(at, at + BATCH).entries())
            insert.run(at + n + 1, `${from.name} ${from.handle}`, subject, text, 'a1 i1 vinstitutional')
        })()
    })
    db.close()
    return seconds
  })
}

/** An office on one connection, made by the functions that the writer thread runs. */
export interface BenchOffice {
  dir: string
  db: Database.Database
  handle: WriteDb
  identity: Identity
  account: StoredAccount
}

export function benchOffice(dir: string): BenchOffice {
  mkdirSync(join(dir, 'blobs'))
  const db = connect({ file: join(dir, 'office.db'), key: new Uint8Array(32).fill(7), mode: 'create' })
  setCache(db, writerCacheKiB)
  setCheckpointPolicy(db)
  migrate(db)
  const handle = writeHandle(db, dir)
  const mark = defaultMark.institutional
  const identity = transact(db, handle, () => writes.addIdentity(handle, { name: 'Office', voice: 'institutional', ...mark }))
  const account = transact(db, handle, () =>
    writes.addAccount(handle, {
      identityId: identity.id,
      label: 'Office',
      address: 'office@parliament.example',
      settings: { network: 'mail', mail: mailSettings },
      status: { phase: 'backfilling', since: at, reason: null, nextTryAt: null, progress: null, lastSyncAt: null },
    }),
  )
  return { dir, db, handle, identity, account }
}

const at = '2026-01-01T00:00:00.000Z'
const mailSettings: MailSettings = {
  address: 'office@parliament.example',
  user: 'office',
  auth: 'password',
  imap: { host: 'mail.example', port: 993, security: 'tls' },
  smtp: null,
  folders: ['INBOX'],
  ca: null,
  pins: {},
}

/** Brings messages in as a first sync does, in batches. */
export function takeIn({ db, handle, identity, account }: BenchOffice, messages: StoreMessage[]): void {
  for (let from = 0; from < messages.length; from += BATCH)
    transact(db, handle, () =>
      writes.applyBatch(handle, {
        accountId: account.id,
        identityId: identity.id,
        network: 'mail',
        stream: 'INBOX',
        cursor: String(from),
        messages: messages.slice(from, from + BATCH),
        marks: [],
        gone: [],
        reset: false,
        settled: false,
        capturedAt: at,
        arrival: { kind: 'backfill', recentAfter: '2025-12-01T00:00:00.000Z' },
        origin: 'sync',
        moved: null,
      }),
    )
}

function fullIngest(messages: StoreMessage[]): { seconds: number; bytes: number } {
  return inFolder((dir) => {
    const office = benchOffice(dir)
    const seconds = cpuSeconds(() => takeIn(office, messages))
    office.db.pragma('wal_checkpoint(TRUNCATE)')
    const bytes = readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
    office.db.close()
    return { seconds, bytes }
  })
}
