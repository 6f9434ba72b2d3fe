import { fold } from './fold.ts'

/**
 * Ways to write a word that a person does not read as it, but a program does: in the address of a link, in what was meant for
 * a machine. Each gives the text that a token stands for, or null where it is none of that kind.
 */
const readings: ((token: string) => string | null)[] = [percent, quotedPrintable, hex, entities]

/** @param words Folded. @returns whether the token says one of them in another way of writing. */
export function saysHidden(token: string, words: readonly string[]): boolean {
  const says = (text: string | null) => {
    if (text === null) return false
    const folded = fold(text.replace(/\+/g, ' '))
    return words.some((word) => folded.includes(word))
  }
  return readings.some((read) => says(read(token))) || base64(token).some(says)
}

function percent(token: string): string | null {
  return /%[0-9a-f]{2}/i.test(token) ? token.replace(/(?:%[0-9a-f]{2})+/gi, bytesOf) : null
}

function quotedPrintable(token: string): string | null {
  return /=[0-9a-f]{2}/i.test(token) ? token.replace(/(?:=[0-9a-f]{2})+/gi, bytesOf).replaceAll('_', ' ') : null
}

/** `%C3%A9` or `=C3=A9` as the text that it is. */
function bytesOf(run: string): string {
  return Buffer.from(run.replace(/[%=]/g, ''), 'hex').toString('utf8')
}

function hex(token: string): string | null {
  const digits = /(?:[0-9a-f]{2}){4,}/i.exec(token)?.[0]
  return digits === undefined ? null : Buffer.from(digits, 'hex').toString('utf8')
}

function entities(token: string): string | null {
  if (!/&#x?[0-9a-f]+;/i.test(token)) return null
  return token.replace(/&#(x?)([0-9a-f]+);/gi, (whole, x: string, digits: string) => {
    const code = Number.parseInt(digits, x === '' ? 10 : 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

/** A word may begin at any of the four places of a group. */
function base64(token: string): string[] {
  const runs = token.match(/[A-Za-z0-9+/_-]{6,}/g) ?? []
  return runs.flatMap((run) => [0, 1, 2, 3].map((skip) => Buffer.from(run.slice(skip), 'base64').toString('utf8')))
}
