import { hash } from 'node:crypto'
import type { Attachment, Party } from '#shared/model/index.ts'
import { limits } from './limits.ts'
import { messageIds } from './message-ids.ts'
import { readAddresses } from './mime/address.ts'
import { asBuffer, base64Size, decodeText, decodeTransfer } from './mime/bytes.ts'
import { unflow } from './mime/flowed.ts'
import { cleanLine, cleanText, clip, decodeHeader, type HeaderBlock } from './mime/header.ts'
import { htmlToText } from './mime/html-text.ts'
import { type DeliveryReport, readReport, reportLines } from './mime/report.ts'
import { type Leaf, readStructure, type Structure } from './mime/structure.ts'

/** What a mail says about itself, for `IncomingMessage`. Never partial: what is missing or broken is empty. */
export interface ParsedMail {
  from: Party
  to: Party[]
  cc: Party[]
  subject: string
  /** Its own date, ISO 8601 UTC with ms; null when there is none or it makes no sense. */
  date: string | null
  /** Plain text for search and snippets, HTML converted. Without NUL, U+E000 and U+E001. */
  text: string
  attachments: Attachment[]
  /** Message-ID, In-Reply-To and References without brackets, own id first, each once, capped. May be empty. */
  threadKeys: string[]
  /** Says what became of a mail that was sent; null for all other mail. */
  report: DeliveryReport | null
  /** A program answered in the place of a person (RFC 3834): nobody waits for what comes of it. */
  autoReplied: boolean
  /** Something was broken or over a limit; what could be read is here. */
  damaged: boolean
}

/**
 * Reads a mail (RFC 5322, MIME). Synchronous, never throws, bounded by `limits` whatever the bytes; does not decode
 * attachments.
 */
export function parseMail(raw: Uint8Array): ParsedMail {
  const bytes = usable(raw)
  const structure = readStructure(bytes, 0, bytes.length)
  const { fields } = structure.headers
  const from = readAddresses(fields.get('from') ?? fields.get('sender'))
  const to = readAddresses(fields.get('to'))
  const cc = readAddresses(fields.get('cc'))
  const sorted = sortLeaves(structure)
  const body = searchText(bytes, sorted, 0)
  const report = readReport(bytes, structure)
  return {
    from: from.parties[0] ?? { name: '', handle: '' },
    to: to.parties,
    cc: cc.parties,
    subject: cleanLine(decodeHeader(fields.get('subject') ?? '')),
    date: readDate(fields.get('date')),
    text: report === null ? body.text : `${reportLines(report)}\n\n${body.text}`.trim(),
    attachments: sorted.attachments.map((leaf, index) => describeLeaf(bytes, leaf, index)),
    threadKeys: [...new Set([...threadKeys(structure.headers), ...(report?.about ?? [])])],
    report,
    autoReplied: report === null && !isPostmaster(from.parties[0]) && isAutoReply(structure.headers),
    damaged: structure.damaged || body.damaged || from.damaged || to.damaged || cc.damaged,
  }
}

/** What is shown of a mail. @see Connector.render */
export interface ReadableMail {
  html: string | null
  text: string
  attachments: Attachment[]
  damaged: boolean
}

/** Decodes a mail's texts for showing: HTML as it came (not sanitised), text beside it. Never throws. */
export function renderMail(raw: Uint8Array): ReadableMail {
  const bytes = usable(raw)
  const structure = readStructure(bytes, 0, bytes.length)
  const sorted = sortLeaves(structure)
  let damaged = structure.damaged
  const html: string[] = []
  const text: string[] = []
  const hasHtml = sorted.texts.some((group) => group.html.length > 0)
  for (const group of sorted.texts) {
    const plain = group.plain.map((leaf) => leafText(bytes, leaf, limits.textPartBytes))
    const rich = group.html.map((leaf) => leafText(bytes, leaf, limits.textPartBytes))
    if ([...plain, ...rich].some((part) => part.damaged)) damaged = true
    const plainText = plain.map((part) => part.text).join('\n')
    text.push(plainText.trim() === '' ? rich.map((part) => cleanText(htmlToText(part.text))).join('\n') : plainText)
    if (rich.length > 0) html.push(...rich.map((part) => part.text))
    else if (hasHtml && plainText.trim() !== '') html.push(`<pre style="white-space:pre-wrap">${escapeHtml(plainText)}</pre>`)
  }
  const report = readReport(bytes, structure)
  const lines = report === null ? '' : reportLines(report)
  if (lines !== '') {
    html.unshift(`<pre style="white-space:pre-wrap">${escapeHtml(lines)}</pre>`)
    text.unshift(`${lines}\n`)
  }
  return {
    html: hasHtml ? html.join('\n') : null,
    text: text.join('\n'),
    attachments: sorted.attachments.map((leaf, index) => describeLeaf(bytes, leaf, index)),
    damaged,
  }
}

