import { isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'

/** The same memory as a Buffer, for its native searches and decoders. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Labels seen in mail that the WHATWG list lacks and that mean one of its encodings. */
const aliases: Record<string, string> = {
  'utf-8-strict': 'utf-8',
  'x-utf-8': 'utf-8',
  utf8mb4: 'utf-8',
  'ansi_x3.4-1986': 'windows-1252',
  '7bit': 'utf-8',
  '8bit': 'utf-8',
  binary: 'utf-8',
  unknown: 'utf-8',
  'unknown-8bit': 'utf-8',
  'x-unknown': 'utf-8',
  default: 'utf-8',
  'iso-8859-8-i': 'iso-8859-8',
  'ks_c_5601-1987': 'euc-kr',
  cp949: 'euc-kr',
  cp932: 'shift_jis',
  cp936: 'gbk',
  cp950: 'big5',
  'x-gbk': 'gbk',
  'iso-2022-jp-ms': 'iso-2022-jp',
  'iso-2022-jp-1': 'iso-2022-jp',
  'iso-2022-jp-2': 'iso-2022-jp',
}

type Decode = (bytes: Buffer) => string
const decoders = new Map<string, Decode | null>()

function makeDecoder(label: string): Decode | null {
  try {
    const decoder = new TextDecoder(aliases[label] ?? label)
    return (bytes) => decoder.decode(bytes)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    // not in the WHATWG list (UTF-7, DOS and Mac code pages), or left out of this build's ICU
    return iconv.encodingExists(label) ? (bytes) => iconv.decode(bytes, label) : null
  }
}

/** Labels come from mail, so the cache must not grow with them. */
const MAX_DECODERS = 200

function decoderFor(label: string): Decode | null {
  let decoder = decoders.get(label)
  if (decoder === undefined) {
    decoder = makeDecoder(label)
    if (decoders.size < MAX_DECODERS) decoders.set(label, decoder)
  }
  return decoder
}

/**
 * Bytes as text. Without a usable charset: UTF-8 where the bytes are valid UTF-8, else windows-1252, as browsers do.
 * @returns the text, and whether some bytes had no meaning in the named charset (shown as U+FFFD).
 */
export function decodeText(bytes: Buffer, charset: string | null): { text: string; damaged: boolean } {
  const label = charset === null ? '' : charset.trim().toLowerCase()
  if (label === '' || label === 'us-ascii' || label === 'ascii' || label === 'utf-8' || label === 'utf8') {
    if (isUtf8(bytes))
      return { text: bytes.toString('utf8', bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0), damaged: false }
    if (label.startsWith('utf')) return { text: bytes.toString('utf8'), damaged: true }
    return { text: latin(bytes), damaged: false }
  }
  const decoder = decoderFor(label)
  if (decoder === null) return { text: isUtf8(bytes) ? bytes.toString('utf8') : latin(bytes), damaged: true }
  const text = decoder(bytes)
  return { text, damaged: text.includes('\ufffd') }
}

const windows1252 = new TextDecoder('windows-1252')
function latin(bytes: Buffer): string {
  return windows1252.decode(bytes)
}

/** A header's bytes, read as latin1 for speed, as the text that was meant: UTF-8 (RFC 6532) or windows-1252. */
export function fromLatin1(value: string): string {
  return /^\p{ASCII}*$/u.test(value) ? value : decodeText(Buffer.from(value, 'latin1'), null).text
}

/** Content-Transfer-Encoding undone (RFC 2045 section 6). Unknown encodings are taken as they are. */
export function decodeTransfer(bytes: Buffer, encoding: string): Buffer {
  switch (encoding) {
    case 'base64':
      return decodeBase64(bytes)
    case 'quoted-printable':
      return decodeQuotedPrintable(bytes)
    case 'x-uuencode':
    case 'uuencode':
    case 'x-uue':
      return decodeUu(bytes)
    default:
      return bytes
  }
}

/** Decodes in slices, so that the string in between never holds a whole large part. */
function decodeBase64(bytes: Buffer): Buffer {
  if (bytes.length < BASE64_SLICE) return Buffer.from(bytes.toString('latin1'), 'base64')
  const parts: Buffer[] = []
  let carry = ''
  for (let at = 0; at < bytes.length; at += BASE64_SLICE) {
    const text = carry + bytes.toString('latin1', at, at + BASE64_SLICE).replace(/[^A-Za-z0-9+/_-]+/g, '')
    const whole = text.length - (text.length % 4)
    carry = text.slice(whole)
    parts.push(Buffer.from(text.slice(0, whole), 'base64'))
  }
  parts.push(Buffer.from(carry, 'base64'))
  return Buffer.concat(parts)
}
const BASE64_SLICE = 1024 * 1024

/** Size after base64 decoding without decoding. */
export function base64Size(bytes: Buffer): number {
  let symbols = 0
  for (let i = 0; i < bytes.length; i++) {
    const c = bytes[i] as number
    if (c > 0x20 && c !== 0x3d) symbols++
  }
  return Math.floor((symbols * 3) / 4)
}

function hex(c: number | undefined): number {
  if (c === undefined) return -1
  if (c >= 0x30 && c <= 0x39) return c - 0x30
  if (c >= 0x41 && c <= 0x46) return c - 0x37
  if (c >= 0x61 && c <= 0x66) return c - 0x57
  return -1
}

/** RFC 2045 section 6.7; a stray `=` stays as it is, white space at the end of a line goes. */
function decodeQuotedPrintable(bytes: Buffer): Buffer {
  const first = bytes.indexOf(0x3d)
  if (first === -1) return bytes
  const out = Buffer.allocUnsafe(bytes.length)
  bytes.copy(out, 0, 0, first)
  let length = first
  for (let i = first; i < bytes.length; i++) {
    const c = bytes[i] as number
    if (c !== 0x3d) {
      out[length++] = c
      continue
    }
    const high = hex(bytes[i + 1])
    const low = high < 0 ? -1 : hex(bytes[i + 2])
    if (low >= 0) {
      out[length++] = (high << 4) | low
      i += 2
      continue
    }
    let end = i + 1
    while (bytes[end] === 0x20 || bytes[end] === 0x09) end++
    if (bytes[end] === 0x0d && bytes[end + 1] === 0x0a) i = end + 1
    else if (bytes[end] === 0x0a || end >= bytes.length) i = end
    else out[length++] = c
  }
  return out.subarray(0, length)
}

/** The old Unix encoding: a length character, then groups of four between `begin` and `end`. */
function decodeUu(bytes: Buffer): Buffer {
  const out: number[] = []
  let started = false
  for (const line of bytes.toString('latin1').split(/\r?\n/)) {
    if (!started) {
      started = /^begin [0-7]{3,4} /.test(line)
      continue
    }
    if (line === 'end') break
    const count = (line.charCodeAt(0) - 32) & 63
    const kept: number[] = []
    for (let i = 1; i < line.length && kept.length < count; i += 4) {
      const [a, b, c, d] = [0, 1, 2, 3].map((n) => ((line.charCodeAt(i + n) || 32) - 32) & 63) as [number, number, number, number]
      kept.push((a << 2) | (b >> 4), ((b & 15) << 4) | (c >> 2), ((c & 3) << 6) | d)
    }
    for (const byte of kept.slice(0, count)) out.push(byte)
  }
  return Buffer.from(out)
}
