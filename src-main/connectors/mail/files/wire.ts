const LF = 0x0a
const CR = 0x0d
const GREATER = 0x3e

/** The mail itself, and what the writer of the mailbox noted in its header. */
export interface WireMail {
  raw: Uint8Array
  /** Bookkeeping fields by lower-case name, unfolded, latin1. Empty unless asked for. */
  notes: Map<string, string>
}

/**
 * Fields that programs add to a mail when they write it into an mbox. They are no part of the mail: taken off again, the
 * bytes are those that a mail server has, and the same mail has the same id on both ways.
 */
const NOTES = new Set([
  'status',
  'x-status',
  'x-keywords',
  'x-uid',
  'x-imap',
  'x-imapbase',
  'x-mozilla-status',
  'x-mozilla-status2',
  'x-mozilla-keys',
  'x-gm-thrid',
  'x-gmail-labels',
])

/**
 * Files keep mail with the line ends of their system; on the wire a line ends with CR LF (RFC 5322 section 2.1). Turns
 * every bare LF into CR LF and leaves everything else.
 */
export function toWire(bytes: Uint8Array): Uint8Array {
  return convert(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), false).raw
}

/**
 * Undoes what writing into an mbox did to a mail: line ends, one `>` before `From ` at the start of a line (mboxrd, and
 * mboxo as far as it can be undone), and the bookkeeping fields.
 */
export function fromMbox(bytes: Uint8Array): WireMail {
  return convert(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), true)
}

function convert(bytes: Buffer, mbox: boolean): WireMail {
  const notes = new Map<string, string>()
  const out = new Output(bytes)
  let inHeader = mbox
  let dropping: string | null = null
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(LF, at)
    const next = newline < 0 ? bytes.length : newline + 1
    const end = newline > at && bytes[newline - 1] === CR ? newline - 1 : newline < 0 ? bytes.length : newline
    if (inHeader) {
      const folded = bytes[at] === 0x20 || bytes[at] === 0x09
      if (end === at) inHeader = false
      if (!folded) dropping = end === at ? null : noteName(bytes, at, end)
      if (dropping !== null) {
        notes.set(dropping, (notes.get(dropping) ?? '') + value(bytes, at, end, folded))
        out.skip(at, next)
        at = next
        continue
      }
    } else if (mbox && bytes[at] === GREATER && isQuotedFrom(bytes, at, end)) out.skip(at, at + 1)
    if (newline >= 0 && end === newline) out.insertCr(newline)
    at = next
  }
  return { raw: out.finish(), notes }
}

/** A copy with parts left out and CRs put in, made in one go; the bytes themselves when nothing changes. */
class Output {
  private readonly bytes: Buffer
  private out: Buffer | null = null
  private length = 0
  private copied = 0

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  skip(from: number, to: number): void {
    this.copyTo(from)
    this.copied = to
  }

  insertCr(at: number): void {
    const out = this.copyTo(at)
    out[this.length++] = CR
  }

  finish(): Buffer {
    if (this.out === null) return this.bytes
    const out = this.copyTo(this.bytes.length)
    return out.subarray(0, this.length)
  }

  private copyTo(end: number): Buffer {
    // Lines of one character would double the size; most are longer, so it grows when it must.
    this.out ??= Buffer.allocUnsafe(Math.ceil(this.bytes.length * 1.05) + 64)
    const needed = this.length + end - this.copied + 1
    if (needed > this.out.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.out.length * 2))
      this.out.copy(larger, 0, 0, this.length)
      this.out = larger
    }
    this.length += this.bytes.copy(this.out, this.length, this.copied, end)
    this.copied = end
    return this.out
  }
}

function noteName(bytes: Buffer, at: number, end: number): string | null {
  const colon = bytes.subarray(at, Math.min(end, at + 24)).indexOf(0x3a)
  if (colon < 0) return null
  const name = bytes
    .toString('latin1', at, at + colon)
    .trimEnd()
    .toLowerCase()
  return NOTES.has(name) ? name : null
}

function value(bytes: Buffer, at: number, end: number, folded: boolean): string {
  const line = bytes.toString('latin1', at, Math.min(end, at + 10_000))
  return folded ? line : line.slice(line.indexOf(':') + 1).trim()
}

function isQuotedFrom(bytes: Buffer, at: number, end: number): boolean {
  let start = at
  while (start < end && bytes[start] === GREATER) start++
  return bytes.toString('latin1', start, start + 5) === 'From '
}

/** Whether the bytes begin with something that is a mail's header: a field name and a colon. */
export function hasHeader(raw: Uint8Array): boolean {
  const start = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, 4096)).toString('latin1')
  return /^(?:[\t ]*\r?\n|From [^\n]*\n)*[!-9;-~]{1,100}[\t ]*:/.test(start)
}
