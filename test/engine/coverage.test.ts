import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Entry } from '#archive/entries.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import { stateOf } from '#engine/coverage.ts'
import { Engine } from '#engine/engine.ts'
import type { Account, AccountId, IdentityId } from '#shared/model/index.ts'
import type { Store } from '#store/store.ts'
import { type Direct, direct, identityIn } from '../store/direct.ts'
import { FakeClock } from '../support/clock.ts'
import { batchOf, incoming, mailSettings, type ScriptedNetwork, scriptedNetwork } from '../support/fake-connector.ts'
import { memorySecrets, quietLog } from '../support/office.ts'

const MINUTE = 60_000
const HALF = 30_000
const POLL = 5 * MINUTE

/** The store without threads: what it is asked for is done before the promise is handed back. */
function storeOf(office: Direct): Store {
  const async = (calls: object) =>
    Object.fromEntries(
      Object.entries(calls as Record<string, (...args: unknown[]) => unknown>).map(([name, call]) => [
        name,
        async (...args: unknown[]) => call(...args),
      ]),
    )
  const store = {
    readOnly: false,
    officeId: 'office',
    read: async(office.read),
    write: async(office.write),
    close: async () => {},
  }
  return store as unknown as Store
}

/** An office on one machine, with a network that is asked every five minutes. */
class Machine {
  readonly office = direct()
  readonly identity = identityIn(this.office)
  readonly network: ScriptedNetwork = scriptedNetwork()
  clock = new FakeClock()
  engine: Engine
  /** Why passes fail; null when they come to their end. */
  fault: ConnectorFault | null = null
  /** Told of every pass that came to its end, and of every fault. */
  passed: (ok: boolean) => void = () => undefined

  constructor(autostart = true) {
    this.network.script.sync = [
      async () => {
        this.passed(this.fault === null)
        if (this.fault) throw this.fault
      },
    ]
    this.engine = this.make(autostart)
  }

  private make(autostart: boolean): Engine {
    const { clock } = this
    this.network.script.wait = [(signal) => clock.sleep(POLL, signal)]
    return new Engine({
      store: storeOf(this.office),
      ports: {
        secrets: memorySecrets(),
        clock,
        http: { fetch: () => Promise.reject(new Error('no network')) },
        log: quietLog,
        notify: { show: () => undefined, badge: () => undefined },
        paths: { office: this.office.dir, data: this.office.dir },
      },
      connectors: this.network.connectors,
      autostart,
      random: () => 0,
    })
  }

  /** The program starts, after it was closed or killed for so long. */
  async start(afterMs = 0, autostart = true): Promise<void> {
    // A clock of its own: whatever an engine that was killed still waits for never comes.
    this.clock = new FakeClock(this.clock.now() + afterMs)
    this.engine = this.make(autostart)
    await this.engine.open()
    await settle()
  }

  async add(): Promise<Account> {
    const account = await this.engine.accounts.add({
      identityId: this.identity.id,
      label: null,
      network: 'mail',
      settings: mailSettings,
      secret: 'hunter2',
    })
    await settle()
    return account
  }

  /** Time goes by, half a minute at a time, as long as the machine looks whether it is awake. */
  async run(ms: number): Promise<void> {
    for (let gone = 0; gone < ms; gone += HALF) {
      this.clock.advance(HALF)
      await settle()
    }
  }

  async asleep(move: () => void): Promise<void> {
    move()
    await settle()
  }

  intervals(id: AccountId) {
    return (
      this.office.read
        .coverage({ identityIds: null, accountIds: [id], from: null, to: null })[0]
        ?.intervals.map(({ state, from, to }) => `${state} ${clockText(from)}-${clockText(to)}`) ?? []
    )
  }
}

const clockText = (instant: string) => instant.slice(11, 19).replace(/:00$/, '')
const settle = () => new Promise((resolve) => setImmediate(resolve))
const offline = new ConnectorFault('transient', 'host_unreachable', { host: 'h' })
const all = { identityIds: null, accountIds: null, from: null, to: null }