/** Decoded bytes of an attachment by its index in `ParsedMail.attachments`, or null. */
export function mailAttachment(raw: Uint8Array, index: number): Uint8Array | null {
  const bytes = usable(raw)
  const leaf = sortLeaves(readStructure(bytes, 0, bytes.length)).attachments[index]
  return leaf === undefined ? null : decodeTransfer(bytes.subarray(leaf.start, leaf.end), leaf.encoding)
}

/** The id of a mail whose network offers none: 128 bits of SHA-256 of its bytes. The same mail anywhere has the same id. */
export function contentId(raw: Uint8Array): string {
  return `h:${hash('sha256', raw, 'hex').slice(0, 32)}`
}

/** Mail with bare CR as line end (old Mac exports) is read with LF. */
function usable(raw: Uint8Array): Buffer {
  const bytes = asBuffer(raw)
  if (bytes.includes(0x0a) || !bytes.includes(0x0d)) return bytes
  const copy = Buffer.from(bytes)
  for (let at = copy.indexOf(0x0d); at !== -1; at = copy.indexOf(0x0d, at + 1)) copy[at] = 0x0a
  return copy
}

interface TextGroup {
  alternative: number | null
  plain: Leaf[]
  html: Leaf[]
}
interface Sorted {
  texts: TextGroup[]
  attachments: Leaf[]
}

/** Splits the parts into texts to read (grouped, so that one of each alternative is shown) and attachments. */
function sortLeaves(structure: Structure): Sorted {
  const texts: TextGroup[] = []
  const groups = new Map<number, TextGroup>()
  const attachments: Leaf[] = []
  for (const leaf of structure.leaves) {
    const type = leaf.type.value === '' ? 'text/plain' : leaf.type.value
    const readable = type === 'text/plain' || type === 'text/html' || type === 'text' || type.startsWith('multipart/')
    const named = texts.length > 0 && fileName(leaf) !== ''
    if (!readable || leaf.disposition.value === 'attachment' || named) {
      attachments.push(leaf)
      continue
    }
    let group = leaf.alternative === null ? undefined : groups.get(leaf.alternative)
    if (group === undefined) {
      group = { alternative: leaf.alternative, plain: [], html: [] }
      texts.push(group)
      if (leaf.alternative !== null) groups.set(leaf.alternative, group)
    }
    if (type === 'text/html') group.html.push(leaf)
    else group.plain.push(leaf)
  }
  return { texts, attachments }
}

function searchText(bytes: Buffer, sorted: Sorted, nested: number): { text: string; damaged: boolean } {
  const parts: string[] = []
  let room: number = limits.searchText
  let damaged = false
  const add = (text: string) => {
    if (text.length > room) damaged = true
    const kept = clip(text, room)
    room -= kept.length
    if (kept !== '') parts.push(kept)
  }
  for (const group of sorted.texts) {
    if (room === 0) break
    let any = false
    for (const leaf of group.plain) {
      const part = leafText(bytes, leaf, limits.htmlBytes)
      if (part.damaged) damaged = true
      if (part.text.trim() !== '') any = true
      add(part.text)
    }
    if (any) continue
    for (const leaf of group.html) {
      const part = leafText(bytes, leaf, limits.htmlBytes)
      if (part.damaged) damaged = true
      add(cleanText(htmlToText(part.text)))
    }
  }
  let messages: number = limits.nestedMessages
  if (nested < limits.nestedMessages) {
    for (const leaf of sorted.attachments) {
      if (leaf.type.value !== 'message/rfc822' || room === 0 || messages-- === 0) continue
      const inner = leaf.encoding === '' || leaf.encoding.endsWith('bit') ? bytes.subarray(leaf.start, leaf.end) : null
      if (inner === null) continue
      const structure = readStructure(inner, 0, inner.length)
      add(cleanLine(decodeHeader(structure.headers.fields.get('subject') ?? '')))
      add(searchText(inner, sortLeaves(structure), limits.nestedMessages).text)
    }
  }
  return { text: parts.join('\n'), damaged }
}

