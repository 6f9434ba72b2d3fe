import { createHash } from 'node:crypto'
import { encode } from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import { JsonWalk } from '#connectors/kit/json-walk.ts'

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'
const DAG_CBOR = 0x71
const SHA2_256 = 0x12
/** Levels of objects and lists in a record; the network's own have under 10. */
const MOST_DEPTH = 64

/**
 * A value out of the network's JSON as its data model has it: links and bytes are what they are
 * (https://atproto.com/specs/data-model#json-representation).
 * @throws RangeError for what is nested too deeply; SyntaxError for a link that is none.
 */
export function fromJson(value: unknown, depth = 0): unknown {
  if (depth > MOST_DEPTH) throw new RangeError('nested too deeply')
  if (Array.isArray(value)) return value.map((entry) => fromJson(entry, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  const { $link, $bytes } = value as { $link?: unknown; $bytes?: unknown }
  const only = Object.keys(value).length === 1
  if (only && typeof $link === 'string') return toCid($link)
  if (only && typeof $bytes === 'string') return new Uint8Array(Buffer.from($bytes, 'base64'))
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, fromJson(part, depth + 1)]))
}

function toCid(text: string): CID {
  try {
    return CID.parse(text)
  } catch (error) {
    throw new SyntaxError('a link that is none', { cause: error })
  }
}

/** A record's bytes as they lie in its repository, and the id that follows from them. */
export interface Block {
  bytes: Uint8Array<ArrayBuffer>
  cid: string
}

/** @param value in the data model. */
export function toBlock(value: unknown): Block {
  const bytes = new Uint8Array(encode(value))
  return { bytes, cid: cidOf(bytes) }
}

/** The content id of a record's bytes. */
export function cidOf(bytes: Uint8Array): string {
  const digest = createHash('sha256').update(bytes).digest()
  return `b${base32(Uint8Array.of(1, DAG_CBOR, SHA2_256, digest.length, ...digest))}`
}

/** RFC 4648, lower case, without padding: a third of the time that the package for all kinds of ids takes, for each of many records. */
function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += BASE32[(value >> bits) & 31]
    }
  }
  return bits > 0 ? text + BASE32[(value << (5 - bits)) & 31] : text
}

/** Whether bytes are those that a content id names; false for kinds of ids that are not known here. */
export function isContent(cid: string, bytes: Uint8Array): boolean {
  try {
    const { multihash } = CID.parse(cid)
    return multihash.code === SHA2_256 && createHash('sha256').update(bytes).digest().equals(multihash.digest)
  } catch (error) {
    if (error instanceof Error) return false
    throw error
  }
}

/**
 * The members of a list in an answer, each with its very bytes; with `part`, those of that member of each.
 * @param name of the member of the outermost object that is the list.
 * @returns by their place in the list.
 */
export function membersOf(bytes: Uint8Array, name: string, part?: string): Uint8Array[] {
  const depth = part === undefined ? 2 : 3
  const inside = (path: readonly (string | number)[]) => path.length === 0 || (path.length < depth && path[0] === name)
  const walk = new JsonWalk(inside, bytes.byteLength, MOST_DEPTH * 4)
  walk.feed(bytes)
  walk.end()
  const found: Uint8Array[] = []
  for (let value = walk.next(); value !== null; value = walk.next()) {
    const [list, index, member] = value.path
    if (list === name && typeof index === 'number' && member === part) found[index] = new Uint8Array(value.bytes)
  }
  return found
}

export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
