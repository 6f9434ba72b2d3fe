import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Identity } from '#shared/model/index.ts'
import { openBlob, sealFile } from '#store/blob-stream.ts'
import { dropUnnamed, readBlob } from '#store/blobs.ts'
import type { NewFile } from '#store/files.ts'
import { restoreBackup } from '#store/restore.ts'
import type { Store, StoredAccount, StoreMessage } from '#store/store.ts'
import { quietLog } from '../support/office.ts'
import { addAccount, addIdentity, batch, key, message, open, raw, tempDir } from './support.ts'

let dir: string
let store: Store
let identity: Identity
let account: StoredAccount

beforeEach(async () => {
  dir = tempDir()
  store = await open(dir)
  identity = await addIdentity(store)
  account = await addAccount(store, identity)
})

async function* pieces(bytes: Uint8Array, size = 100_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function whole(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const piece of content) parts.push(piece)
  return Buffer.concat(parts)
}

const blobs = () =>
  readdirSync(join(dir, 'blobs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

const picture = (index: number, size: number) => ({
  index,
  name: `p${index}.png`,
  mediaType: 'image/png',
  size,
  contentId: null,
  inline: false,
})

function illustrated(n: number, files: NewFile[], changes: Partial<StoreMessage> = {}): StoreMessage {
  return message(n, {
    place: null,
    mediaType: 'application/json',
    attachments: files.map(({ size }, index) => picture(index, size)),
    media: files.map((file, index) => ({ index, ...file })),
    ...changes,
  })
}

const save = (messages: StoreMessage[], changes = {}) =>
  store.write.applyBatch(batch(account, messages, { origin: 'file', ...changes }))

describe('a file beside a message', () => {
  it('is encrypted as it comes, read back piece by piece, and named in what the ledger commits to', async () => {
    const bytes = randomBytes(1_500_000)
    const kept = await store.keep(identity.id, pieces(bytes))
    expect(kept).toMatchObject({ sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length })
    await save([illustrated(1, [kept])])
    const { messages } = (await store.read.conversation('1' as never, 10)) ?? { messages: [] }
    const id = messages[0]?.id as never
    const file = await store.read.attachmentFile(id, 0)
    expect(await whole(store.open(file as never))).toEqual(bytes)
    expect(blobs().some((path) => readFileSync(path).includes(bytes.subarray(1000, 1100)))).toBe(false)
    const [proof] = await store.read.recordProofs(id)
    expect(JSON.parse(proof?.manifest ?? '').media).toEqual([
      { mediaType: 'image/png', name: 'p0.png', sha256: kept.sha256, size: bytes.length },
    ])
    expect((await store.read.doctor()).filter(({ ok }) => !ok)).toEqual([])
    await store.close()
  })

  it('is kept once for an identity, and once more for another', async () => {
    const bytes = Buffer.from('the same picture')
    const first = await store.keep(identity.id, pieces(bytes))
    await save([illustrated(1, [first])])
    const again = await store.keep(identity.id, pieces(bytes))
    expect(again).toMatchObject({ file: null, key: null, sha256: first.sha256 })
    await save([illustrated(2, [again])])
    expect(blobs()).toHaveLength(1)
    const other = await addIdentity(store, 'Member', 'mandate')
    expect(await store.keep(other.id, pieces(bytes))).toMatchObject({ file: expect.any(String) })
    expect(blobs()).toHaveLength(2)
    await store.close()
  })

  it('that was not put into the office cannot be named', async () => {
    const never = { sha256: '0'.repeat(64), size: 3, file: null, key: null }
    await expect(save([illustrated(1, [never])])).rejects.toThrow()
    expect((await store.read.cursor(account.id, 'INBOX')) ?? null).toBeNull()
    await store.close()
  })

  it('is told when a byte of it was changed on the disk', async () => {
    const kept = await store.keep(identity.id, pieces(randomBytes(300_000)))
    await save([illustrated(1, [kept])])
    const [path = ''] = blobs()
    const bytes = readFileSync(path)
    bytes[150_000] = (bytes[150_000] as number) ^ 1
    writeFileSync(path, bytes)
    const file = await store.read.mediaFile(kept.sha256)
    await expect(whole(store.open(file as never))).rejects.toMatchObject({ code: 'office_corrupt' })
    expect((await store.read.doctor()).find(({ check }) => check === 'blobs')).toMatchObject({ ok: false })
    await store.close()
  })

  it('whose source fails leaves nothing behind', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half')
      throw new Error('the archive is damaged')
    }
    await expect(store.keep(identity.id, failing())).rejects.toThrow('the archive is damaged')
    expect(blobs()).toEqual([])
    await store.close()
  })
})

