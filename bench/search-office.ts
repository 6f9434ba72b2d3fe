import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type Database from 'better-sqlite3'
import { defaultMark, type IdentityId, type Network } from '#shared/model/index.ts'
import { setCheckpointPolicy } from '#store/checkpoint.ts'
import { connect, setCache } from '#store/connect.ts'
import { transact, type WriteDb, writeHandle } from '#store/handle.ts'
import { migrate } from '#store/migrations/index.ts'
import { keyCheck, prepareOffice, writeOffice } from '#store/office.ts'
import type { StoreBatch, StoredAccount, StoreMessage } from '#store/store.ts'
import { writes } from '#store/write/index.ts'
import { maintain } from '#store/write/maintain.ts'

/** The folder of the shared corpus (`corpus.mjs`, `queries.mjs`, `notmuch_inproc.py`), which every engine is asked about. */
const shared = process.env['DISPATCH_BENCH_CORPUS'] ?? join(import.meta.dirname, '../../shared/bench')
const kept = join(import.meta.dirname, '../out/bench/search')
const dictionaries = '/usr/share/dict'
export const key = new Uint8Array(32).fill(7)
const BATCH = 1000

/** One message of the corpus. */
interface CorpusMessage {
  i: number
  account: number
  channel: string
  out: number
  fromName: string
  fromAddr: string
  toAddr: string
  remoteId: string
  subject: string
  body: string
  /** Milliseconds since 1970. */
  date: number
  thread: number
  unread: number
}

/** Words and word pairs by how often they occur. */
export interface Queries {
  rare: string[]
  mid: string[]
  common: string[]
  and2: [string, string][]
  andCommon: [string, string][]
  phrase: [string, string][]
  phraseCommon: [string, string][]
  prefix: string[]
  filter: { w: string; account: number; from: number; to: number }[]
  filterMid: { w: string; account: number; from: number; to: number }[]
}

/** What is missing for this group on this machine; null when all is there. */
export function missing(): string | null {
  const words = ['american-english', 'french', 'spanish'].every((name) => existsSync(join(dictionaries, name)))
  if (!existsSync(join(shared, 'corpus.mjs'))) return `the shared corpus in ${shared}`
  if (!words) return 'word lists (Debian: wamerican wfrench wspanish)'
  return null
}

/** What is missing to ask notmuch as well; null when it is there. */
export function missingNotmuch(): string | null {
  const there =
    spawnSync('notmuch', ['--version']).status === 0 && spawnSync('/usr/bin/python3', ['-c', 'import notmuch2']).status === 0
  return there ? null : 'Debian packages notmuch and python3-notmuch2'
}

const dicts = {
  en: join(dictionaries, 'american-english'),
  fr: join(dictionaries, 'french'),
  es: join(dictionaries, 'spanish'),
}
const dictOption = Object.entries(dicts)
  .map(([language, file]) => `${language}=${file}`)
  .join(',')

async function corpus(n: number): Promise<Generator<CorpusMessage>> {
  const module = (await import(pathToFileURL(join(shared, 'corpus.mjs')).href)) as {
    corpus(options: { n: number; dicts: typeof dicts }): Generator<CorpusMessage>
  }
  return module.corpus({ n, dicts })
}

function command(program: string, args: string[], env: Record<string, string> = {}): string {
  const { status, stdout, stderr } = spawnSync(program, args, { env: { ...process.env, ...env }, maxBuffer: 2 ** 26 })
  if (status !== 0) throw new Error(`${program} ${args[0]}: ${String(stderr).slice(-500)}`)
  return String(stdout)
}

/** The queries, by document frequency in the corpus of 200,000. */
export function queries(): Queries {
  const file = join(kept, 'queries-200000.json')
  mkdirSync(kept, { recursive: true })
  if (!existsSync(file)) command(process.execPath, [join(shared, 'queries.mjs'), file, '--n', '200000', '--dict', dictOption])
  return JSON.parse(readFileSync(file, 'utf8')) as Queries
}

/** The same mail as a Maildir with notmuch's index, made once (20 minutes). @returns the folder. */
export function notmuchMail(): string {
  const mail = join(kept, 'mail-200000')
  const config = join(kept, 'notmuch-200000.conf')
  const done = join(kept, 'notmuch-200000.done')
  if (existsSync(done)) return mail
  rmSync(mail, { recursive: true, force: true })
  mkdirSync(mail, { recursive: true })
  command(process.execPath, [join(shared, 'corpus.mjs'), 'maildir', mail, '--n', '200000', '--dict', dictOption])
  writeFileSync(config, `[database]\npath=${mail}\n[user]\nname=Bench\nprimary_email=bench@dispatch.example\n[new]\ntags=\n`)
  command('notmuch', ['new', '--quiet'], { NOTMUCH_CONFIG: config })
  writeFileSync(done, '')
  return mail
}

/** p50 and p95 in milliseconds of each class, asked inside one notmuch process; best of three for each query. */
export function askNotmuch(mail: string): Map<string, { p50: number; p95: number }> {
  const script = join(shared, 'notmuch_inproc.py')
  const env = { NOTMUCH_CONFIG: join(kept, 'notmuch-200000.conf') }
  const answer = command('/usr/bin/python3', ['-W', 'ignore', script, join(kept, 'queries-200000.json'), mail], env)
  const times = new Map<string, { p50: number; p95: number }>()
  for (const [name, text] of Object.entries(JSON.parse(answer) as Record<string, unknown>)) {
    const [p50, p95] = String(text).split('/').map(Number)
    if (p50 !== undefined && p95 !== undefined) times.set(name, { p50, p95 })
  }
  return times
}

