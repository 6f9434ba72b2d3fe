import { beforeEach, describe, expect, it } from 'vitest'
import type { Sent } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import { MAX_WAIT_MS, UNDO_MS } from '#engine/outbox/decide.ts'
import { SETTLE_MS } from '#engine/outbox/outcome.ts'
import type { Account, MessageId, OutboxItem, OutgoingContent } from '#shared/model/index.ts'
import { incoming } from '../support/fake-connector.ts'
import { Machine, settle } from './machine.ts'

let machine: Machine
let account: Account
/** Keys of what the network has, in the order in which it took them. */
let network: string[]

beforeEach(async () => {
  machine = new Machine()
  network = []
  machine.network.script.send = async (item) => accept(item.key)
  machine.network.script.find = async (item) => (network.includes(item.key) ? sentAs(item.key) : null)
  await machine.start()
  account = await machine.add()
})

const accept = (key: string): Sent => {
  network.push(key)
  return sentAs(key)
}
const sentAs = (key: string): Sent => ({
  message: incoming(`sent-${key}`, {
    direction: 'outbound',
    place: null,
    at: new Date(machine.clock.now()).toISOString(),
    from: { name: 'Office', handle: 'office@parliament.test' },
    to: [{ name: 'Ada', handle: 'ada@constituent.test' }],
  }),
})

const words = (text: string, change: Partial<Extract<OutgoingContent, { do: 'publish' }>> = {}): OutgoingContent => ({
  do: 'publish',
  kind: 'mail',
  text,
  subject: 'Ferry',
  warning: '',
  language: null,
  media: [],
  to: [{ name: 'Ada', handle: 'ada@constituent.test' }],
  cc: [],
  bcc: [],
  visibility: null,
  ...change,
})

type Change = Partial<Parameters<Machine['engine']['outbox']['queue']>[0]>

function queue(text: string, change: Change = {}): Promise<OutboxItem> {
  return machine.engine.outbox.queue({
    identityId: machine.identity.id,
    accountId: account.id,
    content: words(text),
    target: null,
    quote: null,
    after: null,
    leaves: 'waiting',
    by: 'Ada',
    at: null,
    ...change,
  })
}

const now = (): string => new Date(machine.clock.now()).toISOString()
const look = ({ id }: OutboxItem): OutboxItem => machine.office.read.outboxItem(id, machine.identity.id)

/** Lets so much time pass, a little at a time, with everything that wakes done in between. */
async function pass(ms: number): Promise<void> {
  for (let gone = 0; gone < ms; gone += 1000) {
    machine.clock.advance(Math.min(1000, ms - gone))
    for (let n = 0; n < 20; n++) await settle()
  }
}

const ledger = () =>
  machine.office.read
    .entries(machine.identity.id, 0, 1000)
    .map((entry) => JSON.parse(entry) as { kind: string; action?: string; message?: string })
    .filter(({ kind }) => kind === 'send')
    .map(({ action }) => action)

const sound = () => expect(machine.office.read.verifyLedger(machine.identity.id, null, 10_000, true).faults).toEqual([])

