import { Parser } from 'htmlparser2'
import { htmlText } from '#connectors/kit/html.ts'
import { parseValue } from '#connectors/kit/json.ts'
import { escapeHtml, isWebAddress, linkHtml } from '#connectors/kit/plain.ts'
import { type Fields, fieldsOf, listOf, textOf } from '#connectors/kit/shape.ts'
import { decodeText, oneLine } from '#connectors/kit/text.ts'
import type { Rendered } from '../connector.ts'
import { NOTICE, noticeText, readNotice } from './notice.ts'
import { EDIT, picturesOf, pollOf, STATUS } from './post.ts'

export const liveMediaTypes: ReadonlySet<string> = new Set([STATUS, EDIT, NOTICE])

/** What a person reads of what the server's API told. Its HTML is the network's, sanitised by whoever shows it. */
export function renderLive(raw: Uint8Array, mediaType: string): Rendered {
  if (mediaType === NOTICE) return renderNotice(raw)
  const status = fieldsOf(parseValue({ bytes: raw, deep: false }))
  if (!status || typeof status['content'] !== 'string') return damaged(raw)
  const boosted = fieldsOf(status['reblog'])
  if (boosted) {
    const { html, text } = bodyOf(boosted, 1)
    return { html: `${byline(boosted)}${html}`, text: [bylineText(boosted), text].join('\n\n'), damaged: false, attachments: [] }
  }
  const { html, text } = bodyOf(status, 0)
  return { html, text, damaged: false, attachments: [], subject: oneLine(textOf(status['spoiler_text'])) }
}

function damaged(raw: Uint8Array): Rendered {
  return { html: null, text: decodeText(raw), damaged: true, attachments: [] }
}

/** @param depth of a quote or boost; own pictures are shown at 0 only, and a quote in a quote is a link. */
function bodyOf(status: Fields, depth: number): { html: string; text: string } {
  const pictures = picturesOf(status)
  const choices = pollOf(status)
  const poll = choices.map(({ name, votes }) => `<li>${escapeHtml(name)} (${votes})</li>`).join('')
  const shown = pictures.map(({ url, mediaType, alt }, index) => {
    if (!mediaType.startsWith('image/')) return isWebAddress(url) ? `<p>${linkHtml(url, alt || url)}</p>` : ''
    const source = depth === 0 ? `cid:${index}` : /^https:/i.test(url) ? url : ''
    return source === '' ? '' : `<p><img src="${escapeHtml(source)}" alt="${escapeHtml(alt)}"></p>`
  })
  const quoted = quoteOf(status, depth)
  const warning = depth > 0 ? oneLine(textOf(status['spoiler_text'])) : ''
  const content = textOf(status['content'])
  const html = [
    warning === '' ? '' : `<p><strong>${escapeHtml(warning)}</strong></p>`,
    withEmoji(content, emojiOf(status)),
    poll === '' ? '' : `<ul>${poll}</ul>`,
    ...shown,
    quoted.html,
  ].join('')
  const parts = [
    warning,
    htmlText(content),
    ...choices.map(({ name, votes }) => `${name} (${votes})`),
    ...pictures.map(({ alt }) => alt),
    quoted.text,
  ]
  return { html, text: parts.filter((part) => part !== '').join('\n\n') }
}

/** A post that another shows (since 4.4). */
function quoteOf(status: Fields, depth: number): { html: string; text: string } {
  const quote = fieldsOf(status['quote'])
  // others give the quoted post itself
  const quoted = fieldsOf(quote?.['quoted_status']) ?? (typeof quote?.['content'] === 'string' ? quote : null)
  if (!quoted) return { html: '', text: '' }
  if (depth > 0) {
    const url = textOf(quoted['url'])
    return { html: isWebAddress(url) ? `<p>${linkHtml(url)}</p>` : '', text: url }
  }
  const { html, text } = bodyOf(quoted, depth + 1)
  return { html: `<blockquote>${byline(quoted)}${html}</blockquote>`, text: [bylineText(quoted), text].join('\n') }
}

function bylineText(status: Fields): string {
  const account = fieldsOf(status['account'])
  return `${oneLine(textOf(account?.['display_name']))} @${oneLine(textOf(account?.['acct']))}`.trim()
}

function byline(status: Fields): string {
  const url = textOf(status['url']) || textOf(status['uri'])
  return `<p><strong>${linkHtml(url, bylineText(status))}</strong></p>`
}

/** Pictures of an emoji by its name between colons. Only what can be asked for by HTTPS, and only when a person wants to see it. */
function emojiOf(status: Fields): Map<string, string> {
  const emoji = new Map<string, string>()
  for (const entry of listOf(status['emojis']).slice(0, 500)) {
    const one = fieldsOf(entry)
    const name = textOf(one?.['shortcode'])
    const url = textOf(one?.['static_url']) || textOf(one?.['url'])
    if (/^[\w-]{1,100}$/.test(name) && /^https:/i.test(url) && isWebAddress(url)) emoji.set(name, url)
  }
  return emoji
}

/** HTML with the pictures of emoji in its text; names in attributes (an address with `:8080:`) stay as they are. */
function withEmoji(html: string, emoji: ReadonlyMap<string, string>): string {
  if (emoji.size === 0) return html
  const edges: [number, number][] = []
  const parser: Parser = new Parser(
    {
      ontext: () => {
        edges.push([parser.startIndex, parser.endIndex + 1])
      },
    },
    { decodeEntities: false },
  )
  parser.end(html)
  const parts: string[] = []
  let at = 0
  for (const [start, end] of edges) {
    parts.push(html.slice(at, start))
    const shown = html.slice(start, end).replace(/:([\w-]{1,100}):/g, (whole, name: string) => {
      const url = emoji.get(name)
      return url === undefined ? whole : `<img src="${escapeHtml(url)}" alt=":${name}:" title=":${name}:" width="20" height="20">`
    })
    parts.push(shown)
    at = end
  }
  parts.push(html.slice(at))
  return parts.join('')
}

function renderNotice(raw: Uint8Array): Rendered {
  const lines = decodeText(raw).split('\n')
  const fields = lines.flatMap((line): Fields[] => {
    const said = fieldsOf(parseValue({ bytes: Buffer.from(line), deep: false }))
    return said ? [said] : []
  })
  if (fields.length === 0) return damaged(raw)
  const { type, accounts, count } = readNotice(fields)
  const name = (account: Fields) => `${oneLine(textOf(account['display_name']))} @${oneLine(textOf(account['acct']))}`.trim()
  const text = noticeText(type, accounts.map(name), count)
  const [sign = '', ...rest] = text.split('\n')
  const people = rest.map((line, index) => `<li>${linkHtml(textOf(accounts[index]?.['url']), line)}</li>`).join('')
  return { html: `<p>${escapeHtml(sign)}</p><ul>${people}</ul>`, text, damaged: false, attachments: [] }
}
