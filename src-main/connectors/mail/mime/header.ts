import { decodeWords } from 'postal-mime'
import { limits } from '../limits.ts'
import { decodeText, fromLatin1 } from './bytes.ts'

/** The fields of one header block that this program reads, raw (latin1, folded lines joined), first one of each name. */
export interface HeaderBlock {
  fields: Map<string, string>
  /** Where the body begins. */
  bodyAt: number
  /** A limit was met, or the block is not a header at all. */
  damaged: boolean
}

const wanted = new Set([
  'from',
  'sender',
  'to',
  'cc',
  'subject',
  'date',
  'message-id',
  'in-reply-to',
  'references',
  'content-type',
  'content-transfer-encoding',
  'content-disposition',
  'content-id',
  'content-description',
  'auto-submitted',
  'x-autoreply',
  'precedence',
  'x-failed-recipients',
])
/** The longest name that is ever asked for. */
const longestWanted = 'content-transfer-encoding'.length

/**
 * Reads the header block that begins at `start` (RFC 5322 section 2.2, with bare LF and an mbox `From ` line tolerated).
 * Only wanted fields are kept, so a long trace costs a scan for line ends and nothing else.
 * @param names lower case, of 25 characters at most.
 */
export function readHeaders(bytes: Buffer, start: number, end: number, names: ReadonlySet<string> = wanted): HeaderBlock {
  const fields = new Map<string, string>()
  const stop = Math.min(end, start + limits.headerBytes)
  let damaged = false
  let at = start
  let count = 0
  let name: string | null = null
  let from = 0
  let to = 0
  let anyField = false
  const keep = () => {
    if (name === null) return
    if (to - from > limits.fieldBytes) damaged = true
    fields.set(name, unfold(bytes.toString('latin1', from, Math.min(to, from + limits.fieldBytes))))
    name = null
  }
  while (at < stop) {
    const newline = bytes.indexOf(0x0a, at)
    const next = newline === -1 || newline >= end ? end : newline + 1
    let lineEnd = next === newline + 1 ? newline : end
    if (lineEnd > at && bytes[lineEnd - 1] === 0x0d) lineEnd--
    if (lineEnd === at) {
      keep()
      return { fields, bodyAt: next, damaged }
    }
    const first = bytes[at] as number
    if (first === 0x20 || first === 0x09) {
      if (name !== null) to = lineEnd
    } else {
      keep()
      const colon = bytes.subarray(at, Math.min(lineEnd, at + 128)).indexOf(0x3a)
      if (colon > 0) {
        anyField = true
        if (++count > limits.headerFields) {
          damaged = true
          break
        }
        if (colon <= longestWanted + 2) {
          const found = bytes
            .toString('latin1', at, at + colon)
            .trimEnd()
            .toLowerCase()
          if (names.has(found) && !fields.has(found)) {
            name = found
            from = at + colon + 1
            to = lineEnd
          }
        }
      } else if (!anyField && !(at === start && bytes.toString('latin1', at, at + 5) === 'From ')) {
        // text where a header should be: everything is body
        return { fields, bodyAt: start, damaged: true }
      }
    }
    at = next
  }
  keep()
  if (at >= end) return { fields, bodyAt: end, damaged }
  // over a limit: the body still begins after the first empty line, wherever that is
  const empty = bytes.indexOf('\n\r\n', at - 1, 'latin1')
  const bare = bytes.indexOf('\n\n', at - 1, 'latin1')
  const bodyAt = empty !== -1 && (bare === -1 || empty < bare) ? empty + 3 : bare === -1 ? end : bare + 2
  return { fields, bodyAt: Math.min(bodyAt, end), damaged: true }
}

function unfold(value: string): string {
  return (value.includes('\n') ? value.replace(/\r?\n[ \t]*/g, ' ') : value).trim()
}

/** Removes what must not be in stored text: NUL and the two marks that search puts around matches. */
export function cleanText(text: string): string {
  let clean = text
  for (const mark of ['\0', '\ue000', '\ue001']) if (clean.includes(mark)) clean = clean.replaceAll(mark, '')
  return clean
}

/** One line for showing: other controls become spaces, at most `limits.line` long. */
export function cleanLine(value: string): string {
  const clean = /[\p{Cc}\ue000\ue001]/u.test(value) ? cleanText(value).replace(/\p{Cc}+/gu, ' ') : value
  return clip(clean.trim(), limits.line).replace(/\p{Surrogate}/gu, '\ufffd')
}

/** Cut to `most` UTF-16 units, never through a surrogate pair. */
export function clip(value: string, most: number): string {
  if (value.length <= most) return value
  const last = value.charCodeAt(most - 1)
  return value.slice(0, last >= 0xd800 && last <= 0xdbff ? most - 1 : most)
}

/** A header value for reading: 8-bit bytes and encoded words (RFC 2047) decoded. */
export function decodeHeader(value: string): string {
  const text = fromLatin1(value)
  return text.includes('=?') ? decodeWords(text) : text
}

export interface Parameters {
  value: string
  params: Map<string, string>
}

/** A structured field such as Content-Type: value and parameters, with RFC 2231 continuations and charsets. */
export function readParameters(field: string | undefined): Parameters {
  if (field === undefined) return { value: '', params: new Map() }
  const semi = field.indexOf(';')
  if (semi === -1) return { value: field.trim().toLowerCase(), params: new Map() }
  const params = new Map<string, string>()
  const sections = new Map<string, Map<number, { text: string; encoded: boolean }>>()
  const pattern = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))/gs
  let budget = MAX_PARAMETERS
  for (const match of field.slice(semi, MAX_PARAMETER_CHARS).matchAll(pattern)) {
    if (budget-- === 0) break
    const name = (match[1] as string).toLowerCase()
    const value = match[2] === undefined ? (match[3] ?? '').trim() : match[2].replace(/\\(.)/gs, '$1')
    const star = /^([^*]+)\*(?:(\d{1,4})(\*)?)?$/.exec(name)
    if (star === null) {
      if (!params.has(name)) params.set(name, value)
      continue
    }
    const base = star[1] as string
    const section = star[2] === undefined ? 0 : Number(star[2])
    const known = sections.get(base) ?? new Map<number, { text: string; encoded: boolean }>()
    known.set(section, { text: value, encoded: star[2] === undefined || star[3] !== undefined })
    sections.set(base, known)
  }
  for (const [name, parts] of sections) params.set(name, joinSections(parts))
  return { value: field.slice(0, semi).trim().toLowerCase(), params }
}
const MAX_PARAMETERS = 1000
const MAX_PARAMETER_CHARS = 16_384

function joinSections(parts: Map<number, { text: string; encoded: boolean }>): string {
  const ordered = [...parts].sort(([a], [b]) => a - b).map(([, part]) => part)
  const head = ordered[0]
  const language = head?.encoded ? /^([^']*)'[^']*'/.exec(head.text) : null
  const charset = language?.[1] || null
  const pieces = ordered.map((part, index) => {
    const text = index === 0 && language !== null ? part.text.slice(language[0].length) : part.text
    return part.encoded ? percent(text) : Buffer.from(text, 'latin1')
  })
  return Buffer.from(decodeText(Buffer.concat(pieces), charset).text, 'utf8').toString('latin1')
}

function percent(text: string): Buffer {
  return Buffer.from(
    text.replace(/%([0-9a-f]{2})/gi, (_, pair: string) => String.fromCharCode(Number.parseInt(pair, 16))),
    'latin1',
  )
}
