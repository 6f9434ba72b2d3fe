/** How the text of an SMS goes over the air (3GPP TS 23.038): in seven bits a character, or in UCS-2. */
export type SmsEncoding = 'gsm7' | 'ucs2'

export interface SmsLength {
  encoding: SmsEncoding
  /** Messages that it takes, each of which is paid for. An empty text takes none. */
  segments: number
  /** Septets or UTF-16 units of the whole text; characters of the extension table count as two. */
  units: number
  /** Units that the last segment still has room for. */
  left: number
}

/** The default alphabet of TS 23.038 section 6.2.1, without its escape. */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
/** Its extension table (section 6.2.1.1): an escape and the character. */
const extension = new Set('\f^{}\\[~]|€')

/** Units of one message alone, and of one that is part of a longer one: a header of six octets says which part it is (TS 23.040 section 9.2.3.24.1). */
const room = { gsm7: { alone: 160, part: 153 }, ucs2: { alone: 70, part: 67 } } as const

/** How many segments a text takes. Nothing of a pair (a surrogate, an escaped character) is ever parted from its other half. */
export function smsLength(text: string): SmsLength {
  const encoding: SmsEncoding = isGsm7(text) ? 'gsm7' : 'ucs2'
  const { alone, part } = room[encoding]
  let units = 0
  let parts = 0
  let inPart = 0
  for (const character of text) {
    const size = encoding === 'ucs2' ? character.length : extension.has(character) ? 2 : 1
    units += size
    if (parts === 0 || inPart + size > part) {
      parts++
      inPart = 0
    }
    inPart += size
  }
  if (units <= alone) return { encoding, segments: units === 0 ? 0 : 1, units, left: alone - units }
  return { encoding, segments: parts, units, left: part - inPart }
}

/** Whether all of it is in the default alphabet. National shift tables (TS 23.038 annex A) are not used: gateways do not offer them. */
export function isGsm7(text: string): boolean {
  for (const character of text) if (!basic.has(character) && !extension.has(character)) return false
  return true
}

/** The characters that make a text UCS-2, each once, in the order in which they stand: what a writer could put otherwise. */
export function notGsm7(text: string): string[] {
  return [...new Set(text)].filter((character) => !basic.has(character) && !extension.has(character))
}
