import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isGsm7, notGsm7, smsLength } from '#shared/text/sms.ts'

describe('how many segments a text takes', () => {
  it.each([
    ['', 'gsm7', 0, 0, 160],
    ['a', 'gsm7', 1, 1, 159],
    ['a'.repeat(160), 'gsm7', 1, 160, 0],
    ['a'.repeat(161), 'gsm7', 2, 161, 145],
    ['a'.repeat(306), 'gsm7', 2, 306, 0],
    ['a'.repeat(307), 'gsm7', 3, 307, 152],
    // The euro sign is an escape and a character.
    ['€'.repeat(80), 'gsm7', 1, 160, 0],
    ['€'.repeat(81), 'gsm7', 2, 162, 143],
    ['€', 'gsm7', 1, 2, 158],
    ['é è à Ç ñ', 'gsm7', 1, 9, 151],
    ['ê', 'ucs2', 1, 1, 69],
    ['ê'.repeat(70), 'ucs2', 1, 70, 0],
    ['ê'.repeat(71), 'ucs2', 2, 71, 63],
    ['شكرا', 'ucs2', 1, 4, 66],
    ['😀'.repeat(35), 'ucs2', 1, 70, 0],
    // A segment of 67 units holds 33 pairs of surrogates and one unit of nothing.
    ['😀'.repeat(36), 'ucs2', 2, 72, 61],
    ['😀'.repeat(66), 'ucs2', 2, 132, 1],
    ['😀'.repeat(67), 'ucs2', 3, 134, 65],
  ] as const)('%#', (text, encoding, segments, units, left) => {
    expect(smsLength(text)).toEqual({ encoding, segments, units, left })
  })

  it('an escaped character is never parted: it goes to the next segment whole', () => {
    expect(smsLength(`${'a'.repeat(152)}€${'a'.repeat(151)}`)).toEqual({ encoding: 'gsm7', segments: 2, units: 305, left: 0 })
  })

  it('says which characters make it UCS-2', () => {
    expect(notGsm7('Café – “déjà vu” – ça va ?')).toEqual(['–', '“', '”', 'ç'])
    expect(isGsm7('[{^}]~|\\€')).toBe(true)
  })

  it('whatever the text: the segments hold it, and one less would not', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 700 }), (text) => {
        const { encoding, segments, units, left } = smsLength(text)
        const [alone, part] = encoding === 'gsm7' ? [160, 153] : [70, 67]
        expect(segments === 0).toBe(text === '')
        if (segments <= 1) expect(units + left).toBe(alone)
        else {
          expect(units).toBeGreaterThan(alone)
          expect(units).toBeLessThanOrEqual(segments * part - left)
          // Each segment but the last can lack one unit where a pair did not fit.
          expect(units).toBeGreaterThanOrEqual((segments - 1) * (part - 1) + 1)
        }
      }),
    )
  })
})
