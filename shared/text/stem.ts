/** Languages whose words are also found in other forms. */
export const stemmed = ['en', 'fr', 'es'] as const
export type Stemmed = (typeof stemmed)[number]

/** Whether the words of a language have stems. */
export function hasStems(language: string | null): language is Stemmed {
  return language === 'en' || language === 'fr' || language === 'es'
}

/** Words whose stem is remembered, for each language: most texts are made of few. */
const remembered = 50_000
const memory: Record<Stemmed, Map<string, string>> = { en: new Map(), fr: new Map(), es: new Map() }

/** Last letters of words that a rule may change; a double one at the end may be changed too. */
const letters = (text: string) => new Set([...text].map((letter) => letter.charCodeAt(0)))
const endsLike: Record<Stemmed, ReadonlySet<number>> = { en: letters('sdge'), fr: letters('tsezairx'), es: letters('snoare') }

/**
 * What a word shares with its other forms (number, gender, tense), as far as its ending tells. Never a word for people.
 * Light on purpose: two words that mean different things should rarely share one.
 * @param word Folded.
 */
export function stemOf(language: Stemmed, word: string): string {
  // Most words are told by their length or last letter.
  const { length } = word
  if (length < 4) return word
  const last = word.charCodeAt(length - 1)
  if (!endsLike[language].has(last) && last !== word.charCodeAt(length - 2)) return word
  const known = memory[language]
  let stem = known.get(word)
  if (stem === undefined) {
    stem = /[^a-z]/.test(word) ? word : rules[language](word)
    if (known.size >= remembered) known.clear()
    known.set(word, stem)
  }
  return stem
}

const vowel = /[aeiouy]/

function english(word: string): string {
  let stem = plural(word)
  const ending = /(?:ied|eed|ed|ing)$/.exec(stem)?.[0]
  if (ending === 'ied' && stem.length > 4) stem = `${stem.slice(0, -3)}y`
  else if (ending === 'ed' || ending === 'ing') {
    const rest = stem.slice(0, -ending.length)
    if (rest.length > 2 && vowel.test(rest)) stem = undouble(rest)
  }
  if (stem.length > 3 && stem.endsWith('e')) stem = stem.slice(0, -1)
  return stem
}

function plural(word: string): string {
  if (!word.endsWith('s') || /(?:ss|us|is)$|^news$/.test(word)) return word
  if (word.endsWith('ies')) return word.length > 4 ? `${word.slice(0, -3)}y` : word
  if (/(?:ch|sh|ss|x|zz)es$/.test(word)) return word.slice(0, -2)
  return word.slice(0, -1)
}

/** `stopp` to `stop`; a double l, s or z belongs to many words. */
function undouble(stem: string): string {
  const last = stem.at(-1)
  return last === stem.at(-2) && last !== undefined && !'aeioulsz'.includes(last) ? stem.slice(0, -1) : stem
}

const frenchEndings =
  /(?:issaient|issantes?|issants|issait|issent|issons|issez|eraient|erions|erait|erais|erons|eront|erez|erai|eras|era|aient|antes|ante|ants|ions|ant|ait|ais|iez|ees|ee|es|ez|er|ir|is|it|ie|e)$/

function french(word: string): string {
  if (/eaux$/.test(word)) return word.slice(0, -1)
  if (/[^e]aux$/.test(word)) return `${word.slice(0, -3)}al`
  let stem = word
  // Plurals first, so that both numbers of a noun lose the same ending after it.
  if (/[^s]s$|[^x]x$/.test(stem) && !/(?:aux|eux)$/.test(stem)) stem = stem.slice(0, -1)
  stem = shorter(stem, frenchEndings)
  const last = stem.at(-1)
  return stem.length > 4 && last === stem.at(-2) ? stem.slice(0, -1) : stem
}

const spanishEndings =
  /(?:ariamos|eriamos|iriamos|aremos|eremos|iremos|ieron|iendo|abamos|aban|aron|ando|aria|eria|iria|adas|ados|idas|idos|aba|ada|ado|ida|ido|ian|ia|amos|emos|imos|ar|er|ir|an|en|a|o|e)$/

function spanish(word: string): string {
  let stem = word
  if (/ces$/.test(stem)) stem = `${stem.slice(0, -3)}z`
  else if (/[^aeiou]es$/.test(stem) && !/(?:tes|bles|ntes|bres|dres|tres)$/.test(stem)) stem = stem.slice(0, -2)
  else if (/[aeiou]s$/.test(stem)) stem = stem.slice(0, -1)
  return shorter(stem, spanishEndings)
}

/** Without an ending, where enough is left to be told from other words. */
function shorter(word: string, endings: RegExp): string {
  const ending = endings.exec(word)?.[0] ?? ''
  const rest = word.slice(0, word.length - ending.length)
  return rest.length >= 3 ? rest : word
}

const rules: Record<Stemmed, (word: string) => string> = { en: english, fr: french, es: spanish }
