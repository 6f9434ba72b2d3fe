import type { IncomingMessage } from '#connectors/connector.ts'
import type { Author } from '../message.ts'
import { toMessage } from '../message.ts'
import { type Post, readPost, typeOf } from '../record.ts'
import { attachmentsOf } from '../render.ts'
import { fromJson, toBlock } from './values.ts'

/** Bytes of a record as they lie in its repository, which its content id names: the same as in an export. */
export const BLOCK_TYPE = 'application/vnd.ipld.dag-cbor'
/** A record in the server's JSON, where its content id does not fit what the JSON says. */
export const RECORD_TYPE = 'application/json; lexicon=com.atproto.repo.listRecords#record'

/** A record as servers list it. */
export interface Listed {
  uri: string
  cid: string
  value: unknown
  /** Its very bytes in the server's answer. */
  exact(): Uint8Array
}

/** An own record as a message: the same, byte for byte, that an export of the repository gives. */
export function ownMessage(listed: Listed, author: Author, place: string | null, endpoint: string): IncomingMessage {
  const { value, raw, mediaType } = read(listed)
  const post: Post | null = readPost(value)
  const path = listed.uri.split('/').slice(-2).join('/')
  const message = toMessage({ value, type: typeOf(value) ?? path.split('/')[0] ?? '', post }, path, author)
  return {
    ...message,
    place,
    read: true,
    answered: false,
    attachments: post === null ? [] : attachmentsOf(post),
    raw,
    mediaType,
    endpoint,
    quiet: message.kind === 'act' || message.kind === 'file',
  }
}

function read(listed: Listed): { value: unknown; raw: Uint8Array<ArrayBuffer>; mediaType: string } {
  const value = inModel(listed.value)
  if (value !== undefined) {
    const { bytes, cid } = toBlock(value)
    if (cid === listed.cid) return { value, raw: bytes, mediaType: BLOCK_TYPE }
  }
  // Damaged, or of a form that this program does not know: the server's words are kept as they are.
  return { value: value ?? null, raw: new Uint8Array(listed.exact()), mediaType: RECORD_TYPE }
}

/** @returns undefined for what has no form in the network's data model. */
export function inModel(json: unknown): unknown {
  try {
    return fromJson(json)
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError) return undefined
    throw error
  }
}
