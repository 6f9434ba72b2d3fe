/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/**
 * Canonical JSON, RFC 8785: no white space, members by the UTF-16 code units of their names, numbers and strings as
 * ECMAScript writes them (3.2.2). Half a surrogate pair, which the RFC has no bytes for, becomes U+FFFD, so that the text
 * means the same in memory and in UTF-8.
 * @throws TypeError for what JSON cannot say (NaN, infinity, undefined), and when two names become the same.
 */
export function canonical(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return number(value)
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonical(item)).join(',')}]`
  if (typeof value !== 'object') throw new TypeError(`JSON has no ${typeof value}.`)
  return object(value as { readonly [name: string]: Json })
}

function number(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`JSON has no ${value}.`)
  return JSON.stringify(value)
}

function object(value: { readonly [name: string]: Json }): string {
  const members = Object.entries(value).map(([name, inner]): [string, Json] => [wellFormed(name), inner])
  // The default order of JavaScript strings is the one that the RFC asks for.
  members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  if (members.some(([name], index) => index > 0 && name === members[index - 1]?.[0])) {
    throw new TypeError('Two members have the same name.')
  }
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`).join(',')}}`
}

/** A string as canonical JSON has it. */
export function quote(text: string): string {
  return JSON.stringify(wellFormed(text))
}

const halfPair = /\p{Surrogate}/u
const halfPairs = /\p{Surrogate}/gu

/** Puts U+FFFD in the place of each half of a surrogate pair that stands alone. (`toWellFormed` is not in Node 18.) */
export function wellFormed(text: string): string {
  return halfPair.test(text) ? text.replace(halfPairs, '\ufffd') : text
}
