import type { Context } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import type { HttpResponse } from '#ports/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import { readJsonBody } from '../../kit/json-items.ts'
import { fieldsOf, listOf, textOf } from '../../kit/shape.ts'
import { hostOf, protocolFault } from '../../kit/web.ts'
import { limits, times } from '../limits.ts'
import type { Captured } from '../sms.ts'
import type { TwilioApi, TwilioSettings } from './api.ts'
import { captureWithFiles, type TwilioFile, type TwilioMessage } from './message.ts'

/**
 * A message with its files, each put into the office. A file that Twilio has no more, or that is too large, is left out; its name stays.
 * @throws ConnectorFault when they cannot be had now: the message comes with them, later.
 */
export async function fetchFiles(
  context: Context<TwilioSettings>,
  api: TwilioApi,
  { message, raw, plain }: { message: TwilioMessage; raw: Uint8Array; plain: Captured },
  signal: AbortSignal,
): Promise<Captured> {
  const list = await api.ask(api.message(message.sid, '/Media'), signal)
  if (list.status === 404) return plain
  const listed = listOf(fieldsOf(readJsonBody(list.body))?.['media_list']).slice(0, limits.media)
  if (list.status >= 400 || listed.length === 0) throw protocolFault(list.url, 'a message whose files are not listed')
  const files: (TwilioFile | null)[] = []
  for (const entry of listed) {
    const fields = fieldsOf(entry)
    const sid = textOf(fields?.['sid'])
    const bytes = /^ME[0-9a-fA-F]{32}$/.test(sid) ? await fetchFile(context, api, message.sid, sid, signal) : null
    const kept = bytes && (await context.keep(oneOf(bytes)))
    files.push(kept && { sid, contentType: textOf(fields?.['content_type']), kept })
  }
  return captureWithFiles(raw, message.sid, Uint8Array.from(list.body), files) ?? plain
}

/** Twilio hands a file out itself or sends us on to a store of files, without our password and never into a private network. */
async function fetchFile(
  context: Context<TwilioSettings>,
  api: TwilioApi,
  sid: string,
  file: string,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const url = api.message(sid, `/Media/${file}`).replace(/\.json$/, '')
  const first = await fetchFrom(context, api, url, signal)
  if (first === null) return null
  const location = first.headers['location']
  const response =
    first.status >= 300 && first.status < 400 && location !== undefined && URL.canParse(location, url)
      ? await fetchFrom(context, null, new URL(location, url).href, signal)
      : first
  if (response === null || response.status === 404 || response.status === 410) return null
  if (response.status !== 200) {
    throw new ConnectorFault('transient', 'server_error', { host: hostOf(response.url), detail: `HTTP ${response.status}` })
  }
  return response.body
}

async function fetchFrom(
  context: Context<TwilioSettings>,
  api: TwilioApi | null,
  url: string,
  signal: AbortSignal,
): Promise<HttpResponse | null> {
  const request = { maxBytes: limits.mediaBytes, timeoutMs: times.media, signal }
  try {
    if (api !== null) return await api.fetchFile(url, request)
    return await context.http.fetch({ ...request, url, outside: true, maxRedirects: 3 })
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (!(error instanceof ProblemError) || error instanceof ConnectorFault) throw error
    // Waiting makes it no smaller: the message comes without it.
    if (error.code === 'too_large') return null
    throw new ConnectorFault('transient', error.code, error.params, { cause: error })
  }
}

async function* oneOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
