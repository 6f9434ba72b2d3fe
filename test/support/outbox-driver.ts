import type { Client } from '#connectors/connector.ts'
import { Engine } from '#engine/engine.ts'
import type { Connectors } from '#engine/networks.ts'
import type { Clock, Http, Sockets } from '#ports/index.ts'
import {
  type AccountId,
  type Identity,
  type IdentityId,
  type Instant,
  type OutboxId,
  type OutboxItem,
  type OutgoingContent,
  ProblemError,
} from '#shared/model/index.ts'
import type { Store } from '#store/store.ts'
import { type Direct, directIn } from '../store/direct.ts'
import { memorySecrets, quietLog } from './office.ts'

/** A network that things are sent to, real or scripted, as the driver sees it. */
export interface DrivenNetwork {
  connectors: Connectors
  /** Makes the account through the engine, the first time that the office is open. */
  add(engine: Engine, identityId: IdentityId): Promise<AccountId>
  /** What to publish, so that `taken` finds its mark again. */
  content(mark: string): OutgoingContent
  /** Marks of all that the network has now, in the order in which it took them; one that is there twice is named twice. */
  taken(): Promise<string[]>
}

/** How time goes by: a scripted network's stands still until it is moved, a real one's goes by itself. */
export interface DrivenTime {
  clock: Clock
  /** Lets a little time go by, and what it wakes be done. */
  step(): Promise<void>
}

/** When the program is killed: at so many commits from its start, before anything of that one is stored or after all is. */
export interface Kill {
  commit: number
  when: 'before' | 'after'
}

export interface Drive {
  network: DrivenNetwork
  time: DrivenTime
  http?: Http
  sockets?: Sockets
  /** An empty folder. The office stays there, whole, at the end. */
  dir: string
  sends: number
  /** Every item continues the one before it, but for each `chain`th. */
  chain: number
  /** One for each life of the program; the last life is not killed. */
  kills: readonly Kill[]
  /** Steps after which it is given up. */
  mostSteps: number
}

export interface Driven {
  office: Direct
  identity: Identity
  accountId: AccountId
  /** By mark, in the order in which they were queued. */
  items: Map<string, OutboxItem>
  lives: number
}

/** The process ended: what its engine asks for from then on is never answered in time. */
class Killed extends ProblemError {
  constructor() {
    super('cancelled')
  }
}

/** The store of one life, which ends at a commit. */
function mortal(office: Direct, dir: string, plan: Kill | null, died: () => void): { store: Store; isDead: () => boolean } {
  let commits = 0
  let dead = false
  const die = (): never => {
    dead = true
    died()
    throw new Killed()
  }
  const alive = () => {
    if (dead) throw new Killed()
  }
  const wrap = (calls: object, run: (call: () => unknown) => unknown) =>
    Object.fromEntries(
      Object.entries(calls as Record<string, (...args: unknown[]) => unknown>).map(([name, call]) => [
        name,
        async (...args: unknown[]) => {
          alive()
          return run(() => call(...args))
        },
      ]),
    )
  const store = {
    readOnly: false,
    officeId: 'office',
    read: wrap(office.read, (call) => call()),
    write: wrap(office.write, (call) => {
      commits++
      const last = plan !== null && commits >= plan.commit
      if (last && plan.when === 'before') return die()
      const result = call()
      return last ? die() : result
    }),
    close: async () => undefined,
    dir,
  } as unknown as Store
  return { store, isDead: () => dead }
}

/** Connectors whose clients say nothing to the network any more once the process is dead. */
function severed(connectors: Connectors, isDead: () => boolean): Connectors {
  const cut = (client: Client): Client => {
    const guard = <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) => {
      return (...args: Args): Promise<Result> => (isDead() ? Promise.reject(new Killed()) : call(...args))
    }
    const { send, find } = client
    return Object.assign(Object.create(client) as Client, {
      check: guard(client.check.bind(client)),
      sync: guard(client.sync.bind(client)),
      wait: guard(client.wait.bind(client)),
      act: guard(client.act.bind(client)),
      close: client.close.bind(client),
      ...(send && { send: guard(send.bind(client)) }),
      ...(find && { find: guard(find.bind(client)) }),
    })
  }
  return Object.fromEntries(
    Object.entries(connectors).map(([name, connector]) => [
      name,
      Object.create(connector, { create: { value: (context: never) => cut(connector.create(context)) } }),
    ]),
  ) as unknown as Connectors
}

/**
 * Sends so many messages through a real engine and a real database, while the program is killed as planned and the network does what it
 * does. A person stands by, who queues what a kill swallowed, has what failed tried again, confirms what waited, and never says what
 * became of a message. Resolves when everything is sent.
 * @throws when that does not come about in `mostSteps`.
 */
