import { createHash, webcrypto } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { toBase64 } from '#archive/base64.ts'
import { stamp } from '#archive/timestamp/timestamp.ts'
import { Engine } from '#engine/engine.ts'
import { readHistory } from '#engine/history.ts'
import type { AccountId, Identity, MessageId } from '#shared/model/index.ts'
import { startAuthority } from '../archive/support/authority.ts'
import { ask } from '../support/ask.ts'
import { batchOf, incoming, mailSettings, type ScriptedNetwork, scriptedNetwork } from '../support/fake-connector.ts'
import { needs } from '../support/needs.ts'
import { type TestOffice, testOffice } from '../support/office.ts'

let office: TestOffice
let network: ScriptedNetwork
let engine: Engine
let identity: Identity
let account: AccountId

beforeEach(async () => {
  office = await testOffice()
  network = scriptedNetwork()
  const { store, ports } = office
  engine = new Engine({ store, ports, connectors: network.connectors, autostart: false, random: () => 0 })
  await engine.open()
  identity = await store.write.addIdentity({ name: 'Press office', voice: 'institutional', shape: 'square', color: 'blue' })
  const settings = mailSettings
  account = (await engine.accounts.add({ identityId: identity.id, label: null, network: 'mail', settings, secret: 'hunter2' })).id
})

afterEach(async () => {
  await engine.close()
  await office.remove()
})

async function receive(name: string, text: string): Promise<MessageId> {
  const brought = incoming(name, { text, raw: new TextEncoder().encode(text) })
  network.script.sync = [async (commit) => void (await commit(batchOf(`${name} ${text}`, [brought])))]
  await engine.accounts.sync(account)
  const [hit] = (await office.store.read.find(ask(text.split(' ').slice(0, 2).join(' '), 1))).hits
  if (!hit) throw new Error('a message')
  return hit.id
}

const historyOf = (id: MessageId) =>
  readHistory(
    { store: office.store, ledgers: engine.ledgers, render: (...of: Parameters<Engine['render']>) => engine.render(...of) },
    id,
  )

it('tells every version with its text, and what the signed ledger says of it', async () => {
  const id = await receive('a', 'harbour wall')
  await receive('b', 'other things')
  await receive('a', 'harbour dues')
  const unsigned = { answer: 'cannot_say', reason: 'not_signed' }
  expect(await historyOf(id)).toMatchObject({
    versions: [{ unchanged: unsigned }, { unchanged: unsigned }],
    complete: unsigned,
    checkpoint: null,
  })
  expect(await office.store.read.checkpoints(identity.id, 9)).toEqual([])
  const signed = await engine.ledgers.checkpoint(identity.id)
  const told = await historyOf(id)
  expect(told.versions).toMatchObject(
    ['harbour wall', 'harbour dues'].map((text, index) => ({
      version: index + 1,
      text,
      cut: false,
      size: text.length,
      origin: 'sync',
      received: { answer: 'yes', reason: 'committed' },
      unchanged: { answer: 'yes', reason: 'proved' },
      notLater: { answer: 'cannot_say', reason: 'no_timestamp' },
    })),
  )
  expect(told.complete).toEqual({ answer: 'yes', reason: 'every_entry' })
  expect(told.checkpoint).toMatchObject({ size: signed.size, madeAt: signed.madeAt, timestamped: false })
  // What comes after the head that was signed waits for the next one.
  await receive('a', 'harbour lights')
  expect((await historyOf(id)).versions.map(({ unchanged }) => unchanged.answer)).toEqual(['yes', 'yes', 'cannot_say'])
})

it('denies what an altered head does not hold', async () => {
  const id = await receive('a', 'harbour wall')
  const { size, root, madeAt, note } = await engine.ledgers.checkpoint(identity.id)
  const forged = note.replace(/.{8}=*\n$/, 'AAAAAAAA\n')
  await office.store.write.addCheckpoint({ identityId: identity.id, size, root, madeAt, note: forged })
  expect(await historyOf(id)).toMatchObject({
    versions: [{ unchanged: { answer: 'no', reason: 'no_checkpoint' } }],
    complete: { answer: 'cannot_say', reason: 'no_checkpoint' },
  })
})

it('cuts long texts, and says so', async () => {
  const id = await receive('a', `harbour ${'long '.repeat(20_000)}`)
  const [version] = (await historyOf(id)).versions
  expect(version).toMatchObject({ cut: true, size: 100_008 })
  expect(version?.text).toHaveLength(50_000)
})

it('does not know what is not there', async () => {
  await expect(historyOf('999' as MessageId)).rejects.toMatchObject({ code: 'not_found' })
})

needs('openssl')('a time from outside', () => {
  it('is told with who vouches for it, and denied when it is about something else', async () => {
    const authority = await startAuthority({ key: 'p256' })
    try {
      const id = await receive('a', 'harbour wall')
      await engine.ledgers.checkpoint(identity.id)
      const [checkpoint] = await office.store.read.checkpoints(identity.id, 1)
      if (!checkpoint) throw new Error('a checkpoint')
      const stampOver = async (text: string) => {
        const hash = createHash('sha256').update(text).digest()
        const nonce = new Uint8Array(8).fill(1)
        const { root, post } = authority
        const { response } = await stamp(webcrypto.subtle, { hash, nonce, authority: root, post })
        await office.store.write.addTimestamp({ id: checkpoint.id, timestamp: toBase64(response), authority: root })
        return await historyOf(id)
      }
      const good = await stampOver(checkpoint.note)
      expect(good.versions[0]?.notLater).toEqual({ answer: 'yes', reason: 'timestamp' })
      expect(good.checkpoint).toMatchObject({ timestamped: true, stampedBy: 'Made up, Stamp of time' })
      expect(good.checkpoint?.stampedAt).toMatch(/^20/)
      const bad = await stampOver('another head')
      expect(bad.versions[0]?.notLater).toEqual({ answer: 'no', reason: 'bad_timestamp' })
      expect(bad.checkpoint).toMatchObject({ timestamped: true, stampedAt: null, stampedBy: null })
    } finally {
      await authority.close()
    }
  })
})
