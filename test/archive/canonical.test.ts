import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical, type Json } from '#archive/canonical.ts'

/** RFC 8785 read anew: escapes letter by letter (3.2.2.2), names compared as big-endian UTF-16 (3.2.3). */
function independent(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item: Json) => independent(item)).join()}]`
  if (typeof value === 'string') return literal(value)
  if (typeof value !== 'object' || value === null) return `${value}`
  const members = new Map(Object.entries(value))
  const names = [...members.keys()].sort((a, b) => Buffer.compare(utf16(a), utf16(b)))
  return `{${names.map((name) => `${literal(name)}:${independent(members.get(name) ?? null)}`).join()}}`
}

const utf16 = (text: string) => Buffer.from(text, 'utf16le').swap16()
const short: Record<number, string> = { 8: '\\b', 9: '\\t', 10: '\\n', 12: '\\f', 13: '\\r', 34: '\\"', 92: '\\\\' }

function literal(text: string): string {
  const letters = [...text].map((letter) => {
    const code = letter.codePointAt(0) ?? 0
    if (code in short) return short[code]
    return code < 0x20 ? `\\u${code.toString(16).padStart(4, '0')}` : letter
  })
  return `"${letters.join('')}"`
}

/** Doubles by their bits, as RFC 8785 appendix B has them. */
const numbers: [string, string][] = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555557', '333333333.33333343'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
]

describe('canonical JSON', () => {
  it('is read the same by someone else, for any value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        expect(canonical(value as Json)).toBe(independent(value as Json))
      }),
    )
  })

  it('says what was given, and the same again', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonical(value as Json)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
        expect(canonical(JSON.parse(text))).toBe(text)
      }),
    )
  })

  it.each(numbers)('writes the number %s as %s', (bits, text) => {
    expect(canonical(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text)
  })

  it('sorts names by UTF-16, as the example of RFC 8785 section 3.2.3', () => {
    const names = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6']
    const text = canonical(Object.fromEntries(names.map((name) => [name, 0])))
    expect(Object.keys(JSON.parse(`{"x":0,${text.slice(1)}`)).filter((name) => name !== 'x' && name !== '1')).toEqual([
      '\r',
      '\u0080',
      '\u00f6',
      '\u20ac',
      '\ud83d\ude00',
      '\ufb33',
    ])
    expect(text.startsWith('{"\\r":0,"1":0,')).toBe(true)
  })

  it('mends half a surrogate pair, wherever it stands', () => {
    expect(canonical({ 'a\ud800': ['\udc00b', 'a\ud83d\ude00'] })).toBe('{"a\ufffd":["\ufffdb","a\ud83d\ude00"]}')
    expect(() => canonical({ '\ud800': 1, '\udc00': 2 })).toThrow(TypeError)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, undefined, { a: undefined }, [1n]])('refuses %s', (value) => {
    expect(() => canonical(value as unknown as Json)).toThrow(TypeError)
  })
})
