import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { limits } from '../limits.ts'
import { decodeHeader } from '../mime/header.ts'
import { type FileEntry, type FileSource, plainEntry } from './entry.ts'
import { fromMbox } from './wire.ts'

const LF = 0x0a
const CR = 0x0d
/** Bytes read at once; more when one mail is larger. */
const CHUNK = 1024 * 1024
/** Longest `From ` line that is looked at. */
const LONGEST_FROM = 1000
const SEPARATOR = Buffer.from('\nFrom ')

/**
 * Reads an mbox (RFC 4155 and its older kinds) from one end to the other, holding no more than one mail at a time.
 * Marks are positions in bytes.
 * @param mailBytes size of the largest mail that is taken
 * @returns null when it does not begin as an mbox does.
 */
export async function openMbox(file: FileHandle, mailBytes: number = limits.mailBytes): Promise<FileSource | null> {
  const { size } = await file.stat()
  const head = Buffer.alloc(Math.min(size, 4096))
  await file.read(head, 0, head.length, 0)
  const start = /^(?:\xef\xbb\xbf)?\s*/.exec(head.toString('latin1'))?.[0].length ?? 0
  if (head.toString('latin1', start, start + 5) !== 'From ') return null
  return {
    total: size,
    fingerprint: createHash('sha256').update(head.subarray(0, 1024)).digest('hex').slice(0, 16),
    async *entries(after, signal) {
      const from = Number(after ?? start)
      for await (const piece of split(file, from <= size ? from : start, mailBytes, signal)) yield entry(piece)
    },
    close: () => file.close(),
  }
}

interface Piece {
  /** The `From ` line without its line end. */
  fromLine: string
  /** What stands between it and the next; null when it is larger than any mail. */
  bytes: Buffer | null
  end: number
}

async function* split(file: FileHandle, start: number, mailBytes: number, signal: AbortSignal): AsyncGenerator<Piece> {
  let base = start
  let buffer: Buffer = Buffer.alloc(0)
  let scanned = 0
  let ended = false
  let dropped: string | null = null
  while (!ended || buffer.length > 0) {
    signal.throwIfAborted()
    const found: number | null = findSeparator(buffer, scanned, ended)
    if (found !== null || ended) {
      const length = found ?? buffer.length
      const piece = buffer.subarray(0, length)
      if (dropped !== null) yield { fromLine: dropped, bytes: null, end: base + length }
      else if (length > 0) {
        const { fromLine, bytes } = cutLine(piece)
        yield { fromLine, bytes: bytes.length > mailBytes ? null : bytes, end: base + length }
      }
      dropped = null
      base += length
      buffer = buffer.subarray(length)
      scanned = 0
      continue
    }
    scanned = Math.max(0, buffer.length - LONGEST_FROM - SEPARATOR.length)
    if (buffer.length > mailBytes + CHUNK) {
      // No mail is that large. What it holds is passed over, but not the next one's beginning.
      dropped ??= cutLine(buffer.subarray(0, LONGEST_FROM)).fromLine
      base += scanned
      buffer = buffer.subarray(scanned)
      scanned = 0
    }
    const chunk = Buffer.allocUnsafe(Math.max(CHUNK, Math.min(buffer.length, 64 * CHUNK)))
    const { bytesRead } = await file.read(chunk, 0, chunk.length, base + buffer.length)
    ended = bytesRead === 0
    buffer = Buffer.concat([buffer, chunk.subarray(0, bytesRead)])
  }
}

/**
 * Position of the next `From ` line: after an empty line, and with a time and a year in it, so that a sentence that
 * begins with "From" in a mail that was not quoted is not taken for one.
 */
function findSeparator(buffer: Buffer, from: number, ended: boolean): number | null {
  for (let at = buffer.indexOf(SEPARATOR, from); at >= 0; at = buffer.indexOf(SEPARATOR, at + 1)) {
    const previous = buffer[at - 1] === CR ? at - 2 : at - 1
    if (buffer[previous] !== LF) continue
    const end = buffer.indexOf(LF, at + 1)
    if (end < 0 && !ended && buffer.length - at <= LONGEST_FROM) return null
    const line = buffer.toString('latin1', at + 1, Math.min(end < 0 ? buffer.length : end, at + LONGEST_FROM))
    if (/\d{1,2}:\d{2}.*\d{4}/.test(line)) return at + 1
  }
  return null
}

function cutLine(piece: Buffer): { fromLine: string; bytes: Buffer } {
  const end = piece.indexOf(LF)
  if (end < 0) return { fromLine: piece.toString('latin1').trim(), bytes: piece.subarray(piece.length) }
  return { fromLine: piece.toString('latin1', 0, end).trim(), bytes: withoutGap(piece.subarray(end + 1)) }
}

