import type { Random } from './random.ts'

/** Character sets in which the sample's mail programs write. */
export type Charset = 'utf-8' | 'iso-8859-1' | 'windows-1252'

export interface Mailbox {
  name: string
  address: string
}

export interface Enclosure {
  name: string
  mediaType: string
  bytes: Uint8Array
  /** For pictures shown in the text: the id that `cid:` addresses use. */
  contentId?: string
}

/** One mail of the sample, before it is written as bytes. */
export interface Letter {
  /** Message-ID without angle brackets. */
  id: string
  /** The mail it answers. */
  parent: Letter | null
  at: number
  from: Mailbox
  to: Mailbox[]
  subject: string
  text: string
  html: string | null
  enclosures: Enclosure[]
  charset: Charset
  /** Further headers, such as those of a mailing list. */
  headers: Record<string, string>
  read: boolean
  answered: boolean
}

/** 0x80 to 0x9f of windows-1252, as far as letters here use them. */
const windows: Record<string, number> = {
  '€': 0x80,
  '…': 0x85,
  '‘': 0x91,
  '’': 0x92,
  '“': 0x93,
  '”': 0x94,
  '–': 0x96,
  '—': 0x97,
  œ: 0x9c,
}

/** The text's bytes in a character set; characters that it lacks become `?`, as old mail programs did. */
function encode(text: string, charset: Charset): Buffer {
  if (charset === 'utf-8') return Buffer.from(text, 'utf8')
  const codes = Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0x3f
    if (code < 0x80 || (code >= 0xa0 && code < 0x100)) return code
    return (charset === 'windows-1252' && windows[character]) || 0x3f
  })
  return Buffer.from(codes)
}

/** The mail as bytes (RFC 5322, MIME): text, HTML beside it, pictures of it, and attachments. Lines end in CRLF. */
export function writeLetter(letter: Letter): Uint8Array {
  const { charset } = letter
  const ancestors: string[] = []
  for (let at = letter.parent; at !== null; at = at.parent) ancestors.unshift(`<${at.id}>`)
  const headers = [
    `Date: ${new Date(letter.at).toUTCString().replace('GMT', '+0000')}`,
    `From: ${mailbox(letter.from, charset)}`,
    `To: ${letter.to.map((to) => mailbox(to, charset)).join(', ')}`,
    `Subject: ${words(letter.subject, charset)}`,
    `Message-ID: <${letter.id}>`,
    ...(letter.parent ? [`In-Reply-To: <${letter.parent.id}>`, `References: ${ancestors.join('\r\n ')}`] : []),
    ...Object.entries(letter.headers).map(([name, value]) => `${name}: ${value}`),
    'MIME-Version: 1.0',
  ]
  return Buffer.from(`${headers.join('\r\n')}\r\n${body(letter)}`, 'latin1')
}

function mailbox({ name, address }: Mailbox, charset: Charset): string {
  if (name === '') return address
  return `${/^[\w .'-]+$/.test(name) ? `"${name}"` : words(name, charset)} <${address}>`
}

/** RFC 2047: what is not ASCII in encoded words of at most 75 characters. */
function words(text: string, charset: Charset): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text
  const parts = text.match(/[\s\S]{1,12}/gu) ?? []
  return parts.map((part) => `=?${charset}?B?${encode(part, charset).toString('base64')}?=`).join('\r\n ')
}

/** Headers and content of the outermost part, as one string of bytes. */
function body(letter: Letter): string {
  const plain = part(`text/plain; charset=${letter.charset}`, letter.text, letter.charset)
  const inline = letter.enclosures.filter((enclosure) => enclosure.contentId !== undefined)
  const attached = letter.enclosures.filter((enclosure) => enclosure.contentId === undefined)
  let content = plain
  if (letter.html !== null) {
    const html = part(`text/html; charset=${letter.charset}`, letter.html, letter.charset)
    const shown = inline.length > 0 ? multipart('related', letter.id, [html, ...inline.map(file)]) : html
    content = multipart('alternative', letter.id, [plain, shown])
  }
  return attached.length > 0 ? multipart('mixed', letter.id, [content, ...attached.map(file)]) : content
}

function part(type: string, text: string, charset: Charset): string {
  return `Content-Type: ${type}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${quotedPrintable(encode(text, charset))}\r\n`
}

/** Base64 by lines, kept: the same picture goes into many letters. */
const encoded = new WeakMap<Uint8Array, string>()
function base64(bytes: Uint8Array): string {
  const lines =
    encoded.get(bytes) ??
    (
      Buffer.from(bytes)
        .toString('base64')
        .match(/.{1,76}/g) ?? []
    ).join('\r\n')
  encoded.set(bytes, lines)
  return lines
}

function file({ name, mediaType, bytes, contentId }: Enclosure): string {
  const place =
    contentId === undefined ? `attachment; filename="${name}"` : `inline; filename="${name}"\r\nContent-ID: <${contentId}>`
  return `Content-Type: ${mediaType}; name="${name}"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: ${place}\r\n\r\n${base64(bytes)}\r\n`
}

function multipart(kind: string, id: string, parts: string[]): string {
  const boundary = `${kind}-${id.replace(/[^a-z0-9]/gi, '').slice(0, 24)}`
  return `Content-Type: multipart/${kind}; boundary="${boundary}"\r\n\r\n${parts.map((content) => `--${boundary}\r\n${content}`).join('')}--${boundary}--\r\n`
}

/** RFC 2045, section 6.7: lines of at most 76 characters, what is not plain as `=` and two digits. */
function quotedPrintable(bytes: Buffer): string {
  const hex = (character: string) => `=${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  return bytes
    .toString('latin1')
    .split('\n')
    .map((line) => softBreaks(line.replace(/[^\x20-\x3c\x3e-\x7e]|[ \t]$/g, hex)))
    .join('\r\n')
}

function softBreaks(line: string): string {
  const parts: string[] = []
  let at = 0
  while (line.length - at > 76) {
    const sign = line.lastIndexOf('=', at + 74)
    // An encoded character is not cut in two.
    const end = sign > at + 72 ? sign : at + 75
    parts.push(line.slice(at, end))
    at = end
  }
  return [...parts, line.slice(at)].join('=\r\n')
}

/** A Message-ID as the sender's mail program would make it. */
export function messageId(random: Random, address: string): string {
  return `${random.word(10)}.${random.word(8)}@${address.split('@')[1]}`
}

/** `text` with `{name}`s filled in. @throws when one is not given: a hole in a letter is a mistake here. */
export function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`nothing to fill {${name}} with`)
    return value
  })
}
