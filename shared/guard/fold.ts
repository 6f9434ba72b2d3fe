/**
 * Characters as the guard compares them: lower case, without accents, in one form whatever their style or script. Works character by
 * character, so that every place in a folded word is a place in the text.
 */

/** Class of characters that words may hold without showing them; for use inside a regular expression's brackets. */
export const HIDDEN =
  '\\u00AD\\u034F\\u061C\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180E\\u200B-\\u200F\\u202A-\\u202E\\u2060-\\u2064\\u2066-\\u206F\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0'

/** Characters that show nothing, and may stand inside a word to hide it. */
const invisible = new RegExp(`^[${HIDDEN}\\u{E0000}-\\u{E007F}\\u{E0100}-\\u{E01EF}]$`, 'u')

/** Pairs of characters, each with what it becomes. */
const table = (pairs: string) => new Map(pairs.split(' ').map((pair) => [pair.charAt(0), pair.slice(1)]))
/** Latin letters that Unicode does not take apart. */
const latin = table('ßss æae œoe øo łl đd ðd þth ħh ıi ŋn ɑa ɡg ɩi ʟl ɴn ʀr ᴀa ᴇe ᴏo ᴛt ꜱs ɪi')
/** Letters of other scripts that look like a Latin one, in lower case: Cyrillic, Greek, Armenian. */
const alike = table(
  'аa вb сc ԁd еe ёe ғf һh нh іi їi јj кk ӏl мm пn оo рp ԛq гr ѕs тt цu ѵv ԝw хx уy αa βb ϲc εe ηn ιi κk μm νv οo ρp τt υu χx ωw γy σo օo ոn սu հh ցg',
)

export interface Letter {
  /** Its folded form; empty for what shows nothing and for accents. */
  folded: string
  /** A letter of another script that looks like this Latin one; empty otherwise. */
  alike: string
  /** `hidden`: shows nothing; `styled`: a letter in a disguise of its own (full width, mathematical, in a circle). */
  trait: 'plain' | 'hidden' | 'styled' | 'foreign'
}

const ascii: Letter[] = Array.from({ length: 128 }, (_, code) => ({
  folded: String.fromCharCode(code).toLowerCase(),
  alike: '',
  trait: 'plain',
}))
const known = new Map<number, Letter>()
const remembered = 5000

/** What a character stands for. */
export function letterOf(code: number): Letter {
  const plain = ascii[code]
  if (plain !== undefined) return plain
  let letter = known.get(code)
  if (letter === undefined) {
    letter = look(String.fromCodePoint(code), code)
    if (known.size >= remembered) known.clear()
    known.set(code, letter)
  }
  return letter
}

function look(character: string, code: number): Letter {
  if (invisible.test(character)) return { folded: '', alike: '', trait: 'hidden' }
  const apart = character.normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '')
  const folded = [...apart].map((part) => latin.get(part) ?? part).join('')
  const foreign = /\p{L}/u.test(folded) && !/^[\p{Script=Latin}\p{N}]+$/u.test(folded)
  const twin = foreign ? (alike.get(folded) ?? '') : ''
  const styled = !foreign && isStyled(code) && /^[a-z0-9]+$/.test(folded)
  return { folded, alike: twin, trait: styled ? 'styled' : foreign ? 'foreign' : 'plain' }
}

/** Full width forms, letters in circles and squares, mathematical alphabets. */
function isStyled(code: number): boolean {
  return (
    (code >= 0xff21 && code <= 0xff5a) ||
    (code >= 0x249c && code <= 0x24e9) ||
    (code >= 0x1d400 && code <= 0x1d7ff) ||
    (code >= 0x1f110 && code <= 0x1f169)
  )
}

export interface FoldedWord {
  /** Ways to read it, the plainest first; at least one. */
  forms: string[]
  /** How it was disguised. */
  disguise: 'none' | 'hidden' | 'styled' | 'mixed'
}

const knownWords = { latin: new Map<string, FoldedWord>(), other: new Map<string, FoldedWord>() }
const rememberedWords = 20_000

/** The readings of one word. `latinText`: whether the text around it is in Latin letters. */
export function foldWord(word: string, latinText: boolean): FoldedWord {
  const memory = latinText ? knownWords.latin : knownWords.other
  const known = memory.get(word)
  if (known !== undefined) return known
  const folded = readWord(word, latinText)
  if (memory.size >= rememberedWords) memory.clear()
  memory.set(word, folded)
  return folded
}

function readWord(word: string, latinText: boolean): FoldedWord {
  let folded = ''
  let twin = ''
  let [hidden, styled, foreign, twins, own] = [0, 0, 0, 0, 0]
  for (const character of word) {
    const letter = letterOf(character.codePointAt(0) ?? 0)
    folded += letter.folded
    twin += letter.alike === '' ? letter.folded : letter.alike
    if (letter.trait === 'hidden') hidden++
    else if (letter.trait === 'styled') styled++
    else if (letter.trait === 'foreign') {
      foreign++
      if (letter.alike !== '') twins++
    } else if (/[a-z]/.test(letter.folded)) own++
  }
  const mixed = foreign > 0 && own + styled > 0 && twins === foreign
  // A whole word of twins in a Latin text may be a word of the other language as well: both readings are looked up.
  const whole = foreign > 1 && own === 0 && twins === foreign && latinText
  const base = mixed ? twin : folded
  const forms = base === '' ? [] : [base]
  if (whole && twin !== base) forms.push(twin)
  if (base !== '') forms.push(...otherReadings(base).filter((form) => !forms.includes(form)))
  return { forms, disguise: mixed ? 'mixed' : styled > 0 ? 'styled' : hidden > 0 ? 'hidden' : 'none' }
}

const digits: Record<string, string> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b', '@': 'a', $: 's' }

/** Digits that stand for letters, and letters drawn out. */
function otherReadings(word: string): string[] {
  const found: string[] = []
  let base = word
  if (/[a-z]/.test(word) && /[013-57-8@$]/.test(word) && !/^[a-z]?[0-9]+[a-z]{0,2}$/.test(word)) {
    base = word.replace(/[0134578@$]/g, (digit) => digits[digit] ?? digit)
    found.push(base)
    if (word.includes('1')) found.push(word.replace(/1/g, 'l').replace(/[034578@$]/g, (digit) => digits[digit] ?? digit))
  }
  if (/([a-z])\1\1/.test(base)) found.push(base.replace(/([a-z])\1{2,}/g, '$1'), base.replace(/([a-z])\1{2,}/g, '$1$1'))
  return found
}

/** A term of the office or of a pack in the form in which words are compared. */
export function foldTerm(text: string): string {
  let folded = ''
  for (const character of text) folded += letterOf(character.codePointAt(0) ?? 0).folded
  return folded
}
