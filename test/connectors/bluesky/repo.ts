import { createHash } from 'node:crypto'
import { encode } from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'

/** A repository as a server hands it out (https://atproto.com/specs/repository), written by ourselves. */

export const DID = 'did:plc:7iza6de2dwap2sbkpav7c6c6'

export interface Block {
  cid: CID
  data: Uint8Array
}

const DAG_CBOR = 0x71
const SHA2_256 = 0x12

export function block(value: unknown): Block {
  const data = encode(value)
  const digest = createHash('sha256').update(data).digest()
  return { cid: CID.createV1(DAG_CBOR, create(SHA2_256, digest)), data }
}

export function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let left = value
  for (; left >= 0x80; left = Math.floor(left / 128)) bytes.push((left % 128) | 0x80)
  return Uint8Array.from([...bytes, left])
}

export function section({ cid, data }: Block): Uint8Array {
  return Buffer.concat([varint(cid.bytes.length + data.length), cid.bytes, data])
}

export function header(roots: CID[]): Uint8Array {
  const bytes = encode({ version: 1, roots })
  return Buffer.concat([varint(bytes.length), bytes])
}

/** Zeros at the start of a key's hash, two bits each: the layer of the tree that it lies in. */
function layer(key: string): number {
  const hash = createHash('sha256').update(key).digest()
  let zeros = 0
  for (const byte of hash) {
    if (byte !== 0) return zeros + Math.floor((Math.clz32(byte) - 24) / 2)
    zeros += 4
  }
  return zeros
}

/** The tree over sorted keys, from a layer down: nodes with what lies between their keys. @returns null for no keys */
function tree(entries: [string, CID][], at: number, blocks: Block[]): CID | null {
  if (entries.length === 0) return null
  const below = (part: [string, CID][]) => tree(part, at - 1, blocks)
  const here = entries.flatMap(([key], index) => (layer(key) === at ? [index] : []))
  const first = here[0] ?? entries.length
  const l = below(entries.slice(0, first))
  let before = ''
  const e = here.map((index, place) => {
    const [key, v] = entries[index] as [string, CID]
    let p = 0
    while (p < before.length && before[p] === key[p]) p++
    before = key
    return { p, k: Buffer.from(key.slice(p)), v, t: below(entries.slice(index + 1, here[place + 1])) }
  })
  const node = block({ l, e })
  blocks.push(node)
  return node.cid
}

export interface Repo {
  commit: Block
  nodes: Block[]
  records: Block[]
}

/** @param records values by `collection/rkey` */
export function repo(records: Record<string, unknown>, did = DID): Repo {
  const entries = Object.keys(records)
    .sort()
    .map((key) => ({ key, record: block(records[key]) }))
  const top = entries.reduce((most, { key }) => Math.max(most, layer(key)), 0)
  const nodes: Block[] = []
  const pairs = entries.map(({ key, record }): [string, CID] => [key, record.cid])
  const empty = block({ l: null, e: [] })
  const root = tree(pairs, top, nodes)
  if (root === null) nodes.push(empty)
  const data = root ?? empty.cid
  const commit = block({ did, version: 3, data, rev: '3k2l7tqqcks2a', prev: null, sig: new Uint8Array(64).fill(7) })
  return { commit, nodes: nodes.reverse(), records: entries.map(({ record }) => record) }
}

export function car({ commit, nodes, records }: Repo): Uint8Array {
  return Buffer.concat([header([commit.cid]), ...[commit, ...nodes, ...records].map(section)])
}

export function post(text: string, more: object = {}): object {
  return { $type: 'app.bsky.feed.post', text, createdAt: '2024-05-01T10:00:00.000Z', ...more }
}

/** An account's repository with one of everything that is understood. */
export const everything: Record<string, unknown> = {
  'app.bsky.actor.profile/self': { $type: 'app.bsky.actor.profile', displayName: 'Parliament of Examplia' },
  'app.bsky.feed.post/3k2l7tqqcks2a': post('The debate begins at ten: parliament.example/live', {
    facets: [
      {
        index: { byteStart: 26, byteEnd: 49 },
        features: [{ $type: 'app.bsky.richtext.facet#link', uri: 'https://parliament.example/live?day=1' }],
      },
    ],
  }),
  'app.bsky.feed.post/3k2l7tqqcks2b': post('Und weiter 🏛️ im Thema', {
    createdAt: '2024-05-01T10:05:00.000Z',
    langs: ['de'],
    reply: {
      root: { uri: `at://${DID}/app.bsky.feed.post/3k2l7tqqcks2a`, cid: 'bafyroot' },
      parent: { uri: `at://${DID}/app.bsky.feed.post/3k2l7tqqcks2a`, cid: 'bafyroot' },
    },
  }),
  'app.bsky.feed.post/3k2l7tqqcks2c': post('Pictures of the day', {
    createdAt: '2024-05-02T10:00:00.000Z',
    embed: {
      $type: 'app.bsky.embed.recordWithMedia',
      record: {
        $type: 'app.bsky.embed.record',
        record: { uri: 'at://did:plc:other/app.bsky.feed.post/3kabc', cid: 'bafyother' },
      },
      media: {
        $type: 'app.bsky.embed.images',
        images: [
          { image: { $type: 'blob', ref: block('picture').cid, mimeType: 'image/jpeg', size: 9 }, alt: 'The chamber, full' },
        ],
      },
    },
  }),
  'app.bsky.feed.post/3k2l7tqqcks2d': post('Read the report', {
    createdAt: '2024-05-03T10:00:00.000Z',
    embed: {
      $type: 'app.bsky.embed.external',
      external: { uri: 'https://parliament.example/report', title: 'Report', description: 'On <budgets>' },
    },
  }),
  'app.bsky.feed.like/3k2l7tqqcks2e': {
    $type: 'app.bsky.feed.like',
    subject: { uri: 'at://did:plc:other/app.bsky.feed.post/3kabc', cid: 'bafyother' },
    createdAt: '2024-05-04T10:00:00.000Z',
  },
  'app.bsky.feed.repost/3k2l7tqqcks2f': {
    $type: 'app.bsky.feed.repost',
    subject: { uri: 'at://did:plc:other/app.bsky.feed.post/3kabc', cid: 'bafyother' },
    createdAt: '2024-05-05T10:00:00.000Z',
  },
  'app.bsky.graph.follow/3k2l7tqqcks2g': {
    $type: 'app.bsky.graph.follow',
    subject: 'did:plc:other',
    createdAt: '2024-05-06T10:00:00.000Z',
  },
}