/** Without the one empty line that the format puts after each mail. */
function withoutGap(bytes: Buffer): Buffer {
  const last = bytes.length - 1
  if (bytes[last] !== LF) return bytes
  const before = bytes[last - 1] === CR ? last - 1 : last
  return before === 0 || bytes[before - 1] === LF ? bytes.subarray(0, before) : bytes
}

function entry(piece: Piece): FileEntry {
  const place = { mark: String(piece.end), done: piece.end, storedAt: dateOf(piece.fromLine) }
  if (piece.bytes === null) return { ...plainEntry, ...place, raw: null }
  const { raw, notes } = fromMbox(piece.bytes)
  const labels = notes.get('x-gmail-labels')
  return {
    ...place,
    raw: raw.byteLength === 0 ? null : raw,
    draft: false,
    ...(labels === undefined ? flags(notes) : gmailFlags(labels, raw)),
    // Google's export names the message by its id in Gmail: `From 1779000000000000000@xxx Tue Oct 10 ...`.
    serverId: labels === undefined ? null : (/^From (\d{10,20})@/.exec(piece.fromLine)?.[1] ?? null),
    threadId: /^\d{1,20}$/.exec(notes.get('x-gm-thrid') ?? '')?.[0] ?? null,
  }
}

/** `Status: RO` and `X-Status: A` (mutt, Pine, Dovecot), or Thunderbird's bits. A mail without any counts as read. */
function flags(notes: Map<string, string>): { read: boolean; answered: boolean; sent: boolean } {
  const mozilla = Number.parseInt(notes.get('x-mozilla-status') ?? '', 16)
  if (!Number.isNaN(mozilla)) return { read: (mozilla & 1) !== 0, answered: (mozilla & 2) !== 0, sent: false }
  const status = notes.get('status')
  return {
    read: status === undefined || status.includes('R'),
    answered: (notes.get('x-status') ?? '').includes('A'),
    sent: false,
  }
}

/** Google writes labels in the language of the account. */
const UNREAD = /^(?:unread|non lus?|no leídos?|ungelesen|da leggere|não lidas?|ongelezen|nieprzeczytane|غير مقروءة)$/i
const SENT =
  /^(?:sent|sent mail|messages envoyés|envoyés|enviados?|gesendet|posta inviata|inviati|verzonden|wysłane|البريد المرسل)$/i

/** What nobody waits for an answer to: it counts as read, however it is marked. */
const ASIDE =
  /^(?:spam|junk|trash|bin|corbeille|papelera|papierkorb|cestino|lixeira|prullenbak|kosz|المهملات|الرسائل غير المرغوب فيها)$/i
const DRAFT = /^(?:drafts?|brouillons?|borradores|borrador|entwürfe|bozze|rascunhos?|concepten|wersje robocze|مسودات|المسودات)$/i

interface GmailFlags {
  read: boolean
  answered: boolean
  sent: boolean
  draft: boolean
}

/** A label of one language can be a person's own word in another: a mail that some server took in is never a draft. */
function gmailFlags(labels: string, raw: Uint8Array): GmailFlags {
  const names = decodeHeader(labels)
    .split(',')
    .map((label) => label.trim().replace(/^"|"$/g, ''))
  const has = (label: RegExp) => names.some((name) => label.test(name))
  const sent = has(SENT)
  return { read: !has(UNREAD) || has(ASIDE), answered: false, sent, draft: has(DRAFT) && !sent && !wasReceived(raw) }
}

/** Servers add `Received` fields at the top of whatever they take in (RFC 5321, section 4.4). */
function wasReceived(raw: Uint8Array): boolean {
  const start = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, HEADER_LOOK)).toString('latin1')
  return /^received[\t ]*:/im.test(start.split('\r\n\r\n', 1)[0] ?? '')
}
const HEADER_LOOK = 64 * 1024

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec'

/** Date of a `From ` line, as asctime writes it, with or without a zone; UTC when it does not say. */
function dateOf(fromLine: string): Date | null {
  const found = /\b([A-Z][a-z]{2})\s+(\d{1,2})\s+(\d{2}):(\d{2})(?::(\d{2}))?\s.*?(?:([+-])(\d{2})(\d{2})\s+)?(\d{4})\b/.exec(
    fromLine,
  )
  const month = MONTHS.indexOf(found?.[1] ?? '?') / 3
  if (!found || !Number.isInteger(month)) return null
  const [, , day, hour, minute, second, sign, zoneHour, zoneMinute, year] = found
  const offset = (sign === '-' ? -1 : 1) * (Number(zoneHour ?? 0) * 60 + Number(zoneMinute ?? 0))
  return new Date(Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute) - offset, Number(second ?? 0)))
}