describe('what is to be sent', () => {
  it('is sent after the time to think again, captured and entered in one go', async () => {
    const item = await queue('The ferry is back.')
    await pass(UNDO_MS - 1000)
    expect(network).toEqual([])
    expect(look(item)).toMatchObject({ state: 'queued', tries: 0 })
    await pass(2000)
    const after = look(item)
    expect(after).toMatchObject({ state: 'sent', tries: 1, endedAt: expect.any(String), message: expect.any(String) })
    expect(machine.office.read.message(after.message as MessageId)).toMatchObject({ direction: 'outbound', kind: 'mail' })
    expect(machine.office.read.recordProofs(after.message as MessageId)).toHaveLength(1)
    expect(ledger()).toEqual(['queued', 'sent'])
    sound()
  })

  it('can be taken back until it is begun, and what continues it with it', async () => {
    const first = await queue('One')
    const second = await queue('Two', { after: first.id })
    const taken = { id: first.id, identityId: machine.identity.id, by: 'Bea' }
    expect(await machine.engine.outbox.cancel(taken)).toMatchObject({ state: 'cancelled' })
    expect(look(second)).toMatchObject({ state: 'cancelled' })
    await pass(2 * UNDO_MS)
    expect(network).toEqual([])
    await expect(machine.engine.outbox.cancel(taken)).rejects.toMatchObject({
      code: 'outbox_state',
      params: { state: 'cancelled' },
    })
    expect(ledger()).toEqual(['queued', 'queued', 'cancelled', 'cancelled'])
    sound()
  })

  it('answers in the conversation of what it answers, and leaves it waiting or done', async () => {
    machine.office.write.applyBatch({
      stream: 'inbox',
      cursor: '1',
      messages: ['a', 'b'].map((name) => ({ ...incoming(name), media: [] })),
      marks: [],
      gone: [],
      accountId: account.id,
      identityId: machine.identity.id,
      network: 'mail',
      reset: false,
      settled: false,
      capturedAt: now(),
      origin: 'sync',
      arrival: { kind: 'live' },
      moved: null,
    })
    const filter = { view: 'all' as const, identityId: null, accountId: null, labelId: null, unreadOnly: false }
    const rows = machine.office.read.page({ filter, from: null, until: null, limit: 10 }).rows
    for (const [n, leaves] of (['waiting', 'done'] as const).entries()) {
      const row = rows[n]
      if (!row) throw new Error('two conversations')
      const target = machine.office.read.conversation(row.id, 1)?.messages[0]?.id as MessageId
      const item = await queue('Answer', { target, leaves, at: now() })
      await pass(3000)
      expect(look(item)).toMatchObject({ state: 'sent', targetConversation: row.id })
      const after = machine.office.read.conversation(row.id, 10)
      expect(after?.row).toMatchObject({ state: leaves, messages: 2, outbound: true })
      expect(after?.messages[0]).toMatchObject({ answered: true })
    }
    expect(machine.office.read.pendingActs(account.id, 10)).toEqual([])
    expect(machine.network.acts).toMatchObject([{ kind: 'set_answered' }, { kind: 'set_answered' }])
    sound()
  })

  it('is asked for before it is sent again when nobody knows what became of it', async () => {
    let times = 0
    machine.network.script.send = async (item) => {
      times++
      if (times === 1) network.push(item.key)
      throw new ConnectorFault('transient', 'timed_out', { host: 'h' })
    }
    const there = await queue('It arrived', { at: now() })
    await pass(1000)
    expect(look(there)).toMatchObject({ state: 'unknown', reason: { code: 'timed_out' } })
    await pass(SETTLE_MS + 1000)
    expect(look(there)).toMatchObject({ state: 'sent', tries: 1 })
    const lost = await queue('It did not', { at: now() })
    await pass(1000)
    expect(look(lost)).toMatchObject({ state: 'unknown' })
    machine.network.script.send = async (item) => accept(item.key)
    await pass(SETTLE_MS + 3000)
    expect(look(lost)).toMatchObject({ state: 'sent', tries: 2 })
    expect(network).toHaveLength(2)
    sound()
  })

  it('waits for a person where the network cannot be asked', async () => {
    machine.network.script.find = null
    machine.network.script.send = async () => {
      throw new ConnectorFault('transient', 'connection_lost', { host: 'h' })
    }
    const items = [await queue('One', { at: now() }), await queue('Two', { at: now() })]
    await pass(60_000)
    for (const item of items) expect(look(item)).toMatchObject({ state: 'unknown', tries: 1, reason: { code: 'outbox_unknown' } })
    machine.network.script.send = async (item) => accept(item.key)
    const call = (n: number) => ({ id: (items[n] as OutboxItem).id, identityId: machine.identity.id, by: 'Ada' })
    await machine.engine.outbox.judge({ ...call(0), outcome: 'sent' })
    await machine.engine.outbox.judge({ ...call(1), outcome: 'again' })
    await pass(3000)
    expect(items.map(look)).toMatchObject([
      { state: 'sent', message: null },
      { state: 'sent', message: expect.any(String) },
    ])
    expect(network).toHaveLength(1)
    sound()
  })

  it('waits for a person where the network says that no asking can tell, and keeps nobody', async () => {
    let asked = 0
    machine.network.script.find = async () => {
      asked++
      throw new ConnectorFault('decision', 'mail_unconfirmed', { host: 'h' })
    }
    machine.network.script.send = async () => {
      machine.network.script.send = async (item) => accept(item.key)
      throw new ConnectorFault('transient', 'connection_lost', { host: 'h' })
    }
    const lost = await queue('One', { at: now() })
    const next = await queue('Two', { at: now() })
    await pass(SETTLE_MS + 60_000)
    expect(look(lost)).toMatchObject({ state: 'unknown', reason: { code: 'mail_unconfirmed' } })
    expect([look(next).state, asked]).toEqual(['sent', 1])
    const call = { id: lost.id, identityId: machine.identity.id, by: 'Ada' }
    await machine.engine.outbox.retry(call)
    await pass(3000)
    expect([look(lost).state, asked]).toEqual(['unknown', 2])
    await machine.engine.outbox.judge({ ...call, outcome: 'again' })
    await pass(3000)
    expect(look(lost).state).toBe('sent')
    expect(network).toHaveLength(2)
    sound()
  })

  it('was being sent when the program was killed: it is looked for, and what can be repeated is done again', async () => {
    machine.network.script.send = () => new Promise(() => undefined)
    const item = await queue('Half sent', { at: now() })
    await pass(1000)
    expect(look(item)).toMatchObject({ state: 'sending' })
    machine.network.script.send = async (again) => accept(again.key)
    await machine.start(1000)
    await settle()
    expect(look(item)).toMatchObject({ state: 'unknown' })
    await pass(SETTLE_MS + 5000)
    expect(look(item)).toMatchObject({ state: 'sent', tries: 2 })
    expect(network).toHaveLength(1)
  })

  it('that is refused for good fails with the reason, and can be tried again; what continues it waits', async () => {
    machine.network.script.send = async () => {
      throw new ConnectorFault('decision', 'server_error', { host: 'h', detail: 'no' }, { untaken: true })
    }
    const first = await queue('One', { at: now() })
    const second = await queue('Two', { after: first.id, at: now() })
    await pass(3000)
    expect(look(first)).toMatchObject({ state: 'failed', reason: { code: 'server_error' } })
    expect(look(second)).toMatchObject({ state: 'queued', reason: { code: 'outbox_before' }, tries: 0 })
    machine.network.script.send = async (item) => accept(item.key)
    await machine.engine.outbox.retry({ id: first.id, identityId: machine.identity.id, by: 'Ada' })
    await pass(5000)
    expect([look(first).state, look(second).state]).toEqual(['sent', 'sent'])
    expect(ledger()).toEqual(['queued', 'queued', 'failed', 'queued', 'sent', 'sent'])
    sound()
  })

  it('waits as long as the network asks for, and all of the account with it', async () => {
    const until = machine.clock.now() + 120_000
    machine.network.script.send = async () => {
      throw new ConnectorFault('rate', 'rate_limited', { host: 'h' }, { untaken: true, retryAt: until })
    }
    const items = [await queue('One', { at: now() }), await queue('Two', { at: now() })]
    await pass(3000)
    machine.network.script.send = async (item) => accept(item.key)
    await pass(110_000)
    expect(network).toEqual([])
    expect(items.map(look)).toMatchObject([{ tries: 0, reason: { code: 'rate_limited' } }, { tries: 0 }])
    await pass(20_000)
    expect(items.map((item) => look(item).state)).toEqual(['sent', 'sent'])
  })

  it('that could not be tried for half a day asks a person again', async () => {
    machine.fault = new ConnectorFault('login', 'login_failed', { host: 'h' })
    await machine.engine.accounts.sync(account.id)
    expect(machine.engine.accounts.get(account.id).status.phase).toBe('needs_login')
    const item = await queue('Good morning', { at: now() })
    await machine.run(MAX_WAIT_MS + 180_000)
    expect(look(item)).toMatchObject({ state: 'queued', toConfirm: true, reason: { code: 'outbox_waited' } })
    machine.fault = null
    await machine.engine.accounts.sync(account.id)
    await pass(5000)
    expect(network).toEqual([])
    await machine.engine.outbox.confirm({ id: item.id, identityId: machine.identity.id, by: 'Ada' })
    await pass(3000)
    expect(look(item)).toMatchObject({ state: 'sent' })
  })

  it('names its own identity, account and messages, or is refused', async () => {
    const { outbox } = machine.engine
    const other = machine.office.write.addIdentity({ name: 'Member', voice: 'mandate', shape: 'circle', color: 'green' })
    await expect(queue('x', { identityId: other.id })).rejects.toMatchObject({ code: 'voice_mismatch' })
    await expect(queue('x', { accountId: '99' as Account['id'] })).rejects.toMatchObject({ code: 'not_found' })
    await expect(queue('x', { target: '99' as MessageId })).rejects.toMatchObject({ code: 'not_found' })
    await expect(queue('  ')).rejects.toMatchObject({ code: 'send_empty' })
    const item = await queue('x')
    const foreign = { id: item.id, identityId: other.id, by: 'Ada' }
    for (const call of [
      () => outbox.cancel(foreign),
      () => outbox.retry(foreign),
      () => outbox.confirm(foreign),
      () => outbox.judge({ ...foreign, outcome: 'sent' }),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'voice_mismatch' })
    expect(look(item)).toMatchObject({ state: 'queued' })
  })
})
