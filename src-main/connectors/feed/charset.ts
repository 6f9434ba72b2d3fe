/** Charset names whose bytes below 0x80 always mean ASCII where markup is concerned, so that tags can be found byte by byte. */
const NOT_ASCII = new Set(['utf-16le', 'utf-16be', 'iso-2022-jp'])

/**
 * Finds a document's encoding: byte order mark, then the HTTP header, then the XML declaration, then UTF-8
 * (RFC 7303 section 3). One correction from practice: bytes that are declared as UTF-8 inside and are valid UTF-8 are
 * UTF-8, whatever a server adds to every header.
 */
export function charsetOf(bytes: Uint8Array, contentType: string | undefined): string {
  const mark = byteOrderMark(bytes)
  if (mark) return mark
  const declared = known(xmlDeclaration(bytes))
  const header = known(/charset\s*=\s*"?([^\s";]+)/i.exec(contentType ?? '')?.[1])
  if (header && header !== 'utf-8' && declared === 'utf-8' && isUtf8(bytes)) return 'utf-8'
  return header ?? declared ?? (isUtf8(bytes) ? 'utf-8' : 'windows-1252')
}

/** Decodes without ever failing: what is not valid becomes U+FFFD. A byte order mark is left out. */
export function decode(bytes: Uint8Array, charset: string): string {
  return new TextDecoder(known(charset) ?? 'utf-8').decode(bytes)
}

/** Whether markup can be found in the bytes without decoding them. */
export function isAsciiBased(charset: string): boolean {
  return !NOT_ASCII.has(charset)
}

function byteOrderMark(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  // No mark, but the first character is `<` in two bytes (XML 1.0 appendix F).
  if (bytes[0] === 0x3c && bytes[1] === 0) return 'utf-16le'
  if (bytes[0] === 0 && bytes[1] === 0x3c) return 'utf-16be'
  return null
}

function xmlDeclaration(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 400)).toString('latin1')
  return /^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']/i.exec(start)?.[1]
}

/** The WHATWG name for a label, or null for one that nobody knows. */
function known(label: string | undefined): string | null {
  if (label === undefined) return null
  try {
    return new TextDecoder(label.trim()).encoding
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}
