import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConnectorFault } from '#connectors/fault.ts'
import { Engine } from '#engine/engine.ts'
import type { Change } from '#shared/contract/index.ts'
import { type AccountId, type AccountPhase, type Identity, ProblemError } from '#shared/model/index.ts'
import { batchOf, incoming, mailSettings, type ScriptedNetwork, scriptedNetwork } from '../support/fake-connector.ts'
import { type TestOffice, testOffice } from '../support/office.ts'

let office: TestOffice
let network: ScriptedNetwork
let engine: Engine
let identity: Identity

beforeEach(async () => {
  office = await testOffice()
  network = scriptedNetwork()
  engine = makeEngine(true)
  await engine.open()
  identity = await office.store.write.addIdentity({
    name: 'Press office',
    voice: 'institutional',
    shape: 'square',
    color: 'blue',
  })
})

afterEach(async () => {
  await engine.close()
  await office.remove()
})

function makeEngine(autostart: boolean): Engine {
  return new Engine({ store: office.store, ports: office.ports, connectors: network.connectors, autostart, random: () => 0 })
}

const add = () =>
  engine.accounts.add({ identityId: identity.id, label: null, network: 'mail', settings: mailSettings, secret: 'hunter2' })

/** Resolves when the account has reached a phase. */
async function reached(id: AccountId, phase: AccountPhase): Promise<void> {
  const controller = new AbortController()
  const listener = engine.changes.listen(controller.signal)
  let next = listener.next()
  while (engine.accounts.get(id).status.phase !== phase) {
    if ((await next).done) throw new Error('the engine closed')
    next = listener.next()
  }
  controller.abort()
}