/**
 * An office with the corpus, made once: thirty accounts of three identities, each brought in batches of a thousand, then tidied as an idle
 * office is. @returns its folder.
 */
export async function searchOffice(n: number): Promise<string> {
  const dir = join(kept, `office-${n}`)
  if (existsSync(dir)) return dir
  const building = `${dir}.new`
  const filled = join(building, 'filled')
  if (!existsSync(filled)) await fill(building, n)
  writeFileSync(filled, '')
  console.error('bench: tidying')
  const db = openAt(building)
  const handle = writeHandle(db, building)
  // Goes on where it was stopped.
  while (transact(db, handle, () => maintain(handle, Date.now()))) tidied(db)
  db.exec('ANALYZE')
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
  rmSync(filled)
  renameSync(building, dir)
  return dir
}

/** Keeps the log short. */
function tidied(db: Database.Database): void {
  db.pragma('wal_checkpoint(PASSIVE)')
}

function openAt(dir: string): Database.Database {
  const db = connect({ file: join(dir, 'office.db'), key, mode: 'create' })
  setCheckpointPolicy(db)
  // Only a cache: made again when the machine stops in between.
  db.pragma('synchronous = OFF')
  setCache(db, 262_144)
  return db
}

async function fill(building: string, n: number): Promise<void> {
  rmSync(building, { recursive: true, force: true })
  mkdirSync(join(building, 'blobs'), { recursive: true })
  writeOffice(building, { ...prepareOffice(building, true), keyCheck: keyCheck(key) })
  const db = openAt(building)
  migrate(db)
  const handle = writeHandle(db, building)
  const accounts = addAccounts(db, handle)
  const waiting = accounts.map((): StoreMessage[] => [])
  const flush = (account: number) => {
    const batch = batchOf(accounts[account] as StoredAccount, waiting[account] ?? [])
    waiting[account] = []
    transact(db, handle, () => writes.applyBatch(handle, batch))
  }
  for (const message of await corpus(n)) {
    const own = waiting[message.account]
    own?.push(toStored(message))
    if (own?.length === BATCH) flush(message.account)
    if ((message.i + 1) % 100_000 === 0) console.error(`bench: ${message.i + 1} messages`)
  }
  for (const account of accounts.keys()) flush(account)
  db.close()
}

function addAccounts(db: Database.Database, handle: WriteDb): StoredAccount[] {
  return transact(db, handle, () => {
    const identities = (['institutional', 'mandate', 'personal'] as const).map(
      (voice) => writes.addIdentity(handle, { name: `Voice ${voice}`, voice, ...defaultMark[voice] }).id,
    )
    return Array.from({ length: 30 }, (_, n) => {
      const name = `acc${String(n).padStart(2, '0')}`
      return writes.addAccount(handle, {
        identityId: identities[n % 3] as IdentityId,
        label: name,
        address: `https://${name}.invalid/`,
        settings: { network: 'feed', feed: { url: `https://${name}.invalid/`, every: 60 } },
        status: {
          phase: 'paused',
          since: '2021-01-01T00:00:00.000Z',
          reason: null,
          nextTryAt: null,
          progress: null,
          lastSyncAt: null,
        },
      })
    })
  })
}

/** A step of a first sync. */
export function batchOf(account: StoredAccount, messages: StoreMessage[]): StoreBatch {
  const network: Network = account.network
  return {
    accountId: account.id,
    identityId: account.identityId,
    network,
    stream: 'bench',
    cursor: messages.at(-1)?.remoteId ?? '',
    messages,
    marks: [],
    gone: [],
    reset: false,
    settled: false,
    capturedAt: '2026-01-01T00:00:00.000Z',
    origin: 'sync',
    arrival: { kind: 'backfill', recentAfter: '2025-12-01T00:00:00.000Z' },
    moved: null,
  }
}

function toStored(message: CorpusMessage): StoreMessage {
  const { account, out, fromName, fromAddr, toAddr, remoteId, subject, body, date, thread, unread } = message
  return {
    remoteId,
    place: null,
    threadKeys: [`${account}/${thread}`],
    kind: message.channel === 'imap' ? 'mail' : 'post',
    direction: out ? 'outbound' : 'inbound',
    from: { name: fromName, handle: fromAddr },
    to: [{ name: '', handle: toAddr }],
    cc: [],
    subject,
    at: new Date(date).toISOString(),
    text: body,
    read: !unread,
    answered: false,
    attachments: [],
    link: null,
    // The network's bytes are not searched, and kept apart from what is measured.
    raw: Buffer.from(remoteId),
    mediaType: 'text/plain',
    endpoint: 'bench',
  }
}

/** Messages of another seed, for writing while a search is measured. */
export async function further(n: number): Promise<StoreMessage[]> {
  return [...(await corpus(n))].map((message) => toStored({ ...message, remoteId: `further-${message.remoteId}` }))
}
