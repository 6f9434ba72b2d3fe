import { Engine } from '#engine/engine.ts'
import type { AccountId, IdentityId } from '#shared/model/index.ts'
import { mailSettings, scriptedNetwork } from '../test/support/fake-connector.ts'
import { testOffice } from '../test/support/office.ts'
import { type BenchRow, bounded } from './row.ts'

const ACCOUNTS = 100
const ROUNDS = 15
const POLL_MS = 120_000
const GROUP = 'outbox'

/**
 * What the engine and the store do, in CPU time of the whole process, when 100 accounts ask a network that has nothing new; and what is added
 * when every account has something in the outbox that waits for its time.
 */
export async function run(): Promise<BenchRow[]> {
  const office = await testOffice()
  const network = scriptedNetwork()
  network.script.wait = [(signal) => office.clock.sleep(POLL_MS, signal)]
  network.script.send = () => Promise.reject(new Error('nothing is due'))
  network.script.find = () => Promise.resolve(null)
  const { store, ports, clock } = office
  const engine = new Engine({ store, ports, connectors: network.connectors, autostart: true, random: () => 0 })
  await engine.open()
  const { id: identityId } = await store.write.addIdentity({ name: 'Office', voice: 'mandate', shape: 'circle', color: 'green' })
  const accounts: AccountId[] = []
  for (let n = 0; n < ACCOUNTS; n++)
    accounts.push(
      (await engine.accounts.add({ identityId, label: null, network: 'mail', settings: mailSettings, secret: '' })).id,
    )
  let waits = ACCOUNTS
  await network.called('wait', waits)
  /** CPU milliseconds of a poll. */
  const poll = async (): Promise<number> => {
    const before = process.cpuUsage()
    for (let round = 0; round < ROUNDS; round++) {
      clock.advance(POLL_MS)
      waits += ACCOUNTS
      await network.called('wait', waits)
    }
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000 / (ROUNDS * ACCOUNTS)
  }
  await poll()
  const idle = await poll()
  for (const accountId of accounts) await queue(engine, identityId, accountId, clock.now())
  const waiting = await poll()
  await engine.close()
  await office.remove()
  const row = { group: GROUP, unit: 'ms' }
  return [
    bounded(
      { ...row, id: 'outbox.poll', value: idle, against: `CPU of a poll that finds nothing, ${ACCOUNTS} accounts` },
      '<=',
      5,
    ),
    bounded(
      { ...row, id: 'outbox.waiting', value: waiting, against: 'the same, with an item for later in each outbox' },
      '<=',
      5,
    ),
  ]
}

async function queue(engine: Engine, identityId: IdentityId, accountId: AccountId, now: number): Promise<void> {
  await engine.outbox.queue({
    identityId,
    accountId,
    content: { do: 'act', act: 'like', on: true, handle: 'ada', comment: '' },
    target: null,
    quote: null,
    after: null,
    leaves: 'waiting',
    by: 'Ada',
    at: new Date(now + 30 * 86_400_000).toISOString(),
  })
}
