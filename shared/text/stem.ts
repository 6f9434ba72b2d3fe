import { Endings } from './endings.ts'

/** Languages whose words are also found in other forms. */
export const stemmed = ['en', 'fr', 'es'] as const
export type Stemmed = (typeof stemmed)[number]

/** Whether the words of a language have stems. */
export function hasStems(language: string | null): language is Stemmed {
  return language === 'en' || language === 'fr' || language === 'es'
}

/** Last letters of words that a rule may change; a double one at the end may be changed too. */
const letters = (text: string) => new Set([...text].map((letter) => letter.charCodeAt(0)))
const endsLike: Record<Stemmed, ReadonlySet<number>> = { en: letters('sdge'), fr: letters('tsezairx'), es: letters('snoare') }

/**
 * What a word shares with its other forms (number, gender, tense), as far as its ending tells. Never a word for people.
 * Light on purpose: two words that mean different things should rarely share one. Every word of new mail comes here, so endings are
 * told letter by letter from the last one; remembering the stems of words took longer than that.
 * @param word Folded.
 */
export function stemOf(language: Stemmed, word: string): string {
  // Most words are told by their length or last letter.
  const { length } = word
  if (length < 4) return word
  const last = word.charCodeAt(length - 1)
  if (!endsLike[language].has(last) && last !== word.charCodeAt(length - 2)) return word
  return isPlain(word) ? rules[language](word) : word
}

/** Whether there are only letters from a to z. */
function isPlain(word: string): boolean {
  for (let at = 0; at < word.length; at++) {
    const code = word.charCodeAt(at)
    if (code < 97 || code > 122) return false
  }
  return true
}

const vowels = letters('aeiouy')

function hasVowel(word: string): boolean {
  for (let at = 0; at < word.length; at++) if (vowels.has(word.charCodeAt(at))) return true
  return false
}

const tense = new Endings('ied eed ed ing')
/** Words that end in s and are no plurals. */
const singular = new Endings('ss us is')
/** Before the `es` of a plural. */
const hissing = new Endings('ches shes sses xes zzes')

function english(word: string): string {
  let stem = plural(word)
  const ending = tense.of(stem)
  if (ending === 3 && stem.endsWith('ied')) {
    if (stem.length > 4) stem = `${stem.slice(0, -3)}y`
  } else if (ending === 2 || stem.endsWith('ing')) {
    const rest = stem.slice(0, -ending)
    if (rest.length > 2 && hasVowel(rest)) stem = undouble(rest)
  }
  if (stem.length > 3 && stem.endsWith('e')) stem = stem.slice(0, -1)
  return stem
}

function plural(word: string): string {
  if (!word.endsWith('s') || singular.of(word) > 0 || word === 'news') return word
  if (word.endsWith('ies')) return word.length > 4 ? `${word.slice(0, -3)}y` : word
  return word.slice(0, hissing.of(word) > 0 ? -2 : -1)
}

/** `stopp` to `stop`; a double l, s or z belongs to many words. */
function undouble(stem: string): string {
  const last = stem.at(-1)
  return last === stem.at(-2) && last !== undefined && !'aeioulsz'.includes(last) ? stem.slice(0, -1) : stem
}

const frenchEndings = new Endings(
  'issaient issante issantes issants issait issent issons issez eraient erions erait erais erons eront erez erai eras era aient antes ante ants ions ant ait ais iez ees ee es ez er ir is it ie e',
)

function french(word: string): string {
  if (word.endsWith('aux')) {
    if (word.endsWith('eaux')) return word.slice(0, -1)
    return word.length > 3 ? `${word.slice(0, -3)}al` : word
  }
  let stem = word
  // Plurals first, so that both numbers of a noun lose the same ending after it.
  const last = word.at(-1)
  if ((last === 's' || last === 'x') && last !== word.at(-2) && !word.endsWith('eux')) stem = word.slice(0, -1)
  stem = shorter(stem, frenchEndings)
  return stem.length > 4 && stem.at(-1) === stem.at(-2) ? stem.slice(0, -1) : stem
}

const spanishEndings = new Endings(
  'ariamos eriamos iriamos aremos eremos iremos ieron iendo abamos aban aron ando aria eria iria adas ados idas idos aba ada ado ida ido ian ia amos emos imos ar er ir an en a o e',
)
/** Plurals whose e belongs to the word. */
const keepsE = new Endings('tes bles ntes bres dres tres')

function spanish(word: string): string {
  return shorter(spanishPlural(word), spanishEndings)
}

function spanishPlural(word: string): string {
  if (word.endsWith('ces')) return `${word.slice(0, -3)}z`
  if (!word.endsWith('s')) return word
  const isVowel = (letter: string | undefined) => letter !== undefined && 'aeiou'.includes(letter)
  if (word.endsWith('es') && !isVowel(word.at(-3)) && keepsE.of(word) === 0) return word.slice(0, -2)
  return isVowel(word.at(-2)) ? word.slice(0, -1) : word
}

/** Without an ending, where enough is left to be told from other words. */
function shorter(word: string, endings: Endings): string {
  const rest = word.length - endings.of(word)
  return rest >= 3 ? word.slice(0, rest) : word
}

const rules: Record<Stemmed, (word: string) => string> = { en: english, fr: french, es: spanish }
