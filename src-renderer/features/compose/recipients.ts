import type { Party } from '#shared/model/index.ts'

/** What a line of recipients stands for, and the pieces of it that are no address. */
export interface Recipients {
  parties: Party[]
  wrong: string[]
}

/** `Name <address>` or `address`, parted by commas, semicolons or lines; names may be quoted (RFC 5322 section 3.4, as people type it). */
export function parseRecipients(typed: string, looksRight: (handle: string) => boolean): Recipients {
  const parties: Party[] = []
  const wrong: string[] = []
  for (const piece of split(typed)) {
    const angled = /^(.*?)\s*<([^<>]*)>$/s.exec(piece)
    const handle = (angled?.[2] ?? piece).trim()
    const name = (angled?.[1] ?? '')
      .trim()
      .replace(/^"(.*)"$/s, '$1')
      .replaceAll('\\"', '"')
    if (!looksRight(handle)) wrong.push(piece)
    else if (!parties.some((party) => party.handle.toLowerCase() === handle.toLowerCase())) parties.push({ name, handle })
  }
  return { parties, wrong }
}

/** Recipients as a line that reads as they do. */
export function writeRecipients(parties: readonly Party[]): string {
  return parties
    .map(({ name, handle }) => {
      if (name === '' || name === handle) return handle
      const plain = /^[^",;<>@]*$/.test(name)
      return `${plain ? name : `"${name.replaceAll('"', '\\"')}"`} <${handle}>`
    })
    .join(', ')
}

export const looksLikeMail = (handle: string): boolean => /^[^\s@<>"(),;:]+@[^\s@<>"(),;:]+\.?[^\s@<>"(),;:]*$/u.test(handle)
export const looksLikeNumber = (handle: string): boolean => /^\+?[\d\s().-]{3,30}$/.test(handle)

/** Cuts at commas, semicolons and lines that stand neither in quotes nor in angle brackets. */
function split(typed: string): string[] {
  const pieces: string[] = []
  let piece = ''
  let quoted = false
  let angled = false
  for (const sign of typed) {
    if (sign === '"' && !piece.endsWith('\\')) quoted = !quoted
    if (!quoted && sign === '<') angled = true
    if (!quoted && sign === '>') angled = false
    if (!quoted && !angled && /[,;\n]/.test(sign)) {
      pieces.push(piece.trim())
      piece = ''
    } else piece += sign
  }
  pieces.push(piece.trim())
  return pieces.filter(Boolean)
}