function leafText(bytes: Buffer, leaf: Leaf, most: number): { text: string; damaged: boolean } {
  const over = leaf.end - leaf.start > most
  const content = decodeTransfer(bytes.subarray(leaf.start, over ? leaf.start + most : leaf.end), leaf.encoding)
  const decoded = decodeText(content, leaf.type.params.get('charset') ?? null)
  const text =
    leaf.type.params.get('format')?.toLowerCase() === 'flowed'
      ? unflow(decoded.text, leaf.type.params.get('delsp')?.toLowerCase() === 'yes')
      : decoded.text
  return { text: cleanText(text).replaceAll('\r\n', '\n'), damaged: over || decoded.damaged }
}

function fileName(leaf: Leaf): string {
  return leaf.disposition.params.get('filename') ?? leaf.type.params.get('name') ?? ''
}

function describeLeaf(bytes: Buffer, leaf: Leaf, index: number): Attachment {
  const content = bytes.subarray(leaf.start, leaf.end)
  const id = leaf.contentId === null ? null : cleanLine(leaf.contentId.replace(/^\s*<|>\s*$/g, ''))
  // no slashes or colons in front of the name: it is a name, never a path
  const name = cleanLine(decodeHeader(fileName(leaf))).replace(/^.*[\\/]/s, '')
  const type = leaf.type.value
  return {
    index,
    name: name === '' && type === 'message/rfc822' ? nestedName(content) : name,
    mediaType: /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(type) ? clip(type, 255) : 'application/octet-stream',
    size: leaf.encoding === 'base64' ? base64Size(content) : plainSize(content, leaf.encoding),
    contentId: id === '' ? null : id,
    inline: leaf.disposition.value === 'inline' || (leaf.related && leaf.disposition.value !== 'attachment' && id !== null),
  }
}

function plainSize(content: Buffer, encoding: string): number {
  return decodeTransfer(content, encoding).length
}

function nestedName(content: Buffer): string {
  const subject = cleanLine(
    decodeHeader(readStructure(content, 0, Math.min(content.length, limits.headerBytes)).headers.fields.get('subject') ?? ''),
  )
  return `${clip(subject.replace(/[\\/:*?"<>|\s]+/g, ' ').trim(), 100) || 'message'}.eml`
}

function readDate(field: string | undefined): string | null {
  if (field === undefined) return null
  const time = Date.parse(clip(field, 100))
  if (Number.isNaN(time) || time < 0 || time >= LATEST) return null
  return new Date(time).toISOString()
}
/** 2200: ids hold the seconds since 1970, and a date beyond this is a fault of the sender's clock. */
const LATEST = Date.UTC(2200, 0, 1)

function threadKeys(headers: HeaderBlock): string[] {
  const own = messageIds(headers.fields.get('message-id')).slice(0, 1)
  const parents = messageIds(headers.fields.get('in-reply-to')).slice(0, 2)
  const references = messageIds(headers.fields.get('references'))
  // the first one names the whole thread, the last ones what was answered
  const kept =
    references.length > limits.references ? [references[0] as string, ...references.slice(1 - limits.references)] : references
  return [...new Set([...own, ...parents, ...kept])]
}

/** Servers call their reports automatic answers too, and not all write them in a form that can be read: those must be seen. */
function isPostmaster(from: Party | undefined): boolean {
  return /^(?:mailer-daemon|postmaster)(?:@|$)/i.test(from?.handle || from?.name || '')
}

/** Answers of programs say so in one of these ways (RFC 3834 section 5; older ones in their own). */
function isAutoReply({ fields }: HeaderBlock): boolean {
  const is = (name: string, pattern: RegExp) => pattern.test(fields.get(name) ?? '')
  return is('auto-submitted', /^\s*auto-replied\b/i) || is('x-autoreply', /^\s*yes\b/i) || is('precedence', /^\s*auto_reply\b/i)
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>]/g, (c) => (c === '&' ? '&amp;' : c === '<' ? '&lt;' : '&gt;'))
}
