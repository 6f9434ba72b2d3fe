import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encode } from '@ipld/dag-cbor'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CarReader, isFault, isWhole, NotACar } from '#connectors/bluesky/car.ts'
import { blueskyConnector } from '#connectors/bluesky/connector.ts'
import { limits } from '#connectors/bluesky/limits.ts'
import { readRecord, toMessage } from '#connectors/bluesky/message.ts'
import { readPost } from '#connectors/bluesky/record.ts'
import { renderRecord } from '#connectors/bluesky/render.ts'
import { Instant } from '#shared/model/index.ts'
import { bring, emptyOffice, folder, remarks, said } from '../exports.ts'
import { block, car, DID, everything, header, post, repo, section, varint } from './repo.ts'

let dir: string
let remove: () => Promise<void>

beforeEach(async () => {
  const made = await folder({})
  dir = made.dir
  remove = made.remove
})
afterEach(() => remove())

async function bringBytes(bytes: Uint8Array) {
  const office = emptyOffice()
  await writeFile(join(dir, 'repo.car'), bytes)
  const report = await bring(office, blueskyConnector, join(dir, 'repo.car'))
  return { office, report }
}

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(bytes: Uint8Array, chunk = 64): Promise<{ blocks: number; faults: string[] }> {
  const reader = await CarReader.open(inChunks(bytes, chunk))
  let blocks = 0
  const faults: string[] = []
  for await (const part of reader.blocks()) {
    if (isFault(part)) faults.push(part.fault)
    else if (isWhole(part)) blocks++
    else faults.push('hash')
  }
  return { blocks, faults }
}

const author = { did: DID, name: '', changedAt: '2024-01-01T00:00:00.000Z' }
function toMessageOf(data: Uint8Array, path = 'app.bsky.feed.post/3k2l7tqqcks2a') {
  const record = readRecord(data)
  return record === null ? null : toMessage(record, path, author)
}
const toPost = (value: object) => toMessageOf(encode(value))