describe('an account', () => {
  it('that left something out says so although it is in step, until a pass leaves nothing out', async () => {
    const account = await add()
    network.script.remark = { code: 'messages_left_out', params: { host: 'h', count: '1', folder: 'INBOX' } }
    const [report] = await engine.accounts.sync(account.id)
    expect(report?.problem).toBeNull()
    expect(engine.accounts.get(account.id).status).toMatchObject({ phase: 'live', reason: { code: 'messages_left_out' } })
    network.script.remark = null
    await engine.accounts.sync(account.id)
    expect(engine.accounts.get(account.id).status).toMatchObject({ phase: 'live', reason: null })
  })

  it('is made only when its sign-in worked, and its password is in no column of the database', async () => {
    network.script.check = () => Promise.reject(new ConnectorFault('login', 'login_failed', { host: 'h' }))
    await expect(add()).rejects.toMatchObject({ code: 'login_failed' })
    expect(await office.store.read.accounts()).toEqual([])
    network.script.check = () => Promise.resolve()
    const account = await add()
    expect(account.label).toBe('scripted')
    expect(JSON.stringify(await office.store.read.accounts())).not.toContain('hunter2')
    expect(await office.ports.secrets.get(`account:${account.id}`)).toBe('hunter2')
  })

  it('that holds what was imported is live once the same signs in, and nobody else can', async () => {
    const { id, status } = await engine.accounts.addArchive({
      identityId: identity.id,
      label: null,
      network: 'mastodon',
      handle: '@office',
      server: null,
    })
    expect(status.phase).toBe('paused')
    const signedIn = (handle: string) => ({
      settings: {
        network: 'mastodon' as const,
        mastodon: { handle, userId: null, server: null, live: { origin: 'https://social.test', id: '7' } },
      },
      secret: 'token',
    })
    await expect(engine.accounts.signInAgain(id, identity.id, signedIn('member'))).rejects.toMatchObject({
      code: 'account_other',
      params: { found: 'member', expected: 'office' },
    })
    expect(await office.ports.secrets.get(`account:${id}`)).toBeNull()
    network.script.check = () => Promise.reject(new ConnectorFault('login', 'login_failed', { host: 'h' }))
    await expect(engine.accounts.signInAgain(id, identity.id, signedIn('office'))).rejects.toMatchObject({ code: 'login_failed' })
    expect(engine.accounts.get(id).status.phase).toBe('paused')
    network.script.check = () => Promise.resolve()
    await engine.accounts.signInAgain(id, identity.id, signedIn('office'))
    await reached(id, 'live')
    expect(await office.ports.secrets.get(`account:${id}`)).toBe('token')
  })

  it('brings in what is there, then stays live', async () => {
    network.script.sync = [
      async (commit) => void (await commit(batchOf('1', [incoming('a'), incoming('b')]))),
      () => Promise.resolve(),
    ]
    const account = await add()
    await network.called('wait', 1)
    expect(engine.accounts.get(account.id).status).toMatchObject({ phase: 'live', reason: null, progress: null })
    expect(engine.accounts.get(account.id).status.lastSyncAt).not.toBeNull()
    const page = await office.store.read.page({
      filter: { view: 'all', identityId: null, accountId: null, labelId: null, unreadOnly: false },
      from: null,
      until: null,
      limit: 10,
    })
    expect(page.rows.map((row) => row.subject).sort()).toEqual(['About a', 'About b'])
  })

  it('tries again after a passing fault with growing pauses, and never asks for the password', async () => {
    const broken = () => Promise.reject(new ConnectorFault('transient', 'connection_lost', { host: 'h' }))
    network.script.sync = [broken, broken, broken, () => Promise.resolve()]
    const account = await add()
    for (const pause of [5_000, 10_000, 20_000]) {
      await reached(account.id, 'retrying')
      await office.clock.asleep((pauses) => pauses.includes(pause))
      expect(engine.accounts.get(account.id).status).toMatchObject({ phase: 'retrying', reason: { code: 'connection_lost' } })
      office.clock.advance(pause)
    }
    await network.called('wait', 1)
    expect(engine.accounts.get(account.id).status).toMatchObject({ phase: 'live', reason: null, nextTryAt: null })
  })

  it('waits as long as the network asked', async () => {
    const until = office.clock.now() + 120_000
    network.script.sync = [
      () => Promise.reject(new ConnectorFault('rate', 'rate_limited', { host: 'h' }, { retryAt: until })),
      () => Promise.resolve(),
    ]
    const account = await add()
    await office.clock.asleep((pauses) => pauses.includes(120_000))
    expect(engine.accounts.get(account.id).status.nextTryAt).toBe(new Date(until).toISOString())
    office.clock.advance(120_000)
    await network.called('wait', 1)
  })

  it('asks for a sign-in when the network refused the password, does not hammer, and goes on after it', async () => {
    network.script.sync = [
      () => Promise.reject(new ConnectorFault('login', 'login_failed', { host: 'h' })),
      () => Promise.resolve(),
    ]
    const account = await add()
    await reached(account.id, 'needs_login')
    office.clock.advance(86_400_000)
    expect(network.calls.filter((call) => call === 'sync')).toHaveLength(1)
    await engine.accounts.signIn(account.id, identity.id, { settings: null, secret: 'new password' })
    await network.called('wait', 1)
    expect(engine.accounts.get(account.id).status.phase).toBe('live')
    expect(await office.ports.secrets.get(`account:${account.id}`)).toBe('new password')
  })

  it('is stopped and shown after five bugs in a row', async () => {
    network.script.sync = [() => Promise.reject(new TypeError('undefined is not a function'))]
    const account = await add()
    for (let crash = 1; crash < 5; crash++) {
      await network.called('sync', crash)
      const pause = 5_000 * 2 ** (crash - 1)
      await office.clock.asleep((pauses) => pauses.includes(pause))
      office.clock.advance(pause)
    }
    await reached(account.id, 'paused')
    expect(engine.accounts.get(account.id).status.reason).toEqual({ code: 'internal', params: { detail: 'TypeError' } })
  })

  it('can be paused and resumed by a person of its own identity only', async () => {
    const account = await add()
    await network.called('wait', 1)
    const other = await office.store.write.addIdentity({ name: 'Party', voice: 'personal', shape: 'diamond', color: 'amber' })
    await expect(engine.accounts.setPaused(account.id, other.id, true)).rejects.toMatchObject({ code: 'voice_mismatch' })
    expect((await engine.accounts.setPaused(account.id, identity.id, true)).status.phase).toBe('paused')
    expect(network.calls.at(-1)).toBe('close')
    await engine.accounts.setPaused(account.id, identity.id, false)
    await network.called('wait', 2)
  })

  it('comes back after a restart as it was, without a first sync', async () => {
    network.script.sync = [async (commit) => void (await commit(batchOf('7', [incoming('a')])))]
    const account = await add()
    await network.called('wait', 1)
    await engine.accounts.close()
    const again = makeEngine(false)
    await again.open()
    expect(again.accounts.get(account.id)).toMatchObject({ address: 'office@parliament.test', identityId: identity.id })
    expect(again.accounts.get(account.id).status.lastSyncAt).not.toBeNull()
    expect(await office.store.read.cursor(account.id, 'inbox')).toBe('7')
    await again.accounts.close()
  })
})

