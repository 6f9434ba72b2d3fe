import { limits } from './limits.ts'

/** UTF-8 as far as it is; a byte that is none becomes U+FFFD. A byte order mark is left out; UTF-16 with one is read. */
export function decodeText(bytes: Uint8Array): string {
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8'
  return new TextDecoder(wide).decode(bytes)
}

/** One line of at most `limits.line` characters, without line ends, control characters and blanks around it. */
export function oneLine(text: string): string {
  return text
    .slice(0, limits.line * 4)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, limits.line)
}

/** First and last instants that can be written with four digits for the year. */
const firstMs = Date.parse('0001-01-01T00:00:00.000Z')
const lastMs = Date.parse('9999-12-31T23:59:59.999Z')

/** Milliseconds since 1970 as an instant of the model; null for what is no date or has no year of four digits. */
export function instantOf(ms: number): string | null {
  return Number.isFinite(ms) && ms >= firstMs && ms <= lastMs ? new Date(Math.trunc(ms)).toISOString() : null
}

/** A date in words as `Date.parse` knows them (ISO 8601, RFC 2822, `Sat Nov 21 12:00:00 +0000 2026`), as an instant; else null. */
export function parseInstant(text: unknown): string | null {
  return typeof text === 'string' && text.length <= 100 ? instantOf(Date.parse(text)) : null
}

const types: Record<string, string> = {
  avif: 'image/avif',
  csv: 'text/csv',
  gif: 'image/gif',
  heic: 'image/heic',
  html: 'text/html',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'text/javascript',
  json: 'application/json',
  m4a: 'audio/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  ogg: 'audio/ogg',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  wav: 'audio/wav',
  webm: 'video/webm',
  webp: 'image/webp',
}

/** The media type of a file by the ending of its name. */
export function mediaTypeOf(path: string): string {
  return types[path.slice(path.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream'
}

/** Whether a file of this media type is text that can be searched. */
export function isText(mediaType: string): boolean {
  return /^text\/|^application\/json$/.test(mediaType) && mediaType !== 'text/html'
}
