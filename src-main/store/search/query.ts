/**
 * A person's search text as an FTS5 expression. Words are joined by AND; `"..."` is a phrase, `word*` a beginning, `-word`
 * leaves out, `OR` joins two alternatives, `from:`, `subject:` and `text:` look in one place. The last word, while it is
 * being typed, matches as a beginning. Any text at all gives a valid expression or none.
 */
export interface MatchQuery {
  /** FTS5 expression. */
  match: string
  /** What to mark in results, folded: whole words, or beginnings. */
  marks: { words: string[]; prefix: boolean }[]
}

interface Term {
  words: string[]
  prefix: boolean
  not: boolean
  column: string | null
}

const columns: Record<string, string> = { from: 'who', subject: 'subject', text: 'body' }
const everywhere = '{who subject body}'
/** Every indexed message has one of these. */
const anything = 'f : ("vinstitutional" OR "vmandate" OR "vpersonal")'
/** More words than anyone types; a pasted page is cut. */
const mostTerms = 64
const mostLength = 4000

/** One piece of the text: an optional `-`, an optional `name:`, then a phrase or a run without blanks. */
const piece = /(-?)(?:(from|subject|text):)?(?:"([^"]*)("?)|([^\s"]+))(\*?)/giu
const word = /[\p{L}\p{N}\p{M}\p{Co}]+/gu

/** Lower case without diacritics, as the index folds words. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
}

function wordsOf(text: string): string[] {
  return (text.match(word) ?? []).filter((found) => /[\p{L}\p{N}\p{Co}]/u.test(found))
}

function parse(text: string): { groups: Term[][]; not: Term[] } {
  const groups: Term[][] = []
  const not: Term[] = []
  const typing = /\S$/u.test(text)
  let joinNext = false
  const pieces = [...text.matchAll(piece)].slice(0, mostTerms)
  pieces.forEach((match, index) => {
    const [all, minus, name, phrase, closing, plain, star] = match
    if (plain === 'OR' && all === 'OR' && pieces.length > 1) {
      joinNext = groups.length > 0
      return
    }
    const bare = plain?.replace(/\*+$/u, '') ?? phrase ?? ''
    const words = wordsOf(bare)
    if (words.length === 0) return
    const last = index === pieces.length - 1 && match.index + all.length === text.length
    const starred = star === '*' || (plain?.endsWith('*') ?? false)
    const term: Term = {
      words,
      // A phrase that is not closed yet is still being typed.
      prefix: starred || (last && typing && closing !== '"'),
      not: minus === '-',
      column: name ? (columns[name.toLowerCase()] ?? null) : null,
    }
    if (term.not) not.push(term)
    else if (joinNext && groups.length > 0) groups[groups.length - 1]?.push(term)
    else groups.push([term])
    joinNext = false
  })
  return { groups, not }
}

function print(term: Term): string {
  return `${term.column ?? everywhere} : "${term.words.join(' ')}"${term.prefix ? ' *' : ''}`
}

/** @returns null when there is nothing to look for. */
export function toMatch(text: string): MatchQuery | null {
  const { groups, not } = parse(text.slice(0, mostLength))
  if (groups.length === 0 && not.length === 0) return null
  const positive =
    groups.length === 0
      ? anything
      : groups.map((group) => `(${group.map((term) => `(${print(term)})`).join(' OR ')})`).join(' AND ')
  const negative = not.map((term) => `(${print(term)})`).join(' OR ')
  return {
    match: negative === '' ? positive : `(${positive}) NOT (${negative})`,
    marks: groups.flat().map((term) => ({ words: term.words.map(fold), prefix: term.prefix })),
  }
}
