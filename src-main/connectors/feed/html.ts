import { QuoteType, Tokenizer, type TokenizerCallbacks } from 'htmlparser2'

/** Elements whose text nobody reads. */
const MUTE = new Set(['script', 'style', 'template', 'iframe', 'noscript', 'svg', 'math', 'object', 'select', 'textarea'])
/** Elements that begin a line. */
const BLOCK = new Set(
  'address article aside blockquote br dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tr ul'.split(
    ' ',
  ),
)
const ADDRESSES = new Set(['href', 'src', 'poster', 'cite', 'background', 'data', 'srcset'])
const ABSOLUTE = /^\s*(?:[a-z][a-z0-9+.-]*:|#)/i

/** The text of HTML as a person would read it, blocks on lines of their own. Reads tokens, builds no tree: time and memory grow with the length only. */
export function htmlToText(html: string): string {
  const parts: string[] = []
  let muted = ''
  const line = (name: string) => {
    if (BLOCK.has(name)) parts.push('\n')
    else if (name === 'td' || name === 'th') parts.push(' ')
  }
  tokenize(html, {
    onopentagname(start, end) {
      const name = html.slice(start, end).toLowerCase()
      if (muted === '' && MUTE.has(name)) muted = name
      else if (muted === '') line(name)
    },
    onclosetag(start, end) {
      const name = html.slice(start, end).toLowerCase()
      if (name === muted) muted = ''
      else if (muted === '') line(name)
    },
    ontext(start, end) {
      if (muted === '') parts.push(html.slice(start, end))
    },
    ontextentity(codepoint) {
      if (muted === '') parts.push(String.fromCodePoint(codepoint))
    },
  })
  return parts
    .join('')
    .split('\n')
    .map((text) => text.replace(/[\s\u00a0]+/g, ' ').trim())
    .filter((text) => text !== '')
    .join('\n')
}

/** The same HTML with its relative addresses made absolute; nothing else is touched. */
export function absoluteHtml(html: string, base: string): string {
  if (!URL.canParse(base)) return html
  const out: string[] = []
  let copied = 0
  let attribute = ''
  let valueStart = -1
  let entityFirst = false
  tokenize(html, {
    onattribname(start, end) {
      attribute = html.slice(start, end).toLowerCase()
      valueStart = -1
      entityFirst = false
    },
    onattribentity() {
      if (valueStart < 0) entityFirst = true
    },
    onattribdata(start) {
      if (valueStart < 0) valueStart = start
    },
    onattribend(quote, end) {
      if (valueStart < 0 || entityFirst || !ADDRESSES.has(attribute)) return
      const valueEnd = quote === QuoteType.Unquoted ? end : end - 1
      const value = html.slice(valueStart, valueEnd)
      const changed = attribute === 'srcset' ? absoluteSet(value, base) : absoluteAttribute(value, base)
      if (changed === value) return
      out.push(html.slice(copied, valueStart), quote === QuoteType.Unquoted ? `"${changed}"` : changed)
      copied = valueEnd
    },
  })
  return out.length === 0 ? html : out.join('') + html.slice(copied)
}

/** Resolves a web address. @returns null when it is none, or one that a browser would run (`javascript:`) or read from disk. */
export function webAddress(text: string | undefined, base: string, longest: number): string | null {
  const trimmed = text?.trim() ?? ''
  if (trimmed === '' || trimmed.length > longest) return null
  const url = URL.canParse(trimmed, base) ? new URL(trimmed, base) : URL.canParse(trimmed) ? new URL(trimmed) : null
  return url && (url.protocol === 'https:' || url.protocol === 'http:') && url.href.length <= longest ? url.href : null
}

/** Text made safe to stand in HTML, in attributes too. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

function absoluteAttribute(value: string, base: string): string {
  const plain = value.replaceAll('&amp;', '&').trim()
  if (plain === '' || ABSOLUTE.test(plain) || !URL.canParse(plain, base)) return value
  return escapeHtml(new URL(plain, base).href)
}

function absoluteSet(value: string, base: string): string {
  if (/\bdata:/i.test(value)) return value
  return value
    .split(',')
    .map((candidate) => {
      const [address = '', ...rest] = candidate.trim().split(/\s+/)
      return [absoluteAttribute(address, base), ...rest].join(' ')
    })
    .join(', ')
}

function tokenize(html: string, wanted: Partial<TokenizerCallbacks>): void {
  const nothing = () => undefined
  const tokenizer = new Tokenizer(
    { xmlMode: false, decodeEntities: true },
    {
      onattribdata: nothing,
      onattribentity: nothing,
      onattribend: nothing,
      onattribname: nothing,
      oncdata: nothing,
      onclosetag: nothing,
      oncomment: nothing,
      ondeclaration: nothing,
      onend: nothing,
      onopentagend: nothing,
      onopentagname: nothing,
      onprocessinginstruction: nothing,
      onselfclosingtag: nothing,
      ontext: nothing,
      ontextentity: nothing,
      ...wanted,
    },
  )
  tokenizer.write(html)
  tokenizer.end()
}
