import { type Fields, fieldsOf, listOf, textOf } from '#connectors/kit/shape.ts'
import type { SendLimits } from '#shared/model/index.ts'
import type { Api } from './api.ts'

/** What a server says of itself. */
export interface Instance {
  /** The name that handles of it end with. */
  domain: string
  /** Where it says that its stream is; null where it does not say. */
  streaming: string | null
  /** It is Mastodon itself, and remembers an `Idempotency-Key` for an hour. */
  keepsKeys: boolean
  limits: SendLimits
}

/** As Mastodon has them where a server does not say. */
const usual = { text: 500, media: 4, alt: 1500, imageBytes: 16 * 1024 * 1024, videoBytes: 99 * 1024 * 1024 }
const types =
  'image/jpeg image/png image/gif image/webp image/avif video/mp4 video/webm video/quicktime audio/mpeg audio/ogg audio/mp4'

/**
 * Asks a server what it is: `/api/v2/instance`, else `/api/v1/instance`, else it is taken for a plain one
 * (docs.joinmastodon.org/entities/Instance and /V1_Instance; others add fields of their own).
 */
export async function readInstance(api: Api, signal: AbortSignal): Promise<Instance> {
  const second = await api.find('/api/v2/instance', signal)
  const first = second ? null : await api.find('/api/v1/instance', signal)
  const answer = second ?? first
  return instanceOf(fieldsOf(answer && api.parse(answer)) ?? {}, api.host)
}

/** @param host the server's address, where it does not name itself. */
export function instanceOf(said: Fields, host: string): Instance {
  const configuration = fieldsOf(said['configuration'])
  const urls = fieldsOf(configuration?.['urls']) ?? fieldsOf(said['urls'])
  const streaming = textOf(urls?.['streaming']) || textOf(urls?.['streaming_api'])
  const named = textOf(said['domain']) || textOf(said['uri'])
  const domain = (URL.canParse(named) ? new URL(named).host : named).toLowerCase()
  return {
    domain: /^[^\s/@]{1,253}$/.test(domain) ? domain : host,
    streaming: URL.canParse(streaming) ? streaming : null,
    keepsKeys: versionOf(said) !== null,
    limits: limitsOf(said, configuration),
  }
}

/** The version of Mastodon itself; null for servers that are like it, which say so (`2.7.2 (compatible; Pleroma 2.6.0)`, `0.19.1 git-...`). */
function versionOf(said: Fields): [number, number] | null {
  const version = textOf(said['version'])
  const parts = /^(\d+)\.(\d+)\.\d+(?:[-+][\w.+-]*)?$/.exec(version)
  if (!parts || Number(parts[1]) < 2 || /gotosocial|pleroma|akkoma/i.test(textOf(said['source_url']))) return null
  return [Number(parts[1]), Number(parts[2])]
}

function limitsOf(said: Fields, configuration: Fields | null): SendLimits {
  const statuses = fieldsOf(configuration?.['statuses'])
  const media = fieldsOf(configuration?.['media_attachments'])
  const version = versionOf(said)
  const api = fieldsOf(said['api_versions'])?.['mastodon']
  const listed = listOf(media?.['supported_mime_types']).filter((type): type is string => typeof type === 'string')
  const image = count(media?.['image_size_limit']) ?? count(said['upload_limit']) ?? usual.imageBytes
  const video = count(media?.['video_size_limit']) ?? count(said['upload_limit']) ?? usual.videoBytes
  return {
    kinds: ['post', 'reply', 'direct'],
    acts: ['like', 'boost', 'follow', 'mute', 'block', 'report'],
    // since 3.5; servers that are only like it refuse what they cannot
    edits: version === null || version[0] > 3 || (version[0] === 3 && version[1] >= 5),
    deletes: true,
    visibilities: ['public', 'unlisted', 'followers'],
    warnings: true,
    // since 4.5, whose API says that it is the seventh
    quotes: typeof api === 'number' && api >= 7,
    text: {
      counting: 'mastodon',
      most: count(statuses?.['max_characters']) ?? count(said['max_toot_chars']) ?? usual.text,
      mostBytes: null,
    },
    media: {
      most: count(statuses?.['max_media_attachments']) ?? usual.media,
      types: listed.length > 0 ? listed : types.split(' '),
      mostBytes: { image, video, audio: video, '*': Math.min(image, video) },
      mostAlt: count(media?.['description_limit']) ?? count(said['description_limit']) ?? usual.alt,
    },
  }
}

function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null
}
