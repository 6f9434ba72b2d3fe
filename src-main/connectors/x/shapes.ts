import { type Fields, fieldsOf, listOf, textOf } from '#connectors/kit/shape.ts'

/** Media types of records: which of the archive's entries their bytes are. */
export const TWEET = 'application/json; export=x-tweet'
export const NOTE = 'application/json; export=x-note'
export const DIRECT = 'application/json; export=x-direct'

/** Names of fields that are known; others are remarked on and stay in the bytes. */
export const tweetFields: ReadonlySet<string> = new Set(
  `edit_info retweeted source entities display_text_range favorite_count id id_str truncated retweet_count possibly_sensitive created_at
  favorited full_text text lang in_reply_to_status_id in_reply_to_status_id_str in_reply_to_user_id in_reply_to_user_id_str
  in_reply_to_screen_name extended_entities coordinates geo place withheld_copyright withheld_in_countries withheld_scope contributors
  is_quote_status quoted_status_id quoted_status_id_str deleted_at community_id community_id_str scopes self_thread user`.split(
    /\s+/,
  ),
)
export const noteFields: ReadonlySet<string> = new Set('noteTweetId updatedAt lifecycle createdAt core'.split(' '))
export const directFields: ReadonlySet<string> = new Set(
  'recipientId reactions urls text mediaUrls senderId id createdAt editHistory'.split(' '),
)

/** The post in an entry of `tweets.js`: wrapped in newer archives, bare in those up to 2019. */
export function tweetOf(value: unknown): Fields | null {
  const fields = fieldsOf(value)
  return fields && (fieldsOf(fields['tweet']) ?? fields)
}

export interface Picture {
  /** Address of the file at X. */
  url: string
  alt: string
  isVideo: boolean
}

/** Pictures and videos of a post in the order in which they stand. */
export function picturesOf(tweet: Fields): Picture[] {
  const extended = listOf(fieldsOf(tweet['extended_entities'])?.['media'])
  const media = extended.length > 0 ? extended : listOf(fieldsOf(tweet['entities'])?.['media'])
  return media.flatMap((entry) => {
    const fields = fieldsOf(entry)
    if (!fields) return []
    const video = bestVideo(fields)
    const url = video ?? (textOf(fields['media_url_https']) || textOf(fields['media_url']))
    return [{ url, alt: textOf(fields['ext_alt_text']), isVideo: video !== null }]
  })
}

/** The variant with the most bits per second, as the archive holds it. */
function bestVideo(media: Fields): string | null {
  let best: { url: string; rate: number } | null = null
  for (const entry of listOf(fieldsOf(media['video_info'])?.['variants'])) {
    const variant = fieldsOf(entry)
    const url = textOf(variant?.['url'])
    if (!variant || !/\.mp4(\?|$)/.test(url)) continue
    const rate = Number(variant['bitrate'] ?? 0)
    if (!best || rate > best.rate) best = { url, rate }
  }
  return best?.url ?? null
}

/** The file's name in an address. */
export function nameIn(url: string): string {
  const path = url.replace(/[?#].*$/, '')
  return path.slice(path.lastIndexOf('/') + 1)
}

const escapes: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' }

/** A post's text as people read it: X escapes three characters, and shortens addresses. */
export function readableText(text: string, entities: unknown): string {
  let full = text
  for (const entry of listOf(fieldsOf(entities)?.['urls']).slice(0, 100)) {
    const url = fieldsOf(entry)
    const short = textOf(url?.['url']) || textOf(url?.['shortUrl'])
    const long = textOf(url?.['expanded_url']) || textOf(url?.['expandedUrl']) || textOf(url?.['expanded'])
    if (short !== '' && long !== '') full = full.replaceAll(short, long)
  }
  return full.replace(/&(?:amp|lt|gt);/g, (found) => escapes[found] ?? found)
}
