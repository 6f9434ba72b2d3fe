import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodeEd25519 } from '#archive/ed25519-node.ts'
import { parseKey, parseNote, verifyNote } from '#archive/note.ts'
import { nodeSha256 } from '#archive/sha256-node.ts'
import { Engine } from '#engine/engine.ts'
import type { Disposal, Job } from '#shared/contract/index.ts'
import type { AccountId, Identity, JobId } from '#shared/model/index.ts'
import { batchOf, incoming, mailSettings, type ScriptedNetwork, scriptedNetwork } from '../support/fake-connector.ts'
import { type TestOffice, testOffice } from '../support/office.ts'

const DAY = 24 * 3_600_000

let office: TestOffice
let network: ScriptedNetwork
let engine: Engine
let identity: Identity
let account: AccountId

beforeEach(async () => {
  office = await testOffice()
  network = scriptedNetwork()
  engine = newEngine(false)
  await engine.open()
  identity = await engine.addIdentity({ name: 'Office', voice: 'mandate', shape: 'circle', color: 'green' })
  const input = { identityId: identity.id, label: null, network: 'mail' as const, settings: mailSettings, secret: 'hunter2' }
  account = (await engine.accounts.add(input)).id
  await receive('a', 'b', 'c')
})

afterEach(async () => {
  await engine.close()
  await office.remove()
})

function newEngine(autostart: boolean): Engine {
  const { store, ports } = office
  return new Engine({ store, ports, connectors: network.connectors, autostart, random: () => 0 })
}

async function receive(...ids: string[]): Promise<void> {
  network.script.sync = [
    async (commit) =>
      void (await commit(
        batchOf(
          ids.join(),
          ids.map((id) => incoming(id)),
        ),
      )),
  ]
  await engine.accounts.sync(account)
}

/** Everything that is there, by a schedule of one day, proposed by Ada. */
async function proposed(): Promise<Disposal> {
  const doing = { identityId: identity.id, by: 'Ada', at: new Date(office.clock.now()).toISOString() }
  await office.store.write.setSchedule({ ...doing, network: null, kind: null, labelId: null, days: 1 })
  office.clock.jump(2 * DAY)
  return await engine.retention.propose({ identityId: identity.id, handle: null, reason: 'Yearly review', by: 'Ada' })
}
const approve = (id: string) =>
  office.store.write.approveDisposal({
    identityId: identity.id,
    id,
    by: 'Bea',
    at: new Date(office.clock.now()).toISOString(),
  })

/** Waits for the end of a job. */
async function ended(running: Engine, id: JobId): Promise<Job> {
  const now = running.jobs.list().find((job) => job.id === id)
  if (now && now.phase !== 'running') return now
  for await (const change of running.changes.listen())
    if (change.kind === 'job' && change.job.id === id && change.job.phase !== 'running') return change.job
  throw new Error('the engine closed before the job ended')
}

describe('disposals', () => {
  it('are carried out after 14 days and two people, and certified with the key of the ledger', async () => {
    await engine.backup(join(office.dir, 'office.backup'))
    const { id } = await proposed()
    await expect(engine.retention.carryOut(identity.id, id)).rejects.toMatchObject({ code: 'disposal_not_due' })
    await approve(id)
    office.clock.jump(14 * DAY - 1)
    await expect(engine.retention.carryOut(identity.id, id)).rejects.toMatchObject({ code: 'disposal_not_due' })
    office.clock.jump(1)
    const job = await engine.retention.carryOut(identity.id, id)
    expect(await engine.retention.carryOut(identity.id, id)).toBe(job)
    expect(await ended(engine, job)).toMatchObject({ phase: 'done', kind: 'disposal' })
    const done = await office.store.read.disposal(identity.id, id)
    expect(done).toMatchObject({ state: 'done', going: 3, gone: 3, kept: 0 })
    const certificate = (await office.store.read.certificate(identity.id, id)) ?? ''
    const key = parseKey(nodeSha256, (await engine.ledgers.keyUnder(identity.id, certificate)) ?? '')
    const note = parseNote(certificate)
    if (key === null || note === null) throw new Error('a certificate is a note')
    expect(verifyNote(nodeSha256, nodeEd25519, note, key)).toBe(true)
    expect(JSON.parse(note.text)).toMatchObject({
      disposal: id,
      proposedBy: 'Ada',
      approvedBy: 'Bea',
      reason: 'Yearly review',
      rule: 'schedules: all 1 days',
      messages: 3,
      entries: [1, 2, 3],
      backups: [{ file: expect.stringContaining('.backup'), madeAt: expect.any(String) }],
      office: office.store.officeId,
    })
    const { size, checkpoint } = (await engine.ledgers.list())[0] ?? { size: 0, checkpoint: null }
    expect(checkpoint?.size).toBe(size)
    const [last] = await office.store.read.entries(identity.id, size - 1, 1)
    expect(JSON.parse(last ?? '')).toMatchObject({
      kind: 'disposal',
      entries: [1, 2, 3],
      certificate: nodeSha256.hex(certificate),
    })
    expect(await engine.ledgers.verify(identity.id, null, true)).toMatchObject({ faults: [], done: true, carry: { disposed: 3 } })
    await expect(engine.retention.carryOut(identity.id, id)).rejects.toMatchObject({ code: 'disposal_closed' })
  })

  it('go on by themselves when the program is started again', async () => {
    const { id } = await proposed()
    await approve(id)
    office.clock.jump(14 * DAY)
    await office.store.write.disposeStep(id, new Date(office.clock.now()).toISOString(), 1)
    const next = newEngine(true)
    const jobs = next.changes.listen()
    // Listens from before it can begin.
    let heard = jobs.next()
    await next.open()
    try {
      for (;;) {
        const { value: change } = await heard
        if (change?.kind === 'job' && change.job.phase !== 'running') break
        heard = jobs.next()
      }
      expect(await office.store.read.disposal(identity.id, id)).toMatchObject({ state: 'done', gone: 3 })
    } finally {
      await next.retention.stop()
      await next.jobs.close()
      await next.accounts.close()
    }
  })

  it('can be stopped between two steps, and go on', async () => {
    const { id } = await proposed()
    await approve(id)
    office.clock.jump(14 * DAY)
    const job = await engine.retention.carryOut(identity.id, id)
    engine.jobs.cancel(job)
    expect(await ended(engine, job)).toMatchObject({ phase: 'cancelled' })
    expect(await office.store.read.disposal(identity.id, id)).not.toMatchObject({ state: 'done' })
    const again = await engine.retention.carryOut(identity.id, id)
    expect(await ended(engine, again)).toMatchObject({ phase: 'done' })
    expect(await office.store.read.disposal(identity.id, id)).toMatchObject({ state: 'done', gone: 3 })
  })
})
