import { hash } from 'node:crypto'

/** One record of a WARC file before its bytes. */
export interface WarcHeader {
  type: 'warcinfo' | 'resource'
  /** What the id is made from; the same again gives the same id, so that an export that goes on repeats nothing. */
  name: string
  /** ISO 8601 in UTC. */
  date: string
  mediaType: string
  /** Of the bytes; `sha256` in hex. */
  size: number
  sha256: string
  /** Where it stands on the web; null for `warcinfo`. */
  target: string | null
}

/** What follows the bytes of a record. */
export const warcEnd = '\r\n\r\n'

/**
 * The header of a WARC 1.1 record (ISO 28500:2017, sections 4 to 6), with the empty line that ends it. `resource` records hold
 * the bytes themselves, without a protocol's header around them.
 */
export function warcHeader({ type, name, date, mediaType, size, sha256, target }: WarcHeader): string {
  const lines = [
    'WARC/1.1',
    `WARC-Type: ${type}`,
    `WARC-Record-ID: <urn:uuid:${uuidOf(name)}>`,
    `WARC-Date: ${date}`,
    ...(target === null ? [] : [`WARC-Target-URI: ${target}`]),
    `WARC-Block-Digest: sha256:${sha256}`,
    `Content-Type: ${plain(mediaType)}`,
    `Content-Length: ${size}`,
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** The address in the form that a WARC file may hold; null when it is none on the web. */
export function warcTarget(link: string | null): string | null {
  if (link === null || !/^https?:\/\//i.test(link)) return null
  if (plainAddress.test(link)) return link
  return URL.canParse(link) ? new URL(link).href : null
}

/** Addresses that are as `URL` would write them, at least as far as a header needs it. */
const plainAddress = /^https?:\/\/[a-z0-9.-]+(?::\d+)?\/[\w.~!$&'()*+,;=:@%/?#-]*$/

/** A header's value must be one line; networks have sent others. */
function plain(mediaType: string): string {
  const line = mediaType.replace(/[^\x20-\x7e]+/g, ' ').trim()
  return line === '' ? 'application/octet-stream' : line
}

/** A UUID of version 8 (RFC 9562, section 5.8), made from a name. */
function uuidOf(name: string): string {
  const hex = hash('sha256', name, 'hex')
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) % 4]
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `${variant}${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}
