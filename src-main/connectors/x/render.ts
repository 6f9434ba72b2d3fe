import type { Rendered } from '#connectors/connector.ts'
import { parseValue } from '#connectors/kit/json.ts'
import { escapeHtml, paragraphs } from '#connectors/kit/plain.ts'
import { type Fields, fieldsOf, listOf, textOf } from '#connectors/kit/shape.ts'
import { decodeText } from '#connectors/kit/text.ts'
import { DIRECT, NOTE, type Picture, picturesOf, readableText, tweetOf } from './shapes.ts'

/** What a person reads of an entry's bytes. */
export function renderX(raw: Uint8Array, mediaType: string): Rendered {
  const value = parseValue({ bytes: raw, deep: false })
  const said = mediaType === DIRECT ? direct(value) : mediaType === NOTE ? note(value) : post(value)
  if (!said) return { html: null, text: decodeText(raw), damaged: true, attachments: [] }
  const pictures = said.pictures.flatMap(({ alt, isVideo }, index) => (isVideo ? [] : [picture(index, alt)]))
  const text = [said.text, ...said.pictures.map(({ alt }) => alt)].filter((part) => part !== '').join('\n\n')
  return { html: paragraphs(said.text) + pictures.join(''), text, damaged: false, attachments: [] }
}

interface Said {
  text: string
  pictures: Picture[]
}

function post(value: unknown): Said | null {
  const tweet = tweetOf(value)
  const text = tweet?.['full_text'] ?? tweet?.['text']
  return tweet && typeof text === 'string' ? { text: readableText(text, tweet['entities']), pictures: picturesOf(tweet) } : null
}

function note(value: unknown): Said | null {
  const core = fieldsOf(fieldsOf(fieldsOf(value)?.['noteTweet'])?.['core'])
  return core && typeof core['text'] === 'string' ? { text: readableText(core['text'], core), pictures: [] } : null
}

function direct(value: unknown): Said | null {
  const entry = fieldsOf(value)
  const [kind = ''] = Object.keys(entry ?? {})
  const fields: Fields | null = fieldsOf(entry?.[kind])
  if (!fields) return null
  const pictures = listOf(fields['mediaUrls']).map((url) => ({ url: textOf(url), alt: '', isVideo: /\.mp4$/.test(textOf(url)) }))
  return { text: kind === 'messageCreate' ? readableText(textOf(fields['text']), fields) : textOf(fields['name']), pictures }
}

function picture(index: number, alt: string): string {
  return `<p><img src="cid:${index}" alt="${escapeHtml(alt)}"></p>`
}
