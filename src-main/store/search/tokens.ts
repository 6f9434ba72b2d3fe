/**
 * Texts as the index holds them: words in lower case without accents, one blank between two. FTS5 is given nothing else, so
 * what a word is is decided here alone, for what is stored, what is asked and what is marked.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what ASCII is.
const plain = /^[\x00-\x7f]*$/
const plainWord = /[a-z0-9]+/g
/** Marks that were parted from their letters; those that make another kana of one stay. */
const marks = /[^\P{M}\u3099\u309A]+/gu
/** Letters that Arabic script writes in several ways, each to one of them; tatweel only stretches a word. */
const arabicForms = /[\u0622\u0623\u0625\u0671\u0649\u06CC\u06A9\u0640]/g
const arabic: Record<string, string> = {
  '\u0622': '\u0627',
  '\u0623': '\u0627',
  '\u0625': '\u0627',
  '\u0671': '\u0627',
  '\u0649': '\u064A',
  '\u06CC': '\u064A',
  '\u06A9': '\u0643',
  '\u0640': '',
}
/** Letters beyond the Latin ones, where forms and scripts have to be looked at. */
const beyondLatin = /[\u0370-\uFFFF]/
/** A run of letters of a script that is written without blanks between words stands for itself, letter by letter. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu
const word = /[\p{L}\p{N}\p{Co}]+/gu

/** Latin letters with accents and the signs of ordinary text, each as it is folded: most texts have no others. */
const usual = /[\u0080-\u024F\u2010-\u203A\u20AC]/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: it begins where letters do not yet.
const unusual = /[^\x00-\u024F\u2010-\u203A\u20AC]/
const foldedUsual = new Map<string, string>()
for (let code = 0x80; code <= 0x24f; code++) foldedUsual.set(String.fromCharCode(code), slowFold(String.fromCharCode(code)))

/** Lower case, without accents, every letter in one form. */
export function fold(text: string): string {
  if (plain.test(text)) return text.toLowerCase()
  if (unusual.test(text)) return slowFold(text)
  return text.replace(usual, (letter) => foldedUsual.get(letter) ?? ' ').toLowerCase()
}

function slowFold(text: string): string {
  // Lower case first: a capital with a dot above becomes a letter and a mark.
  const bare = text.toLowerCase().normalize('NFKD').replace(marks, '')
  if (!beyondLatin.test(bare)) return bare.toLowerCase()
  return bare
    .replace(arabicForms, (letter) => arabic[letter] ?? letter)
    .normalize('NFC')
    .toLowerCase()
}

/** The words of a text, folded; letters of scripts without blanks are words of their own. */
export function tokensOf(text: string): string[] {
  if (plain.test(text)) return text.toLowerCase().match(plainWord) ?? []
  const folded = fold(text)
  if (plain.test(folded)) return folded.match(plainWord) ?? []
  const spaced = beyondLatin.test(folded) ? folded.replace(unspaced, ' $& ') : folded
  return spaced.match(word) ?? []
}
