import { randomBytes } from 'node:crypto'
import { fieldsOf, textOf } from '#connectors/kit/shape.ts'
import type { Clock } from '#ports/index.ts'
import type { OutgoingMedia } from '#shared/model/index.ts'
import type { Outgoing } from '../connector.ts'
import type { Api, ApiAnswer } from './api.ts'
import { NotAnAnswer, Refused } from './faults.ts'
import { times } from './limits.ts'
import { refusal } from './target.ts'

/**
 * Gives a file to the server and waits until it is processed (docs.joinmastodon.org/methods/media).
 * @returns its id, for the post. @throws ConnectorFault
 */
export async function upload(
  parts: { api: Api; clock: Clock; open: Outgoing['open'] },
  file: OutgoingMedia,
  signal: AbortSignal,
): Promise<string> {
  const { api, clock } = parts
  const form = await multipart(file, parts.open)
  const answer = await post(api, '/api/v2/media', form, signal).catch((error: unknown) => {
    // servers of before 3.1.3 have the first one only
    const absent = error instanceof NotAnAnswer ? error.page : error instanceof Refused && [404, 405].includes(error.status)
    if (absent) return post(api, '/api/v1/media', form, signal)
    throw error
  })
  const id = textOf(fieldsOf(api.parse(answer))?.['id'])
  if (id === '') throw refusal(api.host, 'the file was given no id')
  const until = clock.monotonic() + times.process
  for (let at = answer; isBusy(at, api); at = await api.get(`/api/v1/media/${encodeURIComponent(id)}`, signal)) {
    if (clock.monotonic() >= until) throw refusal(api.host, `the file ${file.name} was not processed in time`)
    await clock.sleep(times.processPause, signal)
  }
  return id
}

/** 202: taken, not processed; 206: still not. A server that says neither has an address for it when it is done. */
function isBusy(answer: ApiAnswer, api: Api): boolean {
  if (answer.status === 206) return true
  return answer.status === 202 && fieldsOf(api.parse(answer))?.['url'] == null
}

interface Form {
  bytes: Uint8Array<ArrayBuffer>
  type: string
}

function post(api: Api, path: string, { bytes, type }: Form, signal: AbortSignal): Promise<ApiAnswer> {
  return api.call('POST', path, { bytes, headers: { 'content-type': type }, signal })
}

/** RFC 7578. */
async function multipart({ sha256, name, mediaType, alt }: OutgoingMedia, open: Outgoing['open']): Promise<Form> {
  const boundary = `--------dispatch-${randomBytes(16).toString('hex')}`
  const plain = (text: string) => text.replace(/["\r\n]/g, '_')
  const head = (disposition: string, more = '') =>
    `--${boundary}\r\ncontent-disposition: form-data; ${disposition}\r\n${more}\r\n`
  const pieces: Uint8Array[] = []
  if (alt !== '') pieces.push(Buffer.from(`${head('name="description"')}${alt}\r\n`))
  pieces.push(Buffer.from(head(`name="file"; filename="${plain(name)}"`, `content-type: ${plain(mediaType)}\r\n`)))
  for await (const piece of open(sha256)) pieces.push(piece)
  pieces.push(Buffer.from(`\r\n--${boundary}--\r\n`))
  return { bytes: new Uint8Array(Buffer.concat(pieces)), type: `multipart/form-data; boundary=${boundary}` }
}
