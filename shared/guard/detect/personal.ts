import { foldTerm } from '../fold.ts'
import { type Detector, each } from './detector.ts'

/** Data of persons: numbers are tested by their own checks where they have one. */

const digitsOf = (text: string) => text.replace(/\D/g, '')

/** What the office publishes of itself, as compared here: letters and digits only. */
function isOwn(found: string, own: readonly string[]): boolean {
  const digits = digitsOf(found)
  const words = foldTerm(found)
  return own.some((one) => {
    const ownDigits = digitsOf(one)
    // The same number with and without the country in front.
    if (
      digits.length >= 6 &&
      ownDigits.length >= 6 &&
      (digits.endsWith(ownDigits.slice(-8)) || ownDigits.endsWith(digits.slice(-8)))
    )
      return true
    return words.includes(foldTerm(one))
  })
}

/** Digits with the signs that people put between them: one class, so that a run is read once. */
const digitRun = /(?<![\p{L}\p{N}.,/-])[+(]?\d[\d ()./\u00A0\u202F-]*/gu
const date = /(?<!\d)\d{1,2}[./-]\d{1,2}[./-]\d{4}(?!\d)|(?<!\d)\d{4}-\d\d-\d\d(?!\d)/
/** Lines that anybody may call: they begin so, in one country or another. */
const freeLine =
  /^(?:(?:\+?44|0044)?0?(?:800|808|345|300|303|330)|0?80[0-9]|1?8(?:00|33|44|55|66|77|88)|90[0-2]|3[69]\d\d$|1\d\d$)/

/** Telephone numbers of the countries whose languages the packs speak, and any with its country in front. */
export const phone: Detector = ({ text, context }) =>
  each(text, digitRun, () => true).flatMap(({ ranges: [range] }) => {
    if (range === undefined) return []
    const found = text.slice(range.from, range.to).replace(/[ ()./\u00A0\u202F-]+$/, '')
    const to = range.from + found.length
    const digits = digitsOf(found)
    if (found.length > 30 || /^[\p{L}\p{N}]|^[.,]\d/u.test(text.slice(to, to + 2)) || date.test(found)) return []
    if (!isPhone(found, digits) || freeLine.test(digits) || isOwn(found, context.ownContacts)) return []
    return [{ ranges: [{ from: range.from, to }] }]
  })

function isPhone(found: string, digits: string): boolean {
  if (found.startsWith('+') || found.startsWith('00')) return digits.length >= 9 && digits.length <= 16
  if (/^\(?0/.test(found)) return digits.length >= 9 && digits.length <= 11 && /^0[1-9]/.test(digits)
  const groups = found
    .split(/\D+/)
    .filter((group) => group !== '')
    .map((group) => group.length)
    .join('-')
  // Spain; North America; Mexico; with a 1 in front.
  if (digits.length === 9)
    return (
      /^[6789]/.test(digits) &&
      /^(9|3-3-3|3-2-2-2|3-6|2-3-2-2|3-3-2-1)$/.test(groups) &&
      !/[.,]/.test(found.replace(/\.(?=\d\d\b)/g, ''))
    )
  if (digits.length === 10) return /^[2-9]/.test(digits) && /^(3-3-4|3-7|2-4-4|2-8)$/.test(groups) && !found.includes(',')
  return digits.length === 11 && /^1-3-3-4$/.test(groups)
}

/** Mailboxes of a desk, not of a person. */
const desk =
  /^(?:info|contact|office|press|media|news|help|support|hello|enquir|inquir|visit|tour|education|archive|library|committee|clerk|webmaster|jobs|careers|foi|petitions|admin|no-?reply|postmaster|renseignement|accueil|presse|visites|bibliotheque|commission|greffe|secretariat|consultation|informacion|prensa|visitas|biblioteca|comision|secretaria|atencion|registro|participacion|transparen)/
/** Domains of public bodies. */
const publicBody =
  /(?:^|\.)(?:parliament|parlament|parlamento|parlement|assemblee|assembly|senat|senate|senado|congreso|congress|gov|gob|gouv|gc|oireachtas|europarl|europa)(?:\.|-|$)/

export const mailAddress: Detector = ({ text, cut, context }) =>
  cut.tokens
    .filter(({ kind, from, to }) => {
      if (kind !== 'mail') return false
      const found = text.slice(from, to)
      const [local = '', domain = ''] = foldTerm(found).split('@')
      return !desk.test(local) && !publicBody.test(domain) && !isOwn(found, context.ownContacts)
    })
    .map(({ from, to }) => ({ ranges: [{ from, to }] }))

const ibanShape = /(?<![\p{L}\p{N}])[A-Z]{2}\d\d[A-Z0-9 \u00A0]{11,45}/gu
/** Characters of an account number, by country. */
const ibanLengths = new Map(
  'AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GR27 HR21 HU28 IE22 IS26 IT27 LI21 LT20 LU20 LV21 MC27 MT31 NL18 NO15 PL28 PT25 RO24 SE24 SI19 SK24 SM27'
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
)

/** Account numbers by ISO 13616: the remainder by 97 is 1. */
export const iban: Detector = ({ text, context }) =>
  each(text, ibanShape, () => true).flatMap(({ ranges: [range] }) => {
    const length = ibanLengths.get(text.slice(range?.from ?? 0, (range?.from ?? 0) + 2))
    if (range === undefined || length === undefined) return []
    let to = range.from
    for (let taken = 0; to < range.to && taken < length; to++) if (!/\s/.test(text[to] ?? '')) taken++
    const found = text.slice(range.from, to)
    return isIban(found.replace(/\s/g, '')) && !isOwn(found, context.ownContacts) ? [{ ranges: [{ from: range.from, to }] }] : []
  })

function isIban(text: string): boolean {
  if (text.length < 15 || text.length > 34) return false
  let remainder = 0
  for (const sign of text.slice(4) + text.slice(0, 4)) {
    const value = Number.parseInt(sign, 36)
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97
  }
  return remainder === 1
}

const cardShape = /(?<![\p{L}\p{N}.,])[3-6]\d{3}(?:[ -]?\d{2,6}){2,4}(?![\p{L}\p{N}])/gu

/** Payment cards: 13 to 19 digits with the check of ISO 7812 (Luhn). */
export const card: Detector = ({ text }) =>
  each(text, cardShape, ([found]) => {
    const digits = digitsOf(found)
    return digits.length >= 13 && digits.length <= 19 && luhn(digits)
  })

function luhn(digits: string): boolean {
  let sum = 0
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at])
    const twice = digit * 2
    sum += at % 2 === 0 ? digit : twice > 9 ? twice - 9 : twice
  }
  return sum % 10 === 0
}