describe('an account that moved on its network', () => {
  it('keeps its new settings and shows its new address, here and after a restart', async () => {
    const url = 'https://new.parliament.test/feed'
    network.script.sync = [
      async (commit, _signal, context) => {
        await context.setSettings({ url, every: 30 })
        await commit(batchOf('1', [incoming('a')]))
      },
    ]
    const settings = { url: 'https://old.parliament.test/feed', every: 30 }
    const account = await engine.accounts.add({ identityId: identity.id, label: 'News', network: 'feed', settings, secret: null })
    await network.called('wait', 1)
    expect(engine.accounts.get(account.id).address).toBe(url)
    expect(await office.store.read.accounts()).toMatchObject([{ address: url, settings: { network: 'feed', feed: { url } } }])
  })
})

describe('sync on demand', () => {
  it('runs one pass without supervisors and says what it brought', async () => {
    const cli = makeEngine(false)
    await cli.open()
    const account = await cli.accounts.add({
      identityId: identity.id,
      label: 'CLI',
      network: 'mail',
      settings: mailSettings,
      secret: 'x',
    })
    network.script.sync = [async (commit) => void (await commit(batchOf('1', [incoming('a'), incoming('b'), incoming('c')])))]
    const [report] = await cli.accounts.sync(account.id)
    expect(report).toMatchObject({ accountId: account.id, new: 3, updated: 0, deleted: 0, problem: null })
    const [again] = await cli.accounts.sync(null)
    expect(again).toMatchObject({ new: 0, problem: null })
    await cli.accounts.close()
  })

  it('reports the fault in words and rejects for an unknown account', async () => {
    const cli = makeEngine(false)
    await cli.open()
    const account = await cli.accounts.add({
      identityId: identity.id,
      label: 'CLI',
      network: 'mail',
      settings: mailSettings,
      secret: 'x',
    })
    network.script.sync = [() => Promise.reject(new ConnectorFault('transient', 'timed_out', { host: 'h' }))]
    expect((await cli.accounts.sync(account.id))[0]?.problem).toEqual({ code: 'timed_out', params: { host: 'h' } })
    await expect(cli.accounts.sync('999' as AccountId)).rejects.toBeInstanceOf(ProblemError)
    await cli.accounts.close()
  })

  it('interrupts the wait of a live account', async () => {
    network.script.sync = [() => Promise.resolve(), async (commit) => void (await commit(batchOf('2', [incoming('late')])))]
    const account = await add()
    await network.called('wait', 1)
    const [report] = await engine.accounts.sync(account.id)
    expect(report).toMatchObject({ new: 1, problem: null })
  })
})

