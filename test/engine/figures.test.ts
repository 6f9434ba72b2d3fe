import { expect, it } from 'vitest'
import { Uploads } from '#engine/outbox/uploads.ts'
import type { IdentityId, OutgoingMedia } from '#shared/model/index.ts'
import { FakeClock } from '../support/clock.ts'
import { batchOf, incoming } from '../support/fake-connector.ts'
import { Machine } from './machine.ts'

const mine = '1' as IdentityId

it('own messages are read again when it is time, and people of open conversations asked about once a day', async () => {
  const machine = new Machine()
  const asked: string[][] = []
  const people: string[] = []
  machine.network.script.reread = async (remoteIds) => void asked.push(remoteIds)
  machine.network.script.profile = async (handle) => {
    people.push(handle)
    const at = new Date(machine.clock.now()).toISOString()
    const plain = { userId: null, name: 'Ada', about: '', link: null, since: null, automated: false, at, counts: {} }
    return { profile: { ...plain, handle }, raw: Buffer.from('{}'), mediaType: 'application/json', endpoint: 'https://h' }
  }
  const own = incoming('own', { direction: 'outbound', at: new Date(machine.clock.now()).toISOString() })
  machine.network.script.sync = [
    async (commit) => void (await commit(batchOf('1', [own, incoming('a', { at: own.at })]))),
    () => Promise.resolve(),
  ]
  await machine.start()
  const account = await machine.add()
  await machine.run(10 * 60_000)
  expect(asked).toEqual([['own']])
  await machine.run(60 * 60_000)
  expect(asked).toEqual([['own'], ['own']])
  expect(people).toEqual(['ada@constituent.test'])
  const call = { identityId: machine.identity.id, accountId: account.id, handle: 'Ada@constituent.test' }
  expect(await machine.engine.figures.profile({ ...call, ask: false })).toMatchObject([{ profile: { name: 'Ada' } }])
  await machine.engine.figures.profile({ ...call, ask: true })
  expect(people).toHaveLength(2)
  await expect(machine.engine.figures.profile({ ...call, identityId: '99' as IdentityId, ask: false })).rejects.toMatchObject({
    code: 'voice_mismatch',
  })
})

it('a file comes piece by piece, is refused to another identity, and is given up when nobody goes on', async () => {
  const clock = new FakeClock()
  const whole: string[] = []
  const uploads = new Uploads(clock, async (_, { name, mediaType, bytes }): Promise<OutgoingMedia> => {
    const parts: Uint8Array[] = []
    for await (const part of bytes) parts.push(part)
    whole.push(Buffer.concat(parts).toString())
    return { sha256: '0'.repeat(64), size: 6, name, mediaType, alt: '' }
  })
  const piece = (text: string, upload: string | null, last: boolean, identityId = mine) =>
    uploads.take({ identityId, name: 'a.png', mediaType: 'image/png', upload, bytes: Buffer.from(text), last })
  const { upload } = await piece('abc', null, false)
  await expect(piece('x', upload, false, '2' as IdentityId)).rejects.toMatchObject({ code: 'voice_mismatch' })
  expect(await piece('def', upload, true)).toMatchObject({ media: { name: 'a.png', size: 6 } })
  expect(whole).toEqual(['abcdef'])
  await expect(piece('x', upload, true)).rejects.toMatchObject({ code: 'not_found' })
  const left = await piece('abc', null, false)
  clock.advance(11 * 60_000)
  await expect(piece('def', left.upload, true)).rejects.toMatchObject({ code: 'not_found' })
  expect(whole).toHaveLength(1)
})