describe('what an account was doing', () => {
  it('goes into a word for each phase and problem', () => {
    const said = (phase: Account['status']['phase'], code?: string) =>
      stateOf({ phase, reason: code === undefined ? null : { code: code as 'silence', params: {} } })
    expect(said('retrying', 'rate_limited')).toBe('throttled')
    expect(said('retrying', 'host_unreachable')).toBe('offline')
    expect(said('needs_login', 'login_failed')).toBe('logged_out')
    expect(said('needs_login', 'secret_missing')).toBe('logged_out')
    expect(said('needs_login', 'tls_untrusted')).toBe('offline')
    expect(said('paused', 'feed_gone')).toBe('paused')
  })

  it('is watched from pass to pass, offline from the last one before the network went', async () => {
    const machine = new Machine()
    await machine.start()
    const { id } = await machine.add()
    await machine.run(12 * MINUTE)
    machine.fault = offline
    await machine.run(8 * MINUTE)
    machine.fault = null
    await machine.run(30 * MINUTE)
    await machine.engine.close()
    const found = machine.intervals(id)
    expect(found.slice(0, 1)).toEqual(['watched 09:00-09:10'])
    expect(found[1]).toMatch(/^offline 09:10-09:2/)
    expect(found[2]).toMatch(/^watched 09:2.*-09:/)
    expect(found).toHaveLength(3)
  })

  it.each([
    ['throttled', new ConnectorFault('rate', 'rate_limited', { host: 'h' })],
    ['logged_out', new ConnectorFault('login', 'login_failed', { host: 'h' })],
    ['paused', new ConnectorFault('decision', 'feed_gone', { host: 'h' })],
  ] as const)('is %s until the program ends, although nothing happens meanwhile', async (state, fault) => {
    const machine = new Machine()
    await machine.start()
    const { id } = await machine.add()
    await machine.run(7 * MINUTE)
    machine.fault = fault
    await machine.run(60 * MINUTE)
    await machine.engine.close()
    expect(machine.intervals(id)).toEqual(['watched 09:00-09:05', `${state} 09:05-10:07`])
  })

  it('is read for the first time before it is watched, and what the network no longer hands out is out of reach', async () => {
    const machine = new Machine()
    let finish: () => void = () => undefined
    const finished = new Promise<void>((resolve) => {
      finish = resolve
    })
    machine.network.script.sync = [
      async (commit, _signal, context) => {
        await commit(batchOf('1', [incoming('a')]))
        await finished
        context.reaches('2026-01-03T00:00:00.000Z')
      },
      () => Promise.resolve(),
    ]
    await machine.start()
    const { id } = await machine.add()
    await machine.run(20 * MINUTE)
    finish()
    await settle()
    await machine.run(7 * MINUTE)
    await machine.engine.close()
    expect(machine.intervals(id)).toEqual(['out_of_reach 00:00-00:00', 'backfilling 09:00-09:20', 'watched 09:20-09:25'])
  })

  it('is closed from the last pass that was written down to the next start, when the program was killed', async () => {
    const machine = new Machine()
    await machine.start()
    const { id } = await machine.add()
    await machine.run(13 * MINUTE)
    await machine.start(60 * MINUTE)
    await machine.run(6 * MINUTE)
    await machine.engine.close()
    expect(machine.intervals(id)).toEqual(['watched 09:00-09:10', 'closed 09:10-10:13', 'watched 10:13-10:18'])
  })

  it('is closed while the machine sleeps, whether its steady clock stops meanwhile or not', async () => {
    for (const sleep of [
      (clock: FakeClock) => clock.jump(3 * 60 * MINUTE),
      (clock: FakeClock) => clock.advance(3 * 60 * MINUTE),
    ]) {
      const machine = new Machine()
      await machine.start()
      const { id } = await machine.add()
      await machine.run(11 * MINUTE)
      await machine.asleep(() => sleep(machine.clock))
      // Before the next pass there is nothing that speaks for the time since the last one.
      const { unwatched } = await machine.engine.coverage.ask(all)
      expect(unwatched.map(({ reason }) => reason)).toEqual(['closed'])
      await machine.run(11 * MINUTE)
      await machine.engine.close()
      const found = machine.intervals(id)
      expect(found[0]).toBe('watched 09:00-09:10')
      expect(found[1]).toMatch(/^closed 09:10-12:1/)
      expect(found[2]).toMatch(/^watched 12:1/)
      expect(found).toHaveLength(3)
    }
  })

  it('is paused until a person ends the pause, also while the program is closed', async () => {
    const machine = new Machine()
    await machine.start()
    const { id, identityId } = await machine.add()
    await machine.run(6 * MINUTE)
    await machine.engine.accounts.setPaused(id, identityId, true)
    await machine.run(4 * MINUTE)
    await machine.engine.close()
    await machine.start(60 * MINUTE)
    await machine.run(MINUTE)
    await machine.engine.accounts.setPaused(id, identityId, false)
    await settle()
    await machine.run(6 * MINUTE)
    await machine.engine.close()
    expect(machine.intervals(id)).toEqual(['watched 09:00-09:05', 'paused 09:05-10:11', 'watched 10:11-10:16'])
  })

  it('is watched only while it is synced, where nobody stays', async () => {
    const machine = new Machine(false)
    await machine.start(0, false)
    const { id } = await machine.add()
    machine.network.script.sync = [() => machine.clock.sleep(2 * MINUTE)]
    for (const wait of [MINUTE, 30 * MINUTE, 10 * MINUTE]) {
      await machine.run(wait)
      const synced = machine.engine.accounts.sync(id)
      await settle()
      await machine.run(2 * MINUTE)
      await synced
    }
    await machine.engine.close()
    expect(machine.intervals(id)).toEqual([
      'closed 09:00-09:01',
      'backfilling 09:01-09:03',
      'closed 09:03-09:33',
      'watched 09:33-09:35',
      'closed 09:35-09:45',
      'watched 09:45-09:47',
    ])
  })

  it('writes at most once a minute while all is as it was', async () => {
    const machine = new Machine()
    await machine.start()
    machine.network.script.wait = [(signal) => machine.clock.sleep(1000, signal)]
    await machine.add()
    await machine.run(MINUTE)
    let writes = 0
    const { cover } = machine.engine.store.write
    machine.engine.store.write.cover = (seen) => {
      writes++
      return cover(seen)
    }
    for (let second = 0; second < 20 * 60; second++) {
      machine.clock.advance(1000)
      await settle()
    }
    expect(writes).toBeGreaterThan(10)
    expect(writes).toBeLessThanOrEqual(20)
    await machine.engine.close()
  })

  it('is written later where it cannot be written now', async () => {
    const machine = new Machine()
    await machine.start()
    const { id } = await machine.add()
    const { cover } = machine.engine.store.write
    machine.engine.store.write.cover = () => Promise.reject(new Error('the disk is full'))
    await machine.run(7 * MINUTE)
    machine.fault = offline
    await machine.run(4 * MINUTE)
    machine.engine.store.write.cover = cover
    await machine.engine.close()
    expect(machine.intervals(id)).toEqual(['watched 09:00-09:05', 'offline 09:05-09:11'])
  })
})

