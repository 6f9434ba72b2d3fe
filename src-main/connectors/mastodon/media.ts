import type { Fields } from '#connectors/kit/shape.ts'
import type { Http } from '#ports/index.ts'
import type { MastodonSettings } from '#shared/model/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import type { Context, IncomingMessage } from '../connector.ts'
import { limits, times } from './limits.ts'
import { picturesOf } from './post.ts'

/**
 * A file that a post names. Only the server that the person named may be in a private network; what it names elsewhere may not.
 * @throws ProblemError what the connection met, `too_large`, `attachment_unavailable`; the signal's reason.
 */
export async function fetchFile(
  http: Http,
  origin: string,
  file: { url: string; name: string; maxBytes: number },
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { url, maxBytes } = file
  const outside = !URL.canParse(url) || new URL(url).origin !== origin
  const response = await http.fetch({ url, maxBytes, timeoutMs: times.media, outside, signal })
  if (response.status !== 200 && response.status !== 203) {
    const host = new URL(response.url).host
    throw new ProblemError('attachment_unavailable', { name: file.name, host, detail: `HTTP ${response.status}` })
  }
  return response.body
}

/**
 * Puts the files of a post into the office. One that cannot be had stays named, and can be asked for later.
 * @returns the message with what there is of them.
 */
export async function withFiles(
  message: IncomingMessage,
  said: Fields,
  context: Context<MastodonSettings>,
  origin: string,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const pictures = picturesOf(said)
  const attachments = message.attachments.map((attachment) => ({ ...attachment }))
  const media: NonNullable<IncomingMessage['media']> = []
  for (const [index, { url }] of pictures.entries()) {
    const attachment = attachments[index]
    if (!attachment) break
    try {
      const bytes = await fetchFile(context.http, origin, { url, name: attachment.name, maxBytes: limits.mediaBytes }, signal)
      const kept = await context.keep(once(bytes))
      media.push({ index, ...kept })
      attachment.size = kept.size
    } catch (error) {
      if (signal.aborted) throw signal.reason
      if (!(error instanceof ProblemError) || error.code === 'disk_full') throw error
      context.log.warn('mastodon.file_not_kept', { code: error.code, post: message.remoteId.slice(0, 300) })
    }
  }
  return { ...message, attachments, media }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
