import { type Stemmed, stemOf } from '#shared/text/stem.ts'
import { fold } from './tokens.ts'

/** What is marked in results: words one after the other, folded. */
export interface Mark {
  words: string[]
  /** The last is a beginning. */
  prefix: boolean
  /** For one word: stems by language, by which other forms of it are known. */
  stems: [Stemmed, string][]
}

/** @param stems Languages by stem. */
export function markOf(words: string[], prefix: boolean, stems: ReadonlyMap<string, readonly Stemmed[]>): Mark {
  const pairs = [...stems].flatMap(([stem, languages]) => languages.map((language): [Stemmed, string] => [language, stem]))
  return { words, prefix, stems: pairs }
}

/** Whether a folded word is what is looked for at a place of a mark. */
export function fits(mark: Mark, at: number, word: string): boolean {
  const wanted = mark.words[at] ?? ''
  if (mark.prefix && at === mark.words.length - 1) return word.startsWith(wanted)
  return word === wanted || (mark.words.length === 1 && mark.stems.some(([language, stem]) => stemOf(language, word) === stem))
}

/** Every Latin letter with an accent, by the letter that it is folded to. */
const accented = new Map<string, string>()
for (let code = 0xc0; code <= 0x24f; code++) {
  const letter = String.fromCharCode(code)
  const plain = fold(letter)
  if (/^[a-z]$/.test(plain)) accented.set(plain, (accented.get(plain) ?? '') + letter)
}

/**
 * A pattern for the beginnings of what is marked, with or without accents: finds in a long text where to look closer. Null for words in
 * other scripts, where every word has to be looked at.
 */
export function headsOf(marks: readonly Mark[]): RegExp | null {
  const heads = new Set<string>()
  for (const mark of marks) {
    const first = mark.words[0] ?? ''
    // What all forms begin with.
    let head = first
    for (const [, stem] of mark.stems) while (!stem.startsWith(head)) head = head.slice(0, -1)
    if (!/^[a-z0-9]+$/.test(head)) return null
    heads.add(head)
  }
  if (heads.size === 0) return null
  const pattern = [...heads]
    .map((head) => [...head].map((letter) => `[${letter}${accented.get(letter) ?? ''}]`).join(''))
    .join('|')
  // Words with letters that are folded to two (ligatures) are met by looking at all words.
  return new RegExp(`(?:${pattern})`, 'gi')
}