describe('the answer', () => {
  it('says how much of a time was watched and why not, up to the last pass', async () => {
    const machine = new Machine()
    await machine.start()
    const { id } = await machine.add()
    await machine.run(61 * MINUTE)
    machine.fault = offline
    await machine.run(20 * MINUTE)
    const now = () => new Date(machine.clock.now()).toISOString()
    const answer = await machine.engine.coverage.ask(all)
    expect(answer).toMatchObject({ from: '2026-01-15T09:00:00.000Z', to: now() })
    expect(answer.watched).toBeCloseTo(60 / 81)
    expect(answer.unwatched).toEqual([{ reason: 'offline', ms: 21 * MINUTE }])
    expect(answer.accounts).toMatchObject([{ accountId: id, gaps: [{ reason: 'offline', to: now() }], more: 0 }])
    machine.fault = null
    await machine.run(40 * MINUTE)
    const [later] = (await machine.engine.coverage.ask(all)).accounts
    expect(later?.gaps).toHaveLength(1)
    expect(Date.parse(later?.to ?? '')).toBeLessThanOrEqual(machine.clock.now())
    expect(machine.clock.now() - Date.parse(later?.to ?? '')).toBeLessThan(POLL)
    const part = await machine.engine.coverage.ask({ ...all, from: '2026-01-15T08:00:00.000Z', to: '2026-01-15T09:30:00.000Z' })
    expect(part.watched).toBeCloseTo(1 / 3)
    expect(part.unwatched).toEqual([{ reason: 'before', ms: 60 * MINUTE }])
    await machine.engine.close()
  })

  it('is about the identities and accounts that were asked for, and of nobody there is nothing to say', async () => {
    const machine = new Machine()
    await machine.start()
    const { id } = await machine.add()
    await machine.run(MINUTE)
    const ask = (change: object) => machine.engine.coverage.ask({ ...all, ...change })
    expect((await ask({ accountIds: [id] })).accounts).toHaveLength(1)
    expect((await ask({ identityIds: [machine.identity.id] })).accounts).toHaveLength(1)
    expect(await ask({ identityIds: ['99' as IdentityId] })).toMatchObject({ from: null, watched: null, accounts: [] })
    await machine.engine.close()
  })

  it('says that nobody watched when only commands are run', async () => {
    const machine = new Machine()
    await machine.start()
    await machine.add()
    await machine.run(11 * MINUTE)
    await machine.engine.close()
    await machine.start(9 * MINUTE, false)
    const answer = await machine.engine.coverage.ask(all)
    expect(answer.unwatched).toEqual([{ reason: 'closed', ms: 10 * MINUTE }])
    await machine.engine.close()
  })
})

