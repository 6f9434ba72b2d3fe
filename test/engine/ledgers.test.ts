import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fromBase64 } from '#archive/base64.ts'
import { openCheckpoint } from '#archive/checkpoint.ts'
import { nodeEd25519 } from '#archive/ed25519-node.ts'
import { parseKey } from '#archive/note.ts'
import { nodeSha256 } from '#archive/sha256-node.ts'
import { leafHash } from '#archive/tree/hash.ts'
import { verifyInclusion } from '#archive/tree/proof.ts'
import { Engine } from '#engine/engine.ts'
import { ledgerSecret } from '#engine/secrets.ts'
import type { Checkpoint, LedgerFault, LedgerStep } from '#shared/contract/index.ts'
import type { AccountId, Identity, MessageId } from '#shared/model/index.ts'
import { ask } from '../support/ask.ts'
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
  engine = newEngine()
  await engine.open()
  identity = await office.store.write.addIdentity({
    name: 'Press office',
    voice: 'institutional',
    shape: 'square',
    color: 'blue',
  })
  account = (
    await engine.accounts.add({
      identityId: identity.id,
      label: null,
      network: 'mail',
      settings: mailSettings,
      secret: 'hunter2',
    })
  ).id
})

afterEach(async () => {
  await engine.close()
  await office.remove()
})

function newEngine(): Engine {
  return new Engine({
    store: office.store,
    ports: office.ports,
    connectors: network.connectors,
    autostart: false,
    random: () => 0,
  })
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

async function check(): Promise<LedgerFault[]> {
  const faults: LedgerFault[] = []
  let step: LedgerStep | null = null
  while (!step?.done) {
    step = await engine.ledgers.verify(identity.id, step?.carry ?? null, true)
    faults.push(...step.faults)
  }
  return faults
}

/** As somebody outside does, with nothing but the note and the key. */
function opened(checkpoint: Checkpoint) {
  const key = parseKey(nodeSha256, checkpoint.key)
  if (!key) throw new Error('a key')
  return openCheckpoint(nodeSha256, nodeEd25519, checkpoint.note, key)
}

describe('ledgers of a running office', () => {
  it('are signed with a key of their own, which stays in the keychain', async () => {
    await receive('a', 'b')
    const made = await engine.ledgers.checkpoint(identity.id)
    expect(opened(made)).toMatchObject({ origin: `dispatch-box/${office.store.officeId}/${identity.id}`, size: 3 })
    expect(await office.ports.secrets.get(ledgerSecret(identity.id))).toMatch(/^[A-Za-z0-9+/]{43}=$/)
    expect(await engine.ledgers.checkpoint(identity.id)).toEqual(made)
    expect(await check()).toEqual([])
  })

  it('are signed once when several ask at the same time', async () => {
    await receive('a')
    const made = await Promise.all([engine.ledgers.checkpoint(identity.id), engine.ledgers.checkpoint(identity.id)])
    expect(made[0]).toEqual(made[1])
    expect(await office.store.read.checkpoints(identity.id, 9)).toHaveLength(1)
  })

  it('are signed when a day has gone by and they grew', async () => {
    await receive('a')
    await engine.ledgers.signDue()
    const sizes = async () => (await office.store.read.checkpoints(identity.id, 9)).map(({ size }) => size)
    expect(await sizes()).toEqual([2])
    await receive('b')
    await engine.ledgers.signDue()
    expect(await sizes()).toEqual([2])
    office.clock.jump(DAY)
    await engine.ledgers.signDue()
    expect(await sizes()).toEqual([3, 2])
    office.clock.jump(DAY)
    await engine.ledgers.signDue()
    expect(await sizes()).toEqual([3, 2])
    // The clock was set back: signed at once, since nothing else tells the order of what comes now.
    await receive('c')
    office.clock.jump(-9 * DAY)
    await engine.ledgers.signDue()
    expect(await sizes()).toEqual([4, 3, 2])
  })

  it('go on with a new key where the old one is gone, and say so', async () => {
    await receive('a')
    const before = await engine.ledgers.checkpoint(identity.id)
    await office.ports.secrets.delete(ledgerSecret(identity.id))
    engine = newEngine()
    await engine.open()
    await receive('b')
    const after = await engine.ledgers.checkpoint(identity.id)
    expect(after.key).not.toBe(before.key)
    expect(opened(before)).toMatchObject({ size: 2 })
    expect(opened(after)).toMatchObject({ size: 4 })
    const { proof, ...roots } = await engine.ledgers.consistency(identity.id, before.size, after.size)
    expect(roots).toMatchObject({ oldRoot: before.root, newRoot: after.root })
    expect(proof.length).toBeGreaterThan(0)
    expect(await check()).toEqual([])
  })

  it('prove a message, in a checkpoint that is made where none has it', async () => {
    await receive('a', 'b')
    const [hit] = (await office.store.read.find(ask('text', 1))).hits
    if (!hit) throw new Error('a message')
    const [proof, ...others] = await engine.ledgers.prove(hit.id)
    if (!proof || others.length > 0) throw new Error('one version')
    const head = opened(proof.checkpoint)
    if (!head) throw new Error('a checkpoint')
    const path = proof.proof.map((hash) => fromBase64(hash) ?? new Uint8Array())
    expect(verifyInclusion(nodeSha256, leafHash(nodeSha256, proof.entry), proof.seq, head.size, path, head.root)).toBe(true)
    await expect(engine.ledgers.prove('999' as MessageId)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('tell of a checkpoint that nobody signed', async () => {
    await receive('a')
    const made = await engine.ledgers.checkpoint(identity.id)
    const { size, root } = made
    await office.store.write.addCheckpoint({
      identityId: identity.id,
      size,
      root,
      madeAt: made.madeAt,
      note: made.note.replace(/.{8}=*\n$/, 'AAAAAAAA\n'),
    })
    expect(await check()).toEqual([{ code: 'signature_wrong', seq: size }])
  })
})
