import { foldTerm, foldWord, HIDDEN, letterOf } from './fold.ts'

/** One word, number, link, address, handle or hashtag of a text. */
export interface Token {
  from: number
  to: number
  kind: 'word' | 'number' | 'link' | 'mail' | 'handle'
  /** Ways to read it, folded. */
  forms: readonly string[]
  /** Which sentence it is in, from 0. */
  sentence: number
  /** First and last of a part of a sentence: after or before a comma, colon, dash, bracket, quotation mark or line end. */
  opens: boolean
  closes: boolean
  capital: boolean
  hashtag: boolean
  /** Inside quotation marks: the number of the quotation, from 0; -1 outside. */
  quote: number
  disguise: 'none' | 'hidden' | 'styled' | 'mixed' | 'spaced'
}

export interface Quote {
  /** Offsets of what stands between the marks. */
  from: number
  to: number
}

export interface Cut {
  tokens: Token[]
  quotes: Quote[]
  sentences: number
}

/** What words are made of; letters in circles and squares are signs to Unicode. */
const W = `\\p{L}\\p{M}\\p{N}\\u249C-\\u24E9\\u{1F110}-\\u{1F189}${HIDDEN}`
/** Every repetition is bounded or takes characters that it never gives back, so that cutting takes time in proportion to the text. */
const pieces = new RegExp(
  [
    `(?<link>[A-Za-z][A-Za-z0-9+.-]{0,15}:/{1,3}[^\\s<>"«»“”]{1,2000}|www\\.[^\\s<>"«»“”]{1,2000})`,
    '(?<mail>[\\p{L}\\p{N}_.+-]{1,64}@[\\p{L}\\p{N}-]{1,63}(?:\\.[\\p{L}\\p{N}-]{1,63}){1,6})',
    '(?<handle>@[\\p{L}\\p{N}_]{1,64}(?:[.@-][\\p{L}\\p{N}_-]{1,64}){0,6})',
    `(?<tag>[#＃][${W}_]{1,200})`,
    `(?<number>\\p{Nd}{1,40}(?:[.,\\u00A0\\u202F]\\p{Nd}{1,40}){0,8}(?: \\p{Nd}{3}(?!\\p{Nd})){0,4}(?![\\p{L}\\p{M}]))`,
    `(?<word>[${W}]{1,200}(?:[$@][${W}]{1,200}){0,8})`,
  ].join('|'),
  'gu',
)
const endOfSentence = /[.!?…。؟]|\n/u
const endOfPart = /[,;:–—()[\]{}"“”«»‹›„¡¿!?…。؟\n|•→>]|(?:^|\s)[-*](?:\s|$)|\.(?:\s|$)/u
const shortened = new Set(
  'mr mrs ms dr st no art vs etc prof hon rt sr sra srta dra don dna mme mlle mm me pr av ref num cf p ex sec dip sen lic ud uds vd'.split(
    ' ',
  ),
)

/** Cuts a text into its pieces. Never throws; takes time in proportion to the length. */
export function cut(text: string): Cut {
  const latinText = isLatin(text)
  const found: Token[] = []
  for (const match of text.matchAll(pieces)) add(found, match, latinText)
  const tokens = joinSpaced(text, found)
  const sentences = divide(text, tokens)
  return { tokens, quotes: quotes(text, tokens), sentences }
}

function isLatin(text: string): boolean {
  let [latin, other] = [0, 0]
  for (const character of text.slice(0, 2000)) {
    const code = character.codePointAt(0) ?? 0
    if ((code | 32) >= 97 && (code | 32) <= 122) latin++
    else if (code > 0x36f && letterOf(code).trait === 'foreign') other++
  }
  return latin > other
}

function add(found: Token[], match: RegExpExecArray, latinText: boolean): void {
  const { link, mail, handle, tag, number, word } = match.groups ?? {}
  const from = match.index
  if (link !== undefined) {
    // A sentence's own signs at the end belong to the sentence.
    const trimmed = link.replace(/[.,;:!?'’)\]}]+$/, '')
    found.push(token(from, from + trimmed.length, 'link', [trimmed.toLowerCase()]))
  } else if (mail !== undefined) found.push(token(from, from + mail.length, 'mail', [mail.toLowerCase()]))
  else if (handle !== undefined) found.push(token(from, from + handle.length, 'handle', [foldTerm(handle)]))
  else if (tag !== undefined) addTag(found, from, tag, latinText)
  else if (number !== undefined) found.push(token(from, from + number.length, 'number', [number.replace(/[^\p{Nd}]/gu, '')]))
  else if (word !== undefined) addWord(found, from, word, latinText)
}

function token(from: number, to: number, kind: Token['kind'], forms: readonly string[]): Token {
  return {
    from,
    to,
    kind,
    forms,
    sentence: 0,
    opens: false,
    closes: false,
    capital: false,
    hashtag: false,
    quote: -1,
    disguise: 'none',
  }
}

/** `#SaveOurFerry` is three words; the whole is one more reading of the first. */
function addTag(found: Token[], from: number, tag: string, latinText: boolean): void {
  const body = tag.slice(1)
  const parts = [...body.matchAll(/\p{Lu}+(?!\p{Ll})|\p{Lu}?[^\p{Lu}_\d]+|\d+/gu)]
  const whole = foldTerm(body)
  const used =
    parts.length > 0 && parts.length <= 12 ? parts.map((part) => ({ word: part[0], at: part.index })) : [{ word: body, at: 0 }]
  used.forEach(({ word, at: place }, at) => {
    const start = from + 1 + place
    const made = wordToken(at === 0 ? from : start, start + word.length, word, latinText)
    if (made === null) return
    const first = at === 0 && whole !== '' && !made.forms.includes(whole) ? [...made.forms, whole] : made.forms
    found.push({ ...made, forms: first, hashtag: true })
  })
}

function addWord(found: Token[], from: number, word: string, latinText: boolean): void {
  const made = wordToken(from, from + word.length, word, latinText)
  if (made !== null) found.push(made)
}

function wordToken(from: number, to: number, word: string, latinText: boolean): Token | null {
  const { forms, disguise } = foldWord(word, latinText)
  if (forms.length === 0) return null
  const capital = /^[\p{Lu}\p{Lt}]/u.test(word)
  return { ...token(from, to, 'word', forms), capital, disguise }
}

/** The fewest letters, one by one with the same sign between, that are read as one word. */
const FEWEST_SPACED = 3

/** `v o t e` and `v.o.t.e` are one word. English contractions become one: `don't`. */
function joinSpaced(text: string, tokens: readonly Token[]): Token[] {
  const joined: Token[] = []
  for (let at = 0; at < tokens.length; at++) {
    const first = tokens[at]
    if (first === undefined) break
    const end = spacedRun(text, tokens, at)
    if (end - at + 1 >= FEWEST_SPACED) {
      const run = tokens.slice(at, end + 1)
      const form = run.map(({ forms }) => forms[0] ?? '').join('')
      const disguise = run.length > FEWEST_SPACED ? 'spaced' : 'none'
      joined.push({ ...first, to: run.at(-1)?.to ?? first.to, forms: [form], disguise })
      at = end
      continue
    }
    const before = joined.at(-1)
    if (before && first.forms[0] === 't' && isApostrophe(text, before.to, first.from) && before.forms[0]?.endsWith('n')) {
      joined[joined.length - 1] = { ...before, to: first.to, forms: [`${before.forms[0]}t`] }
    } else joined.push(first)
  }
  return joined
}

function isApostrophe(text: string, from: number, to: number): boolean {
  return to - from === 1 && /['’ʼ]/.test(text[from] ?? '')
}

function spacedRun(text: string, tokens: readonly Token[], at: number): number {
  let sign = ''
  let end = at
  while (end < tokens.length) {
    const here = tokens[end]
    if (
      here === undefined ||
      here.kind !== 'word' ||
      here.hashtag ||
      here.forms[0]?.length !== 1 ||
      !/\p{L}/u.test(here.forms[0])
    )
      break
    if (end > at) {
      const gap = text.slice(tokens[end - 1]?.to ?? 0, here.from)
      if (!/^[ .\-_*·]$/.test(gap) || (sign !== '' && gap !== sign)) break
      sign = gap
    }
    end++
  }
  return end - 1
}

/** Numbers sentences and marks where their parts begin and end. @returns how many sentences there are. */
function divide(text: string, tokens: Token[]): number {
  let sentence = 0
  tokens.forEach((here, at) => {
    const before = tokens[at - 1]
    // Longer gaps than this hold something that ends a part.
    const gap = before === undefined ? '\n' : here.from - before.to > 40 ? '\n' : text.slice(before.to, here.from)
    const apart = endOfPart.test(gap)
    here.opens = apart
    if (before === undefined) return
    before.closes = apart
    if (endOfSentence.test(gap) && !goesOn(before, here, gap)) sentence++
    here.sentence = sentence
  })
  const last = tokens.at(-1)
  if (last) last.closes = true
  return tokens.length === 0 ? 0 : sentence + 1
}

/** A dot that belongs to the word before it. */
function goesOn(before: Token, here: Token, gap: string): boolean {
  if (!/^\.[\s ]*$/.test(gap) || gap.includes('\n')) return false
  const [form = ''] = before.forms
  return gap === '.' || form.length === 1 || shortened.has(form) || (!here.capital && here.kind === 'word')
}

const pairs: Record<string, string> = { '“': '”', '«': '»', '„': '“', '‹': '›', '"': '"', '‘': '’' }
/** A mark that has not been closed by then was no quotation. */
const LONGEST_QUOTE = 2000

function quotes(text: string, tokens: Token[]): Quote[] {
  const found: Quote[] = []
  let open: { at: number; close: string } | null = null
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] ?? ''
    if (open !== null && (sign === open.close || (open.close === '”' && sign === '"'))) {
      // An apostrophe inside a word closes nothing.
      if (sign === '’' && /\p{L}/u.test(text[at + 1] ?? '')) continue
      found.push({ from: open.at + 1, to: at })
      open = null
    } else if (open !== null && (at - open.at > LONGEST_QUOTE || (sign === '\n' && text[at + 1] === '\n'))) open = null
    else if (open === null) {
      const close: string | undefined = pairs[sign]
      if (close !== undefined && !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '')) open = { at, close }
    }
  }
  let next = 0
  for (const one of tokens) {
    while (next < found.length && (found[next]?.to ?? 0) <= one.from) next++
    const quote = found[next]
    if (quote && quote.from <= one.from && one.to <= quote.to) one.quote = next
  }
  return found
}
