import { describe, expect, it } from 'vitest'
import { ConnectorFault } from '#connectors/fault.ts'
import { stateOf } from '#engine/coverage.ts'
import type { Account, IdentityId } from '#shared/model/index.ts'
import type { FakeClock } from '../support/clock.ts'
import { batchOf, incoming } from '../support/fake-connector.ts'
import { Machine, MINUTE, POLL, settle } from './machine.ts'

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
