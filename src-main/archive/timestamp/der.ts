/**
 * The part of DER (X.690) that certificates and timestamps are written in. Strict: a length in more bytes than it needs, or a
 * byte too many, is an error, because two ways to write the same thing are one more than a proof can have.
 */

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** Something is not DER, or not what its place asks for. */
export class DerError extends Error {}

/** One element: its tag byte, what is in it, and all of it as it was written. */
export interface Der {
  tag: number
  value: Uint8Array
  whole: Uint8Array
}

/** A tag of the context class, constructed: `[n]`. */
export const context = (n: number) => 0xa0 + n

/** Reads one element that is all of `bytes`. @throws DerError. */
export function readDer(bytes: Uint8Array, tag?: number): Der {
  const element = readAt(bytes, 0)
  if (element.whole.length !== bytes.length) throw new DerError('There is something behind the end.')
  if (tag !== undefined && element.tag !== tag) throw new DerError(`A tag is ${element.tag} instead of ${tag}.`)
  return element
}

/** The elements inside one. */
export function children(element: Der): Der[] {
  const found: Der[] = []
  for (let at = 0; at < element.value.length; ) {
    const child = readAt(element.value, at)
    found.push(child)
    at += child.whole.length
  }
  return found
}

function readAt(bytes: Uint8Array, at: number): Der {
  const tag = bytes[at]
  const first = bytes[at + 1]
  if (tag === undefined || first === undefined) throw new DerError('It ends too early.')
  if ((tag & 0x1f) === 0x1f) throw new DerError('Tags of more than one byte are not used here.')
  const { length, size } = first < 0x80 ? { length: first, size: 1 } : longLength(bytes, at + 1, first & 0x7f)
  const start = at + 1 + size
  if (start + length > bytes.length) throw new DerError('It ends too early.')
  return { tag, value: bytes.subarray(start, start + length), whole: bytes.subarray(at, start + length) }
}

function longLength(bytes: Uint8Array, at: number, count: number): { length: number; size: number } {
  // Four bytes name 4 GiB, more than anything here may have; none is the indefinite form, which is BER.
  if (count === 0 || count > 4) throw new DerError('A length is not definite.')
  let length = 0
  for (let index = 1; index <= count; index++) length = length * 256 + (bytes[at + index] ?? 0)
  if (bytes[at + 1] === 0 || length < 0x80) throw new DerError('A length is longer than it needs to be.')
  return { length, size: 1 + count }
}

/** Walks through the elements of a sequence or a set, some of which may be left out. */
export class Parts {
  private readonly parts: Der[]
  private at = 0

  constructor(element: Der, tag: number = tags.sequence) {
    if (element.tag !== tag) throw new DerError(`A tag is ${element.tag} instead of ${tag}.`)
    this.parts = children(element)
  }

  /** The next one. @throws DerError when it is not there or has another tag. */
  take(tag?: number): Der {
    const part = this.parts[this.at]
    if (part === undefined || (tag !== undefined && part.tag !== tag)) throw new DerError('Something is missing.')
    this.at++
    return part
  }

  /** The next one if it has that tag. */
  maybe(tag: number): Der | null {
    const part = this.parts[this.at]
    if (part?.tag !== tag) return null
    this.at++
    return part
  }

  rest(): Der[] {
    return this.parts.slice(this.at)
  }

  /** @throws DerError when there is more. */
  end(): void {
    if (this.at < this.parts.length) throw new DerError('There is more than there should be.')
  }
}

/** An object identifier in dots. */
export function readOid(element: Der): string {
  if (element.tag !== tags.oid || element.value.length === 0) throw new DerError('An object identifier is missing.')
  const numbers: number[] = []
  let number = 0
  for (const byte of element.value) {
    number = number * 128 + (byte & 0x7f)
    if (number > Number.MAX_SAFE_INTEGER / 128) throw new DerError('An object identifier is too large.')
    if (byte < 0x80) {
      numbers.push(number)
      number = 0
    }
  }
  const [first = 0, ...others] = numbers
  const top = Math.min(2, Math.floor(first / 40))
  return [top, first - 40 * top, ...others].join('.')
}

/** A small number that is not negative. */
export function readSmall(element: Der): number {
  if (element.tag !== tags.integer || element.value.length === 0 || element.value.length > 4 || (element.value[0] ?? 0) > 0x7f) {
    throw new DerError('A number is not what it should be.')
  }
  return element.value.reduce((number, byte) => number * 256 + byte, 0)
}

/** The bytes of a bit string that has no odd bits. */
export function readBits(element: Der): Uint8Array {
  if (element.tag !== tags.bitString || element.value[0] !== 0) throw new DerError('A bit string is not what it should be.')
  return element.value.subarray(1)
}

/** A time with more digits than any clock has. */
const longestTime = 40

/** UTCTime and GeneralizedTime as RFC 5280 (4.1.2.5) and RFC 3161 (2.4.2) restrict them. @returns ms since 1970. */
export function readTime(element: Der): number {
  if (element.value.length > longestTime) throw new DerError('A time is none.')
  const text = String.fromCharCode(...element.value)
  const short = element.tag === tags.utcTime
  if (!short && element.tag !== tags.generalizedTime) throw new DerError('A time is missing.')
  const pattern = short ? /^(\d\d)(\d{10})Z$/ : /^(\d{4})(\d{10})(\.\d*[1-9])?Z$/
  const [, year = '', rest = '', fraction = ''] = pattern.exec(text) ?? []
  const full = short ? `${Number(year) < 50 ? '20' : '19'}${year}` : year
  const [month, day, hour, minute, second] = rest.match(/\d\d/g) ?? []
  const iso = `${full}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(1, 4).padEnd(3, '0')}Z`
  const time = Date.parse(iso)
  if (Number.isNaN(time) || new Date(time).toISOString() !== iso) throw new DerError('A time is none.')
  return time
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