describe('a message that comes again', () => {
  it('without its files, or with other counts in its bytes, is no new version; with a file that was missing it is', async () => {
    const kept = await store.keep(identity.id, pieces(Buffer.from('picture')))
    const said = (raw: string, changes: Partial<StoreMessage> = {}) =>
      illustrated(1, [kept], { raw: Buffer.from(raw), volatile: true, ...changes })
    await save([said('{"likes":1}', { media: [], attachments: [picture(0, 0)] })])
    expect(await save([said('{"likes":2}')])).toMatchObject({ new: 0, updated: 1 })
    expect(await save([said('{"likes":3}')])).toMatchObject({ new: 0, updated: 0 })
    expect(await save([said('{"likes":4}', { media: [], attachments: [picture(0, 0)] })])).toMatchObject({ updated: 0 })
    expect(await save([said('{"likes":4}', { text: 'other words' })])).toMatchObject({ updated: 1 })
    expect(await save([said('{"likes":5}', { text: 'other words', volatile: false })])).toMatchObject({ updated: 1 })
    await store.close()
  })

  it('as deleted is deleted from then on; an old copy in a file does not bring it back', async () => {
    await save([message(1, { place: null })])
    const deletedAt = '2026-01-02T03:04:05.000Z'
    expect(await save([message(1, { place: null, deletedAt })])).toMatchObject({ deleted: 1 })
    expect(await save([message(1, { place: null })])).toMatchObject({ updated: 0, deleted: 0 })
    const { messages } = (await store.read.conversation('1' as never, 10)) ?? { messages: [] }
    expect(messages[0]?.deletedAt).toBe(deletedAt)
    await store.close()
  })
})

describe('what is let go, copied and killed', () => {
  const at = '2026-06-01T00:00:00.000Z'
  const later = '2026-06-15T00:00:00.000Z'

  it('takes the file along once nothing else names it, with its key', async () => {
    const shared = await store.keep(identity.id, pieces(Buffer.from('a picture of two')))
    const own = await store.keep(identity.id, pieces(Buffer.from('a picture of one')))
    await save([
      illustrated(1, [shared, own], { from: { name: 'Ada', handle: 'ada@example.org' } }),
      illustrated(2, [shared], { from: { name: 'Bob', handle: 'bob@example.org' } }),
    ])
    const erase = async (handle: string) => {
      const by = { identityId: identity.id, handle, reason: 'asked', by: 'Ada', at, dueAt: at }
      const { id } = await store.write.proposeDisposal(by)
      await store.write.approveDisposal({ identityId: identity.id, id, by: 'Bea', at })
      while (await store.write.disposeStep(id, later, 40));
      await store.write.disposeRest(id)
    }
    const keys = [shared, own].map(({ key }) => Buffer.from(key as Uint8Array))
    expect(blobs()).toHaveLength(2)
    await erase('ada@example.org')
    expect(blobs()).toHaveLength(1)
    expect(await store.read.mediaFile(own.sha256)).toBeNull()
    expect(await store.read.mediaFile(shared.sha256)).not.toBeNull()
    await erase('bob@example.org')
    expect(blobs()).toHaveLength(0)
    await store.rewrite()
    await store.close()
    const pages = raw(dir, 'read').serialize()
    for (const key of keys) expect(pages.includes(key)).toBe(false)
  })

  it('goes into a backup and comes back with it', async () => {
    const bytes = randomBytes(200_000)
    const kept = await store.keep(identity.id, pieces(bytes))
    await save([illustrated(1, [kept])])
    const file = join(tempDir(), 'backup')
    await store.write.backup(file)
    await store.close()
    const again = tempDir()
    await restoreBackup({ file, dir: join(again, 'office'), key, force: false, log: quietLog })
    const restored = await open(join(again, 'office'))
    expect(await whole(restored.open((await restored.read.mediaFile(kept.sha256)) as never))).toEqual(bytes)
    await restored.close()
  })

  it('of a killed process only what a committed batch named is left', async () => {
    const kept = await store.keep(identity.id, pieces(Buffer.from('kept')))
    await save([illustrated(1, [kept])])
    await store.keep(identity.id, pieces(Buffer.from('never named')))
    const half = join(dir, 'blobs', 'aa')
    mkdirSync(half, { recursive: true })
    writeFileSync(join(half, `${'a'.repeat(64)}.part`), 'half')
    expect(blobs()).toHaveLength(3)
    await store.close()
    dropUnnamed(raw(dir), dir)
    expect(blobs()).toHaveLength(1)
  })
})

it('a file written in a stream is the same as one written at once', async () => {
  const bytes = randomBytes(700_001)
  const { file, key } = await (await sealFile(dir, pieces(bytes, 33_333))).place()
  expect(Buffer.from(readBlob(dir, file, key))).toEqual(bytes)
  expect(await whole(openBlob(dir, file, key))).toEqual(bytes)
  await store.close()
})