describe('triage', () => {
  async function oneConversation() {
    network.script.sync = [async (commit) => void (await commit(batchOf('1', [incoming('a')]))), () => Promise.resolve()]
    const account = await add()
    await network.called('wait', 1)
    const filter = { view: 'all', identityId: null, accountId: account.id, labelId: null, unreadOnly: false } as const
    const [row] = (await office.store.read.page({ filter, from: null, until: null, limit: 1 })).rows
    if (!row) throw new Error('nothing arrived')
    return { account, target: { id: row.id, identityId: row.identityId } }
  }
  const rowOf = async (id: string) => (await office.store.read.rows([id as never]))[0]

  it('sends the read flag to the network once, from the store, and undo sends it back', async () => {
    const { target } = await oneConversation()
    const { act } = await engine.triage.setRead([target], true)
    await network.called('act', 1)
    expect(network.acts).toMatchObject([{ kind: 'set_read', remoteId: 'a', on: true }])
    expect(await rowOf(target.id)).toMatchObject({ unread: 0 })
    await engine.triage.undo(act)
    await network.called('act', 2)
    expect(network.acts[1]).toMatchObject({ kind: 'set_read', remoteId: 'a', on: false })
    expect(await rowOf(target.id)).toMatchObject({ unread: 1 })
  })

  it('keeps an act that the network could not take, and sends it with the next pass', async () => {
    const { target, account } = await oneConversation()
    let broken = true
    network.script.act = () =>
      broken ? Promise.reject(new ConnectorFault('transient', 'connection_lost', { host: 'h' })) : Promise.resolve()
    await engine.triage.setRead([target], true)
    await reached(account.id, 'retrying')
    expect(network.acts).toEqual([])
    broken = false
    office.clock.advance(5_000)
    await network.called('wait', 2)
    expect(network.acts).toHaveLength(1)
    expect(await office.store.read.pendingActs(account.id, 10)).toEqual([])
  })

  it('refuses a target that names another identity, and changes nothing', async () => {
    const { target } = await oneConversation()
    const other = await office.store.write.addIdentity({ name: 'Party', voice: 'personal', shape: 'diamond', color: 'amber' })
    await expect(engine.triage.setState([{ ...target, identityId: other.id }], 'done')).rejects.toMatchObject({
      code: 'voice_mismatch',
    })
    expect(await rowOf(target.id)).toMatchObject({ state: 'needs_reply' })
  })

  it('wakes a snoozed conversation when its time has come, and tells the lists', async () => {
    const { target } = await oneConversation()
    const until = new Date(office.clock.now() + 45_000).toISOString()
    await engine.triage.snooze([target], until)
    expect(await rowOf(target.id)).toMatchObject({ snoozedUntil: until })
    const seen: Change[] = []
    const listener = engine.changes.listen()
    const woken = (async () => {
      for await (const change of listener) {
        seen.push(change)
        if (change.kind === 'conversations' && change.arrived.length > 0) return
      }
    })()
    await office.clock.asleep((pauses) => pauses.includes(45_000))
    office.clock.advance(45_000)
    await woken
    expect(await rowOf(target.id)).toMatchObject({ snoozedUntil: null, state: 'needs_reply' })
  })

  it('wakes what is due when it opens without watching the clock, as the command line does', async () => {
    const { target } = await oneConversation()
    const before = new Date(office.clock.now() - 1000).toISOString()
    await office.store.write.snooze([target], before, before)
    expect(await rowOf(target.id)).toMatchObject({ snoozedUntil: before })
    await makeEngine(false).open()
    expect(await rowOf(target.id)).toMatchObject({ snoozedUntil: null, state: 'needs_reply' })
  })
})

describe('warnings', () => {
  it('tell of a key in a file and of a clock that was set back, not of a machine that slept', async () => {
    expect(engine.warnings()).toEqual([])
    const listener = engine.changes.listen()
    for (const jump of [3_600_000, -3_600_000]) {
      expect(engine.warnings()).toEqual([])
      const noticed = listener.next()
      await office.clock.asleep((pauses) => pauses.includes(30_000))
      office.clock.jump(jump)
      office.clock.advance(30_000)
      expect(await noticed).toEqual({ done: false, value: { kind: 'office' } })
      // The snoozes sleep too: let both rest before time passes again.
      await office.clock.asleep((pauses) => pauses.includes(30_000) && pauses.includes(60_000))
    }
    await listener.return()
    expect(engine.warnings()).toEqual(['clock_jumped'])
  })
})
