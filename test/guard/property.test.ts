import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Guard, readPack } from '#shared/guard/index.ts'
import { cut } from '#shared/guard/tokens.ts'
import { draft, guard, labelled, marked, packOf } from './support.ts'

const texts = labelled().map(({ text }) => text)
const nasty = [
  '\u202E',
  '\u200B',
  '\uD800',
  '\u0000',
  '“',
  '”',
  '«',
  '"',
  '’',
  '(',
  '@',
  '#',
  '://',
  'http://',
  'www.',
  '+',
  '0044',
  '7',
  ' ',
  '\n',
  '.',
  '!',
  '…',
  '𝐝',
  'ⓓ',
  'ａ',
  'а',
  'ﷺ',
  'İ',
  'ß',
  '👩‍👩‍👧',
  '\u0301'.repeat(9),
  'a@',
  '@a.',
  '1,',
  'v.o.t.e',
  '- ',
  '> ',
  'RE:',
]
const anyText = fc
  .array(fc.oneof(fc.constantFrom(...texts), fc.constantFrom(...nasty), fc.string({ unit: 'binary', maxLength: 12 })), {
    maxLength: 25,
  })
  .map((parts) => parts.join(''))
const language = fc.constantFrom('en', 'fr', 'es', 'ar', null)

describe('whatever is written', () => {
  it('the guard answers, and marks whole words inside the text, in order', () => {
    fc.assert(
      fc.property(anyText, language, fc.constantFrom('institutional', 'mandate', 'personal'), (text, tongue, voice) => {
        const words = cut(text).tokens
        const starts = new Set(words.map(({ from }) => from))
        const ends = new Set(words.map(({ to }) => to))
        const { findings } = guard.check(draft(text, { language: tongue, languages: ['en'] }, { voice }))
        for (const { pack, rule, ranges } of findings) {
          let last = 0
          for (const { from, to } of ranges) {
            expect(from).toBeGreaterThanOrEqual(last)
            expect(to).toBeGreaterThan(from)
            expect(to).toBeLessThanOrEqual(text.length)
            last = to
          }
          const { rule: { detector = null } = {} } =
            guard.packs.flatMap(({ pack: { id }, rules }) => (id === pack ? rules : [])).find((one) => one.rule.id === rule) ?? {}
          if (detector !== null) continue
          for (const { from, to } of ranges) expect([starts.has(from), ends.has(to)]).toEqual([true, true])
        }
      }),
      { numRuns: 300 },
    )
  })

  it('every piece of a text has its place', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        let last = 0
        for (const { from, to, forms } of cut(text).tokens) {
          expect(from).toBeGreaterThanOrEqual(last)
          expect(to).toBeGreaterThan(from)
          expect(forms.length).toBeGreaterThan(0)
          last = to
        }
        expect(last).toBeLessThanOrEqual(text.length)
      }),
      { numRuns: 500 },
    )
  })

  it('a word is found wherever it stands, at its own place, in any disguise', () => {
    const hide = fc.constantFrom(
      (word: string) => word,
      (word: string) => word.toUpperCase(),
      (word: string) => word.replace(/e/g, 'е'),
      (word: string) => [...word].join('\u200B'),
      (word: string) => word.replace(/[a-z]/g, (letter) => String.fromCodePoint(0xff41 + letter.charCodeAt(0) - 97)),
      (word: string) => word.replace(/r/g, 'r\u0301'),
      (word: string) => word.replace('e', '3'),
    )
    const plain = fc.array(
      fc.constantFrom('the', 'House', 'meets', 'at', 'two', 'ñandú', 'Москва', '12', '👩‍👩‍👧', '-', '«', ','),
      { maxLength: 15 },
    )
    fc.assert(
      fc.property(plain, plain, hide, (before, after, disguise) => {
        const word = disguise('zeppeliner')
        expect(marked('zeppeliner', [...before, word, ...after].join(' '))).toEqual([word])
      }),
      { numRuns: 300 },
    )
  })

  it('a pack is read or refused, whatever it holds', () => {
    const pattern = fc.string({
      unit: fc.constantFrom('a', 'vote', ' ', '(', ')', '|', '?', '_', '9', '~', '*', '!', '^', '$', '{', '}', 's', 'é'),
      maxLength: 30,
    })
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.array(pattern, { maxLength: 5 }).map((patterns) => packOf(patterns, {}, { s: { en: patterns } })),
        ),
        (value) => {
          const pack = readPack(value, 'x', [])
          if (!Array.isArray(pack)) expect(new Guard([pack]).check(draft('a vote a, vote! a')).steps).toBeGreaterThan(0)
        },
      ),
      { numRuns: 1000 },
    )
  })
})

describe('the work', () => {
  const shapes: [string, (length: number) => string][] = [
    ['ordinary posts', (length) => texts.join(' ').slice(0, length)],
    ['one word', (length) => 'vote '.repeat(length / 5)],
    ['one letter', (length) => 'a'.repeat(length)],
    ['spaced letters', (length) => 'a '.repeat(length / 2)],
    ['digits', (length) => '12 '.repeat(length / 3)],
    ['digits without an end', (length) => '1'.repeat(length)],
    ['signs', (length) => '!?'.repeat(length / 2)],
    ['open marks', (length) => '“('.repeat(length / 2)],
    ['at signs', (length) => 'a@a.'.repeat(length / 4)],
    ['links', (length) => 'http://a/'.repeat(length / 9)],
    ['lines', (length) => '> a\n'.repeat(length / 4)],
    ['hidden signs', (length) => 'a\u200B'.repeat(length / 2)],
    ['the beginning of many patterns', (length) => 'the government has not '.repeat(length / 23)],
  ]

  it.each(shapes)('grows with the length and no faster: %s', (_, make) => {
    const steps = (length: number) => guard.check(draft(make(length), { language: 'en' })).steps
    const [short, long] = [steps(4000), steps(64_000)]
    expect(long).toBeLessThanOrEqual(short * 16 * 1.25 + 2000)
  })

  it.each(shapes)('is done soon also for the longest text: %s', (_, make) => {
    const text = make(100_000)
    const start = process.cpuUsage()
    guard.check(draft(text, { language: 'en', languages: ['en'] }))
    // Far above what it takes: an expression that goes back over the text takes minutes.
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(5)
  })
})
