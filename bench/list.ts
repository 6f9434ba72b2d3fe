import { officeKey } from '#hosts/office-file.ts'
import type { PageInput } from '#shared/contract/index.ts'
import type { InboxFilter, Label, SortKey, View } from '#shared/model/index.ts'
import { connect } from '#store/connect.ts'
import { databaseIn } from '#store/office.ts'
import type { Store } from '#store/store.ts'
import { CONVERSATIONS, generator, largeOffice, openOffice } from './million.ts'
import { type BenchRow, bounded, median, percentile } from './row.ts'

const GROUP = 'list'
/** Calls measured of each kind; kinds take turns, so that a busy moment of the machine falls on all of them. */
const CALLS = 150
const LIMIT = 100

/** Lists and badges at 1,000,000 conversations, through the engine's own calls: thread hop and row decoding included. */
export async function run(): Promise<BenchRow[]> {
  const place = await largeOffice()
  const office = await openOffice(place)
  const key = await officeKey(office.engine.ports.secrets, false)
  const direct = connect({ file: databaseIn(place.dir), key, mode: 'read' })
  const counting = direct.prepare(
    'SELECT account_id, shelf, COUNT(*), SUM(unread > 0) FROM conversation GROUP BY account_id, shelf',
  )
  try {
    return [...(await pages(office.engine.store)), ...(await badges(office.engine.store, () => counting.all()))]
  } finally {
    direct.close()
    await office.close()
  }
}

async function pages(store: Store): Promise<BenchRow[]> {
  const random = generator(3)
  const plain: InboxFilter = { view: 'all', identityId: null, accountId: null, labelId: null, unreadOnly: false }
  const accounts = await store.read.accounts()
  const identities = await store.read.identities()
  const theirs = accounts.filter((account) => account.identityId === identities[0]?.id)
  const outline = await store.read.outline(plain)
  const anyOf = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item
  const someKey = (): SortKey => anyOf(outline.keys)
  const input = (filter: InboxFilter, from: SortKey | null): PageInput => ({ filter, from, until: null, limit: LIMIT })
  const first = (filter: Partial<InboxFilter>) => () => store.read.page(input({ ...plain, ...filter }, null))
  const far = (filter: Partial<InboxFilter>) => () => store.read.page(input({ ...plain, ...filter }, someKey()))
  const label = await labelled(store)
  const views: View[] = ['open', 'needs_reply', 'waiting', 'done', 'snoozed']
  const kinds: [string, () => Promise<unknown>][] = [
    ['first', first({})],
    ['next', far({})],
    [
      'date',
      async () => {
        const at = new Date(Date.UTC(2021, 0, 1) + random() * 1_800 * 86_400_000).toISOString()
        await store.read.page(input(plain, await store.read.keyAt(plain, at)))
      },
    ],
    ...views.map((view): [string, () => Promise<unknown>] => [`view.${view}`, far({ view })]),
    ['identity', () => far({ view: anyOf(views), identityId: anyOf(identities).id })()],
    ['account', () => far({ view: anyOf(views), accountId: anyOf(accounts).id })()],
    ['label', () => far({ view: anyOf(views), labelId: label.id })()],
    ['label.all', far({ labelId: label.id })],
    ['label.account', () => far({ labelId: label.id, accountId: anyOf(theirs).id })()],
    ['label.unread', far({ labelId: label.id, unreadOnly: true })],
    ['unread', far({ unreadOnly: true })],
    ['unread.account', () => far({ view: 'open', unreadOnly: true, accountId: anyOf(accounts).id })()],
  ]
  const times = new Map(kinds.map(([name]) => [name, [] as number[]]))
  for (const [, call] of kinds) for (let warm = 0; warm < 10; warm++) await call()
  for (let round = 0; round < CALLS; round++)
    for (const [name, call] of kinds) {
      const start = performance.now()
      await call()
      times.get(name)?.push(performance.now() - start)
    }
  const plainP50 = median(times.get('first') ?? [])
  const against = `${CONVERSATIONS.toLocaleString('en')} conversations, ${LIMIT} rows`
  const rows: BenchRow[] = []
  for (const [name, values] of times) {
    rows.push(
      bounded({ id: `list.page.${name}.p95`, group: GROUP, value: percentile(values, 95), unit: 'ms', against }, '<=', 10),
    )
    if (name !== 'first')
      rows.push(
        bounded(
          {
            id: `list.page.${name}.ratio`,
            group: GROUP,
            value: median(values) / plainP50,
            unit: 'x',
            against: 'the plain first page',
          },
          '<=',
          4,
        ),
      )
  }
  const started = performance.now()
  await store.read.outline(plain)
  rows.push({
    id: 'list.outline',
    group: GROUP,
    value: performance.now() - started,
    unit: 'ms',
    goal: null,
    ok: null,
    against: 'places for a scrollbar over the whole list',
  })
  return rows
}

/** Conversations that one act labels. */
const AT_ONCE = 5000

/** A label on every second stretch of the first identity's conversations; put on once, by acts as a person does. */
async function labelled(store: Store): Promise<Label> {
  const [identity] = await store.read.identities()
  if (!identity) throw new Error('the large office has identities')
  const [there] = await store.read.labels(identity.id)
  if (there) return there
  const at = new Date().toISOString()
  const label = await store.write.addLabel({ identityId: identity.id, kind: 'label', name: 'Bench', color: 'teal', at })
  const filter: InboxFilter = { view: 'all', identityId: identity.id, accountId: null, labelId: null, unreadOnly: false }
  let from: SortKey | null = null
  for (let turn = 0; turn === 0 || from !== null; turn++) {
    const page = await store.read.page({ filter, from, until: null, limit: AT_ONCE })
    from = page.next
    if (turn % 2 === 0) await store.write.putLabels(page.rows, [label.id], [], at)
  }
  return label
}

/** Badges, read from their table, against counting the conversations of every account and view. */
async function badges(store: Store, count: () => void): Promise<BenchRow[]> {
  const kept: number[] = []
  const counted: number[] = []
  for (let round = 0; round < 15; round++) {
    let start = performance.now()
    await store.read.badges()
    kept.push(performance.now() - start)
    start = performance.now()
    count()
    counted.push(performance.now() - start)
  }
  const ratio = median(kept) / median(counted)
  return [
    { id: 'list.badges', group: GROUP, value: median(kept), unit: 'ms', goal: null, ok: null, against: 'read from their table' },
    bounded(
      { id: 'list.badges.ratio', group: GROUP, value: ratio, unit: 'x', against: 'one COUNT by account, view and unread' },
      '<=',
      0.05,
    ),
  ]
}