describe('a CAR that is not as it should be', () => {
  it('is read the same in chunks of any size', async () => {
    const bytes = car(repo(everything))
    const whole = await read(bytes, bytes.length)
    for (const size of [1, 2, 7, 100]) expect(await read(bytes, size)).toEqual(whole)
    expect(whole.faults).toEqual([])
  })

  it('that ends in the middle gives what came before, and says so', async () => {
    const bytes = car(repo(everything))
    const { office, report } = await bringBytes(bytes.subarray(0, bytes.length - 20))
    expect(said(office)).toHaveLength(6)
    expect(remarks(report)).toContain('file_unreadable repo.car cut_off 1')
    expect(report.failed).toBe(1)
  })

  it('with a byte that changed keeps the block, names it, and brings the others', async () => {
    const made = repo(everything)
    const bytes = car(made)
    const profile = made.records[0]?.data as Uint8Array
    const at = Buffer.from(bytes).indexOf(Buffer.from(profile))
    bytes[at + profile.length - 3] = (bytes[at + profile.length - 3] ?? 0) ^ 1
    const { office, report } = await bringBytes(bytes)
    expect(remarks(report)).toContain(`hash_mismatch repo.car ${made.records[0]?.cid} 1`)
    expect(report).toMatchObject({ failed: 1, new: made.records.length - 1 })
    const kept = [...office.messages.values()].filter(({ versions }) => versions[0]?.mediaType.includes('export=item'))
    expect(Buffer.from(kept[0]?.versions[0]?.raw ?? [])).toEqual(Buffer.from(bytes.subarray(at, at + profile.length)))
  })

  it('without its commit, or with another thing in its place, brings nothing and keeps the file', async () => {
    const made = repo(everything)
    const headless = Buffer.concat([header([made.commit.cid]), ...[...made.nodes, ...made.records].map(section)])
    const { office, report } = await bringBytes(headless)
    expect(said(office)).toEqual([])
    expect(report.remarks.filter(({ kind }) => kind === 'item_kept')).toHaveLength(made.records.length + made.nodes.length)
    expect(office.kept.size).toBe(1)
  })

  it('without a node of its tree keeps the records that this one led to, and says how many nodes are missing', async () => {
    const made = repo(Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`app.bsky.feed.post/${n}`, post(`Post ${n}`)])))
    expect(made.nodes.length).toBeGreaterThan(10)
    const { office, report } = await bringBytes(car({ ...made, nodes: made.nodes.slice(0, -1) }))
    expect(remarks(report)).toContain('file_unreadable repo.car tree:1 1')
    const orphans = report.remarks.filter(({ kind }) => kind === 'item_kept').length
    expect(orphans).toBeGreaterThan(0)
    expect(said(office)).toHaveLength(200 - orphans)
  })

  it('of version 2, of no version, or empty is not taken for one', async () => {
    const v2 = encode({ version: 2, roots: [block('x').cid] })
    for (const bytes of [
      Buffer.concat([varint(v2.length), v2]),
      Buffer.from('hello, world'),
      Buffer.alloc(0),
      varint(limits.headerBytes + 1),
    ]) {
      await expect(read(bytes)).rejects.toBeInstanceOf(NotACar)
      await expect(bringBytes(bytes)).rejects.toMatchObject({ code: 'export_unknown' })
    }
  })

  it('has blocks up to the limit, and passes over those above it', async () => {
    const made = repo({ 'app.bsky.feed.post/a': post('small') })
    const sized = (size: number) => {
      const cid = block('x').cid
      return section({ cid, data: new Uint8Array(size - cid.bytes.length) })
    }
    const at = await read(Buffer.concat([header([made.commit.cid]), sized(limits.blockBytes), section(made.commit)]), 100_000)
    expect(at).toEqual({ blocks: 1, faults: ['hash'] })
    const over = await read(
      Buffer.concat([header([made.commit.cid]), sized(limits.blockBytes + 1), section(made.commit)]),
      100_000,
    )
    expect(over).toEqual({ blocks: 1, faults: ['too_large'] })
  })

  it('with a length of no end is cut off there, not waited for', async () => {
    const made = repo({})
    const endless = Buffer.concat([header([made.commit.cid]), section(made.commit), new Uint8Array(20).fill(0xff)])
    expect((await read(endless)).faults).toEqual(['too_large'])
  })

  it('with a header up to the limit is read', async () => {
    const cids = (count: number) => header(Array.from({ length: count }, (_, n) => block(n).cid))
    const most =
      Array.from({ length: 200 }, (_, n) => n + 1).findLast((count) => cids(count).length - 2 <= limits.headerBytes) ?? 0
    await expect(read(cids(most))).resolves.toEqual({ blocks: 0, faults: [] })
    await expect(read(cids(most + 1))).rejects.toBeInstanceOf(NotACar)
  })

  it('is never more than a fault, whatever the bytes', async () => {
    const good = car(repo(everything))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 8 }),
        fc.nat(good.length),
        async (changes, end) => {
          const bytes = Uint8Array.from(good)
          for (const [at, value] of changes) bytes[at] = value
          const result = await read(bytes.subarray(0, end)).catch((error: unknown) => error)
          expect(result instanceof Error ? result : null).toSatisfy((error) => error === null || error instanceof NotACar)
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('a record that is not as it should be', () => {
  it('keeps dates before 1970 and after 2100 as they are', () => {
    expect(toPost(post('old', { createdAt: '1815-06-18T11:30:00Z' }))?.at).toBe('1815-06-18T11:30:00.000Z')
    expect(toPost(post('new', { createdAt: '2345-01-01T00:00:00.123456Z' }))?.at).toBe('2345-01-01T00:00:00.123Z')
  })

  it('without a date that is one is dated by its key, which counts microseconds, else by the last change', () => {
    for (const createdAt of [undefined, 'yesterday', '2024-13-45T00:00:00Z', '+275760-09-13T00:00:00Z', 5]) {
      expect(toPost({ ...post('x'), createdAt: createdAt ?? null })?.at).toBe('2023-07-15T16:56:47.184Z')
    }
    const data = encode({ ...post('x'), createdAt: null })
    expect(toMessageOf(data, 'app.bsky.feed.post/self')?.at).toBe(author.changedAt)
  })

  it('with fields that its schema does not have says so; topics beside the text are shown', async () => {
    const odd = post('plain', { tags: ['budget', 'éducation'], 'net.example.mood': 'calm' })
    const { office, report } = await bringBytes(car(repo({ 'app.bsky.feed.post/3k2l7tqqcks2a': odd })))
    expect(remarks(report)).toContain('field_unknown repo.car app.bsky.feed.post#net.example.mood 1')
    expect(said(office)).toMatchObject([{ text: 'plain\n#budget\n#éducation' }])
    expect(renderRecord(encode(odd)).html).toBe('<p>plain</p><p>#budget #éducation</p>')
  })

  it('leaves out facets that overlap, cut a character or lie outside, and keeps the text', () => {
    const link = (byteStart: number, byteEnd: number) => ({
      index: { byteStart, byteEnd },
      features: [{ $type: 'app.bsky.richtext.facet#link', uri: 'https://a.example/' }],
    })
    const raw = encode(post('é is é <b>', { facets: [link(0, 1), link(0, 2), link(1, 4), link(5, 99), link(7, 7), link(4, 2)] }))
    expect(renderRecord(raw).html).toBe('<p><a href="https://a.example/">é</a> is é &lt;b&gt;</p>')
  })

  it('makes links of the web only', () => {
    const facet = (uri: string) => [
      { index: { byteStart: 0, byteEnd: 5 }, features: [{ $type: 'app.bsky.richtext.facet#link', uri }] },
    ]
    for (const uri of ['javascript:alert(1)', 'data:text/html,x', 'https://', 'file:///etc/passwd'])
      expect(renderRecord(encode(post('click', { facets: facet(uri) }))).html).toBe('<p>click</p>')
  })

  it('takes as many facets as there may be, and no more', () => {
    const facets = (count: number) =>
      Array.from({ length: count }, (_, n) => ({
        index: { byteStart: n, byteEnd: n + 1 },
        features: [{ $type: 'app.bsky.richtext.facet#tag', tag: 't' }],
      }))
    const count = (made: number) => readPost(post('x'.repeat(400), { facets: facets(made) }))?.facets.length
    expect(count(limits.facets)).toBe(limits.facets)
    expect(count(limits.facets + 1)).toBe(limits.facets)
  })

  it('with numbers beyond 2^53, embeds of the future and parts of other types says what it can and that it is damaged', () => {
    const image = { image: { $type: 'blob', ref: block('p').cid, mimeType: 'image/png', size: 2n ** 60n }, alt: 'alt' }
    const large = renderRecord(encode(post('a', { embed: { $type: 'app.bsky.embed.images', images: [image] } })))
    expect(large).toMatchObject({ damaged: false, attachments: [{ mediaType: 'image/png', size: 2 ** 60 }] })
    for (const more of [
      { embed: { $type: 'app.bsky.embed.hologram' } },
      { embed: 7 },
      { reply: 'x' },
      { facets: {} },
      { facets: [1] },
    ])
      expect(renderRecord(encode(post('a', more)))).toMatchObject({ text: 'a', damaged: true })
  })

  it('nested without end breaks nothing', () => {
    const deep = Buffer.concat([Buffer.alloc(500_000, 0x81), Buffer.from([0x00])])
    expect(renderRecord(deep)).toMatchObject({ damaged: true })
    expect(toMessageOf(deep)).toBeNull()
  })

  it('is never more than damaged, whatever the bytes', () => {
    const raws = Object.values(everything).map((value) => encode(value))
    const changed = fc
      .tuple(fc.constantFrom(...raws), fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 6 }))
      .map(([raw, changes]) => {
        const bytes = Uint8Array.from(raw)
        for (const [at, value] of changes) bytes[at % bytes.length] = value
        return bytes
      })
    fc.assert(
      fc.property(fc.oneof(changed, fc.uint8Array({ maxLength: 300 })), (raw) => {
        const rendered = renderRecord(raw)
        expect(rendered.text).not.toMatch(/[\0\ue000\ue001]/)
        const message = toMessageOf(raw)
        if (message !== null) Instant.parse(message.at)
      }),
      { numRuns: 1000 },
    )
  })
})
