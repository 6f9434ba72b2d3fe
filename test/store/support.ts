import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { afterEach } from 'vitest'
import type { Log } from '#ports/index.ts'
import { type AccountStatus, type FeedSettings, type Identity, type MailSettings, ProblemError } from '#shared/model/index.ts'
import { connect } from '#store/connect.ts'
import { type OpenOptions, openStore } from '#store/open.ts'
import type { Store, StoreBatch, StoredAccount, StoreMessage } from '#store/store.ts'
import { key, threadUrl } from './support-plain.ts'

export { key, threadUrl }
export const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} }

const cleanUp: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
})

/** Runs something after the test, last first. */
export function onCleanUp(undo: () => Promise<void> | void): void {
  cleanUp.push(undo)
}

/** A new empty directory, removed after the test. */
export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'dispatch-store-'))
  cleanUp.push(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** Opens (and makes) an office, closed after the test. */
export async function open(dir: string, options: Partial<OpenOptions> = {}): Promise<Store> {
  const store = await openStore({ dir, key, create: true, log: quiet, threadUrl, readers: 1, busyMs: 200, ...options })
  cleanUp.push(() => store.close())
  return store
}

export const status: AccountStatus = {
  phase: 'live',
  since: '2026-01-01T00:00:00.000Z',
  reason: null,
  nextTryAt: null,
  progress: null,
  lastSyncAt: null,
}

const server = { host: 'mail.example', port: 993, security: 'tls' as const }
export const mail: MailSettings = {
  address: 'office@parliament.example',
  user: 'office',
  auth: 'password',
  imap: server,
  smtp: null,
  folders: [],
  ca: null,
  pins: {},
}
export const feed: FeedSettings = { url: 'https://parliament.example/feed', every: 15 }

export async function addIdentity(store: Store, name = 'Office', voice: Identity['voice'] = 'mandate'): Promise<Identity> {
  return await store.write.addIdentity({ name, voice, shape: 'circle', color: 'green' })
}

export async function addAccount(store: Store, identity: Identity, network: 'mail' | 'feed' = 'mail'): Promise<StoredAccount> {
  return await store.write.addAccount({
    identityId: identity.id,
    label: 'Office mail',
    address: mail.address,
    settings: network === 'mail' ? { network, mail } : { network, feed },
    status,
  })
}

/** A mail with sensible defaults; `n` makes it differ from others. */
export function message(n: number, changes: Partial<StoreMessage> = {}): StoreMessage {
  const remoteId = changes.remoteId ?? `<m${n}@example>`
  const text = changes.text ?? `Text of message ${n}`
  return {
    remoteId,
    place: `INBOX:${n}`,
    threadKeys: [remoteId],
    kind: 'mail',
    direction: 'inbound',
    from: { name: `Writer ${n}`, handle: `writer${n}@example.org` },
    to: [{ name: 'Office', handle: 'office@parliament.example' }],
    cc: [],
    subject: `Subject ${n}`,
    at: new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString(),
    text,
    read: false,
    answered: false,
    attachments: [],
    link: null,
    raw: new TextEncoder().encode(`Message-ID: ${remoteId}\r\n\r\n${text}`),
    mediaType: 'message/rfc822',
    endpoint: 'imaps://mail.example/INBOX',
    ...changes,
  }
}

/** A batch of live messages for an account. */
export function batch(account: StoredAccount, messages: StoreMessage[], changes: Partial<StoreBatch> = {}): StoreBatch {
  return {
    accountId: account.id,
    identityId: account.identityId,
    network: account.network,
    stream: 'INBOX',
    cursor: 'c1',
    messages,
    marks: [],
    gone: [],
    reset: false,
    settled: false,
    capturedAt: '2026-02-01T00:00:00.000Z',
    arrival: { kind: 'live' },
    origin: 'sync',
    moved: null,
    ...changes,
  }
}

export const openFilter = { view: 'open' as const, identityId: null, accountId: null, labelId: null, unreadOnly: false }
export const firstPage = { filter: openFilter, from: null, until: null, limit: 50 }

/** A connection of its own to an office's database, for looking and for breaking things. Closed after the test. */
export function raw(dir: string, mode: 'read' | 'write' = 'write'): Database.Database {
  const db = connect({ file: join(dir, 'office.db'), key, mode, busyMs: 200 })
  cleanUp.push(() => {
    db.close()
  })
  return db
}

/** The code of the problem that a promise rejects with; fails when it does not. */
export async function problemOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    if (error instanceof ProblemError) return error.code
    throw error
  }
  throw new Error('it should have failed')
}