export async function drive(options: Drive): Promise<Driven> {
  const { network, time, dir, sends, kills } = options
  const secrets = memorySecrets()
  const marks = Array.from({ length: sends }, (_, n) => `mark-${String(n).padStart(4, '0')}`)
  let identity: Identity | null = null
  let accountId: AccountId | null = null
  let steps = 0
  for (let life = 0; ; life++) {
    const office = directIn(dir)
    identity ??= office.write.addIdentity({ name: 'Office', voice: 'institutional', shape: 'square', color: 'blue' })
    const reborn = accountId !== null
    // The account is made in peace: the kit for connectors looks at that.
    const plan = reborn ? (kills[life - 1] ?? null) : null
    let died = false
    const { store, isDead } = mortal(office, dir, plan, () => {
      died = true
    })
    const refuse = () => Promise.reject(new ProblemError('host_unreachable', { host: 'h' }))
    const engine = new Engine({
      store,
      ports: {
        secrets,
        clock: time.clock,
        http: options.http ?? { fetch: refuse },
        sockets: options.sockets ?? { connect: refuse },
        log: quietLog,
        notify: { show: () => undefined, badge: () => undefined },
        paths: { office: dir, data: dir },
      },
      connectors: severed(network.connectors, isDead),
      autostart: true,
      random: () => 0.5,
    })
    try {
      await engine.open()
      accountId ??= await network.add(engine, identity.id)
      const done = reborn
        ? await live(engine, office, { ...options, marks, identity, accountId, dead: () => died, spent: () => ++steps })
        : false
      if (done && !died) {
        await engine.close()
        return { office, identity, accountId, items: byMark(office, identity.id), lives: life + 1 }
      }
    } catch (error) {
      if (!died) throw error
    }
    await engine.close().catch((error: unknown) => {
      if (!died) throw error
    })
    office.close()
  }
}

interface Life extends Drive {
  marks: string[]
  identity: Identity
  accountId: AccountId
  dead: () => boolean
  spent: () => number
}

/** @returns whether everything is sent; false when the program was killed before. */
async function live(engine: Engine, office: Direct, life: Life): Promise<boolean> {
  const { marks, identity, accountId, network, time } = life
  for (;;) {
    if (life.dead()) return false
    const there = byMark(office, identity.id)
    const next = marks.find((mark) => !there.has(mark))
    if (next !== undefined) {
      const n = marks.indexOf(next)
      const before = n % life.chain === 0 ? undefined : there.get(marks[n - 1] ?? '')
      const queued = engine.outbox.queue({
        identityId: identity.id,
        accountId,
        content: network.content(next),
        target: null,
        quote: null,
        after: before?.id ?? null,
        leaves: 'waiting',
        by: 'Ada',
        at: new Date(time.clock.now()).toISOString() as Instant,
      })
      const stale = await queued.then(() => false, endedBefore)
      // Some are queued at once, and some while others are on their way.
      if (!stale && n % 3 !== 0) continue
    } else if ([...there.values()].every(({ state }) => state === 'sent')) return true
    await nurse(engine, there, identity.id)
    await time.step()
    if (life.spent() > life.mostSteps) throw new Error(`given up: ${summary(there)}`)
  }
}

/** The part before ended while this one was queued: it is tried again first. @throws every other fault. */
function endedBefore(error: unknown): boolean {
  if (error instanceof ProblemError && error.code === 'outbox_state') return true
  throw error
}

/** Does what a person would about items that wait for one. */
async function nurse(engine: Engine, items: Map<string, OutboxItem>, identityId: IdentityId): Promise<void> {
  for (const { id, state, toConfirm } of items.values()) {
    const call = { id, identityId, by: 'Ada' }
    if (state === 'failed') await engine.outbox.retry(call)
    else if (toConfirm) await engine.outbox.confirm(call)
  }
}

function byMark(office: Direct, identityId: IdentityId): Map<string, OutboxItem> {
  const found = new Map<string, OutboxItem>()
  let before: OutboxId | null = null
  for (;;) {
    const items: OutboxItem[] = office.read.outboxItems({ identityId, accountId: null, states: null, before, limit: 200 })
    for (const item of items) {
      const mark = 'text' in item.content ? item.content.text.match(/mark-\d{4}/)?.[0] : undefined
      if (mark) found.set(mark, item)
    }
    const last = items.at(-1)
    if (!last) return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
    before = last.id
  }
}

function summary(items: Map<string, OutboxItem>): string {
  const counts: Record<string, number> = {}
  for (const { state, reason } of items.values()) {
    const name = `${state} ${reason?.code ?? ''}`.trim()
    counts[name] = (counts[name] ?? 0) + 1
  }
  return JSON.stringify(counts)
}
