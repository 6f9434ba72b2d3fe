import { access, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openLog, openPorts, silentNotify } from '#hosts/ports/index.ts'
import { type Office, startOffice } from '#hosts/start.ts'
import type { AccountStatus, FeedSettings, IdentityId } from '#shared/model/index.ts'
import type { StoredAccount, StoreMessage } from '#store/store.ts'

/** Conversations in the large office; each is one message. */
export const CONVERSATIONS = 1_000_000
const ACCOUNTS = 30
const BATCH = 1000
const FIRST = Date.UTC(2021, 0, 1)
const STEP_MS = 157_000

/** Where the large office lies: kept between runs, since making it takes minutes. */
const kept = join(import.meta.dirname, '..', 'out', 'bench')

/** The large office as the program opens it; its folder and the program's data beside it. */
export interface LargeOffice {
  dir: string
  data: string
}

/**
 * An office with a million conversations over five years in thirty accounts of three identities; made once, by the store's own batches.
 * @param size A smaller number of conversations, for what shows with fewer; such an office is kept beside the large one.
 */
export async function largeOffice(size = CONVERSATIONS): Promise<LargeOffice> {
  const root = join(kept, size === CONVERSATIONS ? 'million' : String(size))
  const done = join(root, 'done')
  const place: LargeOffice = { dir: join(root, 'office'), data: join(root, 'data') }
  const made = await access(done).then(
    () => true,
    () => false,
  )
  if (made) return place
  await rm(root, { recursive: true, force: true })
  await mkdir(root, { recursive: true })
  const office = await openOffice(place, true)
  try {
    await fill(office, size)
  } finally {
    await office.close()
  }
  await writeFile(done, '')
  return place
}

/** Opens an office as the command line does: no account syncs by itself. */
export async function openOffice(place: LargeOffice, create = false): Promise<Office> {
  process.env.DISPATCH_DATA = place.data
  process.env.DISPATCH_SECRETS = 'file'
  const ports = await openPorts({ office: place.dir, create, log: openLog('bench'), notify: silentNotify })
  return startOffice({ host: 'cli', ports, create })
}

async function fill(office: Office, size: number): Promise<void> {
  const { store } = office.engine
  const identities: IdentityId[] = []
  for (const voice of ['institutional', 'mandate', 'personal'] as const)
    identities.push((await store.write.addIdentity({ name: `Voice ${voice}`, voice, shape: 'square', color: 'blue' })).id)
  const accounts: StoredAccount[] = []
  for (let n = 0; n < ACCOUNTS; n++) accounts.push(await addAccount(office, identities[n % identities.length] as IdentityId, n))
  const random = generator(7)
  let messages: StoreMessage[] = []
  for (let n = 0; n < size; n++) {
    messages.push(message(n, random))
    if (messages.length < BATCH) continue
    // Accounts of very different sizes, as offices have them.
    const account = accounts[Math.floor(random() ** 2 * ACCOUNTS)] as StoredAccount
    const at = new Date(FIRST + n * STEP_MS)
    await store.write.applyBatch({
      accountId: account.id,
      identityId: account.identityId,
      network: account.network,
      stream: 'bench',
      cursor: String(n),
      messages,
      marks: [],
      gone: [],
      reset: false,
      settled: false,
      capturedAt: at.toISOString(),
      arrival: { kind: 'backfill', recentAfter: new Date(at.getTime() - (random() < 0.2 ? 30 : 0) * 86_400_000).toISOString() },
      origin: 'sync',
      moved: null,
    })
    messages = []
    if ((n + 1) % 100_000 === 0) console.error(`bench: ${n + 1} conversations`)
  }
}

async function addAccount(office: Office, identityId: IdentityId, n: number): Promise<StoredAccount> {
  const { store } = office.engine
  const since = new Date(FIRST).toISOString()
  // Paused by a person, so that opening the window starts no network.
  const status: AccountStatus = { phase: 'paused', since, reason: null, nextTryAt: null, progress: null, lastSyncAt: since }
  const feed: FeedSettings = { url: `https://feed${n}.invalid/`, every: 60 }
  const made = await store.write.addAccount({
    identityId,
    label: `Account ${n}`,
    address: feed.url,
    settings: { network: 'feed', feed },
    status,
  })
  return store.write.updateAccount({ id: made.id, identityId, paused: true })
}

function message(n: number, random: () => number): StoreMessage {
  const words = (count: number) =>
    Array.from({ length: count }, () => vocabulary[Math.floor(random() ** 2 * vocabulary.length)]).join(' ')
  const text = words(30)
  const writer = Math.floor(random() * 40_000)
  return {
    remoteId: `m${n}`,
    place: null,
    threadKeys: [`m${n}`],
    kind: 'article',
    direction: 'inbound',
    from: { name: `Writer ${writer}`, handle: `writer${writer}@example.invalid` },
    to: [],
    cc: [],
    subject: words(6),
    at: new Date(FIRST + n * STEP_MS).toISOString(),
    text,
    read: random() < 0.9,
    answered: false,
    attachments: [],
    link: null,
    raw: Buffer.from(text),
    mediaType: 'text/plain',
    endpoint: 'bench',
  }
}

/** Numbers from 0 to 1 in an order that only the seed decides (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const syllables = ['ba', 'de', 'ki', 'lo', 'mu', 'ra', 'se', 'ti', 'vo', 'zu', 'an', 'er', 'in', 'ol', 'us']
const vocabulary = Array.from({ length: 5000 }, (_, n) =>
  [n % 15, Math.floor(n / 15) % 15, Math.floor(n / 225) % 15, Math.floor(n / 3375)]
    .map((part) => syllables[part % syllables.length])
    .join(''),
)