const event = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('run' as const), halves: fc.integer({ min: 1, max: 30 }) }) },
  fc.record({ kind: fc.constant('fault' as const), code: fc.constantFrom('host_unreachable', 'rate_limited', 'login_failed') }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('mend' as const) }) },
  fc.record({ kind: fc.constant('kill' as const), minutes: fc.nat(90) }),
  fc.record({ kind: fc.constant('sleep' as const), minutes: fc.integer({ min: 4, max: 90 }), steady: fc.boolean() }),
  fc.record({ kind: fc.constant('back' as const), minutes: fc.integer({ min: 1, max: 90 }) }),
  fc.record({ kind: fc.constant('pause' as const), on: fc.boolean() }),
)

describe('whatever happens to a machine', () => {
  it('leaves no hole and no overlap, is in the ledger once, and nothing is watched that was not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 14 }), async (events) => {
        const machine = new Machine()
        await machine.start()
        /** Half minutes that the clock showed between two passes that came to their end, with nothing between them. */
        const watched = new Set<number>()
        let since: number | null = null
        let unconfirmed: number[] = []
        const forget = () => {
          since = null
          unconfirmed = []
        }
        const show = () => {
          if (since === null) return
          for (let at = since; at < machine.clock.now(); at += HALF) unconfirmed.push(at)
          since = machine.clock.now()
        }
        machine.passed = (ok) => {
          show()
          if (ok) {
            for (const at of unconfirmed) watched.add(at)
            unconfirmed = []
            since = machine.clock.now()
          } else forget()
        }
        const { id, identityId } = await machine.add()
        for (const one of events) {
          if (one.kind === 'run') await machine.run(one.halves * HALF)
          else if (one.kind === 'mend') machine.fault = null
          else if (one.kind === 'fault') {
            const kind = one.code === 'login_failed' ? 'login' : one.code === 'rate_limited' ? 'rate' : 'transient'
            machine.fault = new ConnectorFault(kind, one.code as 'login_failed', { host: 'h' })
          } else if (one.kind === 'kill') {
            forget()
            await machine.start(one.minutes * MINUTE)
          } else if (one.kind === 'sleep') {
            forget()
            const ms = one.minutes * MINUTE
            await machine.asleep(() => (one.steady ? machine.clock.advance(ms) : machine.clock.jump(ms)))
          } else if (one.kind === 'back') {
            show()
            machine.clock.jump(-one.minutes * MINUTE)
            if (since !== null) since = machine.clock.now()
          } else {
            if (one.on) forget()
            await machine.engine.accounts.setPaused(id, identityId, one.on)
            await settle()
          }
        }
        await machine.engine.close()
        const [found] = machine.office.read.coverage({ ...all, accountIds: [id] })
        const rows = found?.intervals ?? []
        expect(rows[0]?.from).toBe('2026-01-15T09:00:00.000Z')
        for (const [n, row] of rows.slice(1).entries()) expect(row.from).toBe(rows[n]?.to)
        for (const { state, from, to } of rows)
          if (state === 'watched') for (let at = Date.parse(from); at < Date.parse(to); at += HALF) expect(watched).toContain(at)
        const entered = machine.office.read
          .entries(identityId, 0, 10_000)
          .map((entry) => Entry.parse(JSON.parse(entry)))
          .flatMap((entry) => (entry.kind === 'coverage' ? [{ state: entry.state, from: entry.from, to: entry.to }] : []))
        expect(rows.slice(0, entered.length)).toEqual(entered)
        expect(rows.length - entered.length).toBeLessThanOrEqual(2)
      }),
      { numRuns: 25 },
    )
  }, 120_000)
})
