import { HIDDEN, letterOf } from '../fold.ts'
import type { Token } from '../tokens.ts'
import { type Detection, type Detector, each } from './detector.ts'

/** How a text is written, whatever it says. */

const letters = (text: string) => text.replace(/[^\p{L}]/gu, '')
const SHORTEST_SHOUT = 12
/** Words in capitals one after the other; fewer are names, headings and abbreviations. */
const SHOUTED_WORDS = 3

/** Runs of words in capitals, and signs one after the other. */
export const shouting: Detector = ({ text, cut }) => {
  const found: Detection[] = []
  let run: Token[] = []
  const end = () => {
    const long = run.filter(({ from, to }) => letters(text.slice(from, to)).length >= 4)
    const all = run.reduce((sum, { from, to }) => sum + letters(text.slice(from, to)).length, 0)
    const [first, last] = [run[0], run.at(-1)]
    if (first && last && run.length >= SHOUTED_WORDS && all >= SHORTEST_SHOUT && long.length >= 2)
      found.push({ ranges: [{ from: first.from, to: last.to }] })
    run = []
  }
  for (const one of cut.tokens) {
    const word = text.slice(one.from, one.to)
    const loud = one.kind === 'word' && !one.hashtag && /\p{Lu}/u.test(word) && !/\p{Ll}/u.test(word)
    if (loud) run.push(one)
    else if (one.kind !== 'number' || run.length === 0) end()
  }
  end()
  return [...found, ...each(text, /[!?¡¿]{4,200}/gu, () => true)]
}

/** Pictures, films and sound that say nothing to those who cannot see or hear them. */
export const altText: Detector = ({ variant }) => {
  const without = variant.media.filter(({ kind, alt }) => kind !== 'file' && (alt === null || alt.trim() === ''))
  return without.length === 0 ? [] : [{ ranges: [], params: { count: String(without.length) } }]
}

/** Marks that turn the direction of what follows: what is read is not what is written. */
export const directionMarks: Detector = ({ text }) => each(text, /[\u202A-\u202E\u2066-\u2069]{1,200}/gu, () => true)

const insideWord = new RegExp(`[\\p{L}\\p{N}][${HIDDEN}]{1,20}(?=[\\p{L}\\p{N}])`, 'gu')

/** Characters that show nothing, inside a word. Scripts that need them (joiners of Arabic and Indic letters) are let be. */
export const hiddenCharacters: Detector = ({ text }) => {
  const found: Detection[] = []
  for (const match of text.matchAll(insideWord)) {
    const [first = '', ...hidden] = [...match[0]]
    const next = String.fromCodePoint(text.codePointAt(match.index + match[0].length) ?? 0)
    const latin = (sign: string) => /^[\p{Script=Latin}\p{N}]$/u.test(sign)
    if (!latin(first) || !latin(next) || hidden.every((sign) => /[\u202A-\u202E\u2066-\u2069]/.test(sign))) continue
    found.push({ ranges: [{ from: match.index + first.length, to: match.index + match[0].length }] })
  }
  return found
}

const disguised =
  (kind: Token['disguise']): Detector =>
  ({ cut }) =>
    cut.tokens.filter(({ disguise }) => disguise === kind).map(({ from, to }) => ({ ranges: [{ from, to }] }))

/** Words that mix letters of two scripts that look alike. */
export const lookalikes = disguised('mixed')

/** Words in letters that screen readers spell out or leave out: mathematical, circled, full width. */
export const styledLetters: Detector = ({ cut, text }) =>
  cut.tokens
    .filter(
      ({ disguise, from, to }) =>
        disguise === 'styled' &&
        [...text.slice(from, to)].filter((sign) => letterOf(sign.codePointAt(0) ?? 0).trait === 'styled').length >= 2,
    )
    .map(({ from, to }) => ({ ranges: [{ from, to }] }))

export const spacedLetters = disguised('spaced')
