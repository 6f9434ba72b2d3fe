import { parseValue } from '#connectors/kit/json.ts'
import { type Fields, fieldsOf, textOf } from '#connectors/kit/shape.ts'
import type { SourceMessage } from '../connector.ts'
import { ConnectorFault } from '../fault.ts'
import type { Api } from './api.ts'
import { STATUS } from './post.ts'
import { findPostId } from './who.ts'

/** What the server said of a message when it was last seen; null for one that came from an export. */
export function statusOf({ raw, mediaType }: SourceMessage): Fields | null {
  return mediaType === STATUS ? fieldsOf(parseValue({ bytes: raw, deep: false })) : null
}

/**
 * The server's id of a message that the office has: from its bytes, from its place, or asked for by its address.
 * @throws ConnectorFault `decision` / `send_refused` when the server knows it no more.
 */
export async function idOf(target: SourceMessage, api: Api, signal: AbortSignal): Promise<string> {
  const id = textOf(statusOf(target)?.['id']) || target.places[0] || (await findPostId(api, target.remoteId, signal))
  if (id) return id
  throw refusal(api.host, 'the post is not known there')
}

/** The server refused it for good. */
export function refusal(host: string, detail: string): ConnectorFault {
  return new ConnectorFault('decision', 'send_refused', { host, detail }, { untaken: true })
}