interface IdKind {
  shape: RegExp
  check(text: string): boolean
}
const yes = () => true
const mod97 = (digits: string) => [...digits].reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0)
const weighted = (digits: string, weights: readonly number[]) =>
  weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0)
const dniLetters = 'TRWAGMYFPDXBNJZSQVHLCKE'

/** National numbers of the countries whose languages the packs speak, each with its own check. */
const ids: IdKind[] = [
  // United Kingdom: National Insurance, NHS (remainder by 11).
  { shape: /(?<![\p{L}\p{N}])[A-CEGHJ-TW-Z][A-CEGHJ-NP-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D](?![\p{L}\p{N}])/gu, check: yes },
  {
    shape: /(?<![\p{L}\p{N}+])\d{3} \d{3} \d{4}(?![\p{L}\p{N}])/gu,
    check: (text) => {
      const digits = digitsOf(text)
      return (11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === Number(digits[9])
    },
  },
  // United States: social security; Canada: social insurance (Luhn).
  { shape: /(?<![\p{L}\p{N}-])(?!000|666|9)\d{3}-\d{2}-\d{4}(?![\p{L}\p{N}-])/gu, check: yes },
  {
    shape: /(?<![\p{L}\p{N}+ ])\d{3}[ -]\d{3}[ -]\d{3}(?![\p{L}\p{N}]| \d)/gu,
    check: (text) => luhn(digitsOf(text)) && !/^[689]/.test(text),
  },
  // France: social security (97 less the remainder by 97).
  {
    shape: /(?<![\p{L}\p{N}])[12] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?\d[0-9AB] ?\d{3} ?\d{3} ?\d\d(?![\p{L}\p{N}])/gu,
    check: (text) => {
      const digits = digitsOf(text)
      return digits.length === 15 && 97 - mod97(digits.slice(0, 13)) === Number(digits.slice(13))
    },
  },
  // Belgium; Switzerland (EAN-13).
  {
    shape: /(?<![\p{L}\p{N}])\d\d\.\d\d\.\d\d-\d{3}\.\d\d(?![\p{L}\p{N}])/gu,
    check: (text) => {
      const digits = digitsOf(text)
      const check = Number(digits.slice(9))
      return 97 - mod97(digits.slice(0, 9)) === check || 97 - mod97(`2${digits.slice(0, 9)}`) === check
    },
  },
  { shape: /(?<![\p{L}\p{N}])756\.\d{4}\.\d{4}\.\d\d(?![\p{L}\p{N}])/gu, check: yes },
  // Spain: identity cards of nationals and foreigners (letter by the remainder by 23).
  {
    shape: /(?<![\p{L}\p{N}])[XYZ\d]\d{7} ?-?[A-Z](?![\p{L}\p{N}])/gu,
    check: (text) => {
      const number = text.slice(0, 8).replace(/^X/, '0').replace(/^Y/, '1').replace(/^Z/, '2')
      return dniLetters[Number(number) % 23] === text.at(-1)
    },
  },
  // Mexico; Argentina (remainder by 11).
  { shape: /(?<![\p{L}\p{N}])[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z0-9]\d(?![\p{L}\p{N}])/gu, check: yes },
  { shape: /(?<![\p{L}\p{N}])[A-ZÑ&]{4}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[A-Z0-9]{3}(?![\p{L}\p{N}])/gu, check: yes },
  {
    shape: /(?<![\p{L}\p{N}])\d\d-\d{8}-\d(?![\p{L}\p{N}])/gu,
    check: (text) => {
      const digits = digitsOf(text)
      return (11 - (weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === Number(digits[10])
    },
  },
]

export const nationalId: Detector = ({ text }) => ids.flatMap(({ shape, check }) => each(text, shape, ([found]) => check(found)))

const N = '\\d{1,4}(?: ?[a-dA-D]| ?bis| ?ter)?'
const CAP = "\\p{Lu}[\\p{L}'’-]{1,30}"
const english = `${N},? (?:${CAP} ){1,3}(?:Road|Rd|Street|St|Lane|Ln|Avenue|Ave|Close|Drive|Crescent|Terrace|Gardens|Grove|Court|Way|Hill|Square|Mews|Row|Boulevard|Place|Green|View|Park)(?![\\p{L}])|(?<=\\b(?:at|in|address is|to) )(?:The (?:Green|Street|Lane) )${N}|${N} The (?:Green|Street|Lane|Close|Crescent)(?![\\p{L}])|${CAP} (?:View|Park|Close|Court|Road|Street) ${N}(?!\\d)|[A-Z]{1,2}\\d[A-Z\\d]? \\d[A-Z]{2}(?![\\p{L}\\p{N}])`
const french = `(?:${N},? )(?:rue|avenue|av\\.|boulevard|bd|place|impasse|chemin|allée|route|quai|cours|passage|square|sentier|ruelle)(?: (?:de la|de l['’]|de|du|des|d['’]|aux?))?[ ]?${CAP}|(?:${N},? )(?:rue|avenue|boulevard|place|impasse|chemin|allée|route|quai)(?: (?:de|du|des|de la|de l['’])) ?${CAP}`
const spanish = `(?:[Cc]alle|[Aa]venida|[Aa]vda\\.?|[Pp]aseo|[Pp]laza|[Cc]amino|[Pp]asaje|[Cc]arretera|[Rr]onda|[Tt]ravesía|C/) ?(?:de la |de los |de las |del |de )?${CAP}(?: ${CAP}){0,2},? (?:n\\.?º ?)?${N}(?!\\d)`
const postalShape = new RegExp(`(?<![\\p{L}\\p{N}])(?:${english}|${french}|${spanish})`, 'gu')
/** Houses that are open to everybody. */
const publicHouse =
  /parliament|parlement|parlamento|assembl|congreso|senat|senado|palais|palace|palacio|ministere|ministerio|university|universit|universidad|museum|musee|museo|capitol|downing|whitehall|westminster/

export const postalAddress: Detector = ({ text, context }) =>
  each(text, postalShape, ([found]) => !publicHouse.test(foldTerm(found)) && !isOwn(found, context.ownContacts))
