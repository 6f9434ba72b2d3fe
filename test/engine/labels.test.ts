import { afterEach, beforeEach, expect, test } from 'vitest'
import { Changes } from '#engine/changes.ts'
import { Labels } from '#engine/labels.ts'
import { Triage } from '#engine/triage.ts'
import type { Change } from '#shared/contract/index.ts'
import type { ConversationRow, Identity } from '#shared/model/index.ts'
import { addAccount, addIdentity, batch, message } from '../store/support.ts'
import { type TestOffice, testOffice } from '../support/office.ts'

let office: TestOffice
let changes: Changes
let labels: Labels
let triage: Triage
let identity: Identity
let row: ConversationRow
let heard: string[]
const ending = new AbortController()

beforeEach(async () => {
  office = await testOffice()
  const { store, clock } = office
  changes = new Changes()
  labels = new Labels(store, clock, changes)
  triage = new Triage({ store, clock, changes, keepsReadFlag: () => [], queued: () => {}, snoozed: () => {} })
  identity = await addIdentity(store)
  const account = await addAccount(store, identity)
  const { arrived } = await store.write.applyBatch(batch(account, [message(1)]))
  row = arrived[0] as ConversationRow
  heard = []
})
afterEach(async () => {
  changes.close()
  await office.remove()
})

const told = (change: Change): string =>
  change.kind === 'conversations' ? `rows ${change.changed.length}${change.more ? ' and more' : ''}` : change.kind

/** What is told while something is done, merged as a listener gets it. */
async function during(work: () => Promise<unknown>): Promise<string[]> {
  heard = []
  const stop = new AbortController()
  const listening = (async () => {
    for await (const change of changes.listen(AbortSignal.any([ending.signal, stop.signal]))) heard.push(told(change))
  })()
  await work()
  await new Promise((resolve) => setImmediate(resolve))
  stop.abort()
  await listening
  return heard
}

test('windows hear of labels, of what has them, and of notes, after they are stored', async () => {
  const { id: identityId } = identity
  const label = await labels.add({ identityId, kind: 'label', name: 'Ferry', color: 'red' })
  const other = await labels.add({ identityId, kind: 'topic', name: 'Boats', color: 'red' })
  const target = [{ id: row.id, identityId }]
  let act = ''
  expect(await during(() => labels.update({ id: label.id, identityId, name: 'Ferries', color: 'red' }))).toEqual(['labels'])
  expect(await during(() => labels.put(target, [label.id], []))).toEqual(['rows 1', 'badges'])
  // It has it already: nothing changed, nobody is told.
  expect(await during(() => labels.put(target, [label.id], []))).toEqual([])
  expect(
    await during(async () => {
      act = (await labels.merge({ id: label.id, identityId, into: other.id })).act
    }),
  ).toEqual(['labels', 'rows 0 and more', 'badges'])
  expect(await during(() => triage.undo(act as never))).toEqual(['labels', 'rows 0 and more', 'badges'])
  expect(await during(() => labels.remove({ id: other.id, identityId }))).toEqual(['labels', 'rows 0 and more', 'badges'])
  const note = { conversationId: row.id, identityId, by: 'Ada', text: 'Call' }
  expect(
    await during(async () => {
      act = (await labels.addNote(note)).act
    }),
  ).toEqual(['rows 1'])
  expect(await during(() => triage.undo(act as never))).toEqual(['rows 1', 'badges'])
})
