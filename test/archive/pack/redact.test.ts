import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BLOCK, blackOut } from '#archive/pack/redact/burn.ts'
import { readRedactions } from '#archive/pack/redact/file.ts'
import { fold, spansOf } from '#archive/pack/redact/fold.ts'
import { ProblemError } from '#shared/model/index.ts'
import { type Letter, SampleSource } from './sample.ts'
import { exported, faultsOf, filesIn, linesOf, redactions, textOf } from './support.ts'

const word = (text: string) => [fold(text).trim()]

describe('blacking out words', () => {
  const cases: [string, string, string][] = [
    ['jane doe', 'Ask Jane Doe now.', `Ask ${BLOCK} now.`],
    ['Jane Doe', 'Ask JANE\n> > DOE now.', `Ask ${BLOCK} now.`],
    ['Zoë', 'zoe, ZOË and Zoe\u0308!', `${BLOCK}, ${BLOCK} and ${BLOCK}!`],
    ['straße', 'Die STRASSE dort', `Die ${BLOCK} dort`],
    ['secret', 'se\u00adcr\u200bet', BLOCK],
    ['محمد', 'كتب مُحَمَّد اليوم', `كتب ${BLOCK} اليوم`],
    ['ΣΟΦΟΣ', 'ο σοφός', `ο ${BLOCK}`],
    ['１２３', 'no 123', `no ${BLOCK}`],
    ['doe', 'doedoe', BLOCK],
    ['Jane Doe', 'see https://x.example/?q=Jane%20Doe&n=1 there', `see ${BLOCK} there`],
    ['Zoë', 'see https://x.example/?q=Zo%C3%AB there', `see ${BLOCK} there`],
    ['Jane Doe', 'a =?utf-8?Q?Jane=20Doe?= b', `a ${BLOCK} b`],
    ['Jane Doe', `code ${Buffer.from('I am Jane Doe, hello').toString('base64')} end`, `code ${BLOCK} end`],
    ['Jane Doe', `code ${Buffer.from('Jane Doe').toString('hex')} end`, `code ${BLOCK} end`],
    ['Jane', 'It is &#74;ane', `It is ${BLOCK}`],
  ]
  it.each(cases)('%s in “%s”', (find, text, burned) => {
    expect(blackOut(text, word(find))).toBe(burned)
  })

  it('leaves nothing of the words, whatever stands around them', () => {
    const piece = fc.oneof(
      fc.constantFrom('Zo\u00eb', 'ZOE', 'zoe\u0301', ' ', '\n> ', 'x', '\u200b', 'ß'),
      fc.string({ unit: 'grapheme' }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        expect(fold(blackOut(pieces.join(''), ['zoe']))).not.toContain('zoe')
      }),
    )
  })

  it('finds in a text exactly what stands in it folded', () => {
    const letters = fc.constantFrom(
      'a',
      'Á',
      'a\u0301',
      'ß',
      ' ',
      '\n',
      '>',
      '\u00a8',
      '\u00ad',
      'ﬁ',
      '\ud83d\ude00',
      '\ud800',
      'Σ',
    )
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 15 }), fc.array(letters, { minLength: 1, maxLength: 3 }), (text, find) => {
        const folded = fold(find.join('')).trim()
        fc.pre(folded !== '')
        const spans = spansOf(text.join(''), [folded])
        expect(spans.length > 0).toBe(fold(text.join('')).includes(folded))
      }),
    )
  })
})

describe('a file of redactions', () => {
  const problem = (text: string) => {
    try {
      readRedactions(text, 'r.json')
    } catch (error) {
      if (error instanceof ProblemError) return [error.code, Number(error.params['line']), error.params['detail']]
      throw error
    }
    return null
  }
  const item = (more: string) => `[\n  {"record": "1", "by": "A", "reason": "b", "whole": true},\n\n  {${more}}\n]`
  const cases: [string, string, number, string][] = [
    ['is no JSON', '[\n{"record": }\n]', 2, 'this is not JSON'],
    ['ends too early', '[\n{"record": "1"\n', 2, 'this is not JSON'],
    ['is no list', '{"record": "1"}', 1, 'a list of redactions is expected'],
    ['names nothing', item('"by":"A","reason":"b","whole":true'), 4, 'names either a record or a message'],
    [
      'names two things',
      item('"record":"1","message":"2","by":"A","reason":"b","whole":true'),
      4,
      'names either a record or a message',
    ],
    [
      'says nothing to take out',
      item('"record":"1","by":"A","reason":"b"'),
      4,
      'says what is blacked out: find, fields or whole',
    ],
    ['has no reason', item('"record":"1","by":"A","reason":" ","whole":true'), 4, 'reason: is empty'],
    ['looks for nothing', item('"record":"1","by":"A","reason":"b","find":"\\u00ad "'), 4, 'find: is empty'],
    ['has an id that is none', item('"record":"../1","by":"A","reason":"b","whole":true'), 4, 'record: is the digits of an id'],
    ['tells what it hides', item('"record":"1","by":"A","reason":"names JANE  doe","find":"Jane Doe"'), 4, 'repeats words'],
  ]
  it.each(cases)('that %s is refused with its line', (_, text, line, detail) => {
    expect(problem(text)).toEqual(['redactions_invalid', line, expect.stringContaining(detail)])
  })

  it('with a member that nobody knows is refused: it may have been meant to hide something', () => {
    expect(problem(item('"record":"1","by":"A","reason":"b","whole":true,"finds":"x"'))).toEqual([
      'redactions_invalid',
      4,
      expect.stringContaining('finds'),
    ])
  })
})

const secret = 'Zoë Quillfeather'
/** Ways in which the words could be in a file without being readable as they are. */
function disguises(text: string): string[] {
  const bytes = Buffer.from(text)
  const shifted = [0, 1, 2].map((skip) =>
    Buffer.concat([Buffer.alloc(skip, 0x20), bytes])
      .toString('base64')
      .slice(4, -4),
  )
  const quoted = [...bytes]
    .map((byte) => (byte > 0x7e || byte < 0x20 ? `=${byte.toString(16).toUpperCase()}` : String.fromCharCode(byte)))
    .join('')
  return [
    text,
    text.normalize('NFD'),
    encodeURIComponent(text),
    quoted,
    quoted.replaceAll(' ', '_'),
    bytes.toString('hex'),
    ...shifted,
  ]
}

describe('a redacted pack', () => {
  const hidden: Partial<Letter> = {
    from: `${secret} <zq@example.org>`,
    subject: `The case of ${secret}`,
    text: `My name is ${secret},\nand again ZOE\n> QUILLFEATHER; https://x.example/${encodeURIComponent(secret)}\nthe rest stays`,
    link: `https://social.example/${encodeURIComponent(secret)}`,
    media: [{ name: `${secret}.pdf`, mediaType: 'application/pdf', bytes: Buffer.from(`of ${secret}`) }],
  }
  const source = () =>
    new SampleSource({
      ledgers: { '1': 40 },
      query: `from:"${secret}"`,
      alter: (letter, name) => {
        if (name === '1/11') return { ...letter, ...hidden, network: 'mail', link: null }
        return name === '1/12' ? { ...letter, ...hidden, network: 'mastodon' } : letter
      },
    })
  const both = [
    { record: '1011', by: 'Registrar', reason: 'third party', find: secret },
    { message: '1012', by: 'Registrar', reason: 'third party', whole: true },
  ]

  it('says nowhere what was taken out, in no way of writing', async () => {
    const { dir, redacted } = await exported(source(), { redactions: redactions(both) })
    expect(redacted).toBe(2)
    expect(faultsOf(dir)).toEqual([])
    const traces = [secret, 'Quillfeather'].flatMap(disguises)
    for (const path of filesIn(dir)) {
      const bytes = readFileSync(join(dir, path))
      const folded = fold(bytes.toString('utf8'))
      for (const trace of traces) {
        expect(bytes.includes(trace), `${trace} in ${path}`).toBe(false)
        expect(folded.includes(fold(trace)), `${trace} in ${path}`).toBe(false)
      }
    }
  })

  it('would say it without redactions: the search above can find it', async () => {
    const { dir } = await exported(source())
    const found = filesIn(dir).filter((path) => fold(textOf(dir, path)).includes(fold('Quillfeather')))
    const places = [
      'index.csv',
      'mail.mbox',
      'posts.warc',
      'pack.json',
      'html/data/index.js',
      'html/data/0/0.js',
      'records/1.jsonl',
    ]
    expect(found).toEqual(expect.arrayContaining(places.map((path) => `data/${path}`)))
  })

  it('still proves the entry, and has a copy with blocks that tell no length', async () => {
    const { dir } = await exported(source(), { redactions: redactions(both) })
    const lines = linesOf(dir, '1').filter(({ seq }) => [11, 12].includes(seq))
    const by = [{ by: 'Registrar', reason: 'third party' }]
    expect(lines).toMatchObject([11, 12].map((seq) => ({ seq, file: null, manifest: null, salt: null, redactions: by })))
    const copy = textOf(dir, 'data/derived/1/0/11.txt')
    expect(copy).toContain('Redacted by Registrar: third party')
    expect(copy).toContain(`From: ${BLOCK} <zq@example.org>\n`)
    expect(copy).toContain(`My name is ${BLOCK},\nand again ${BLOCK}; ${BLOCK}\nthe rest stays`)
    expect(textOf(dir, 'data/derived/1/0/12.txt')).toContain(
      `From: ${BLOCK}\nTo: ${BLOCK}\nSubject: ${BLOCK}\nAttachment: ${BLOCK}\n\n${BLOCK}\n`,
    )
    expect(filesIn(dir).filter((path) => /\/1[12]\.(eml|json)$|media/.test(path))).toEqual([])
    expect(textOf(dir, 'data/index.csv')).toMatch(/^1,11,.*third party \(Registrar\),left out: redacted\r$/m)
  })

  it('tells of redactions that did nothing, and of records that still say the words', async () => {
    const list = [
      { record: '1011', by: 'Registrar', reason: 'third party', find: secret },
      { record: '1011', by: 'Registrar', reason: 'third party', find: 'words of nobody' },
      { record: '999', by: 'Registrar', reason: 'third party', whole: true },
    ]
    const { idle, stillThere } = await exported(source(), { redactions: redactions(list) })
    expect(idle).toEqual([8, 14])
    expect(stillThere).toEqual([{ ledger: '1', seq: 12, record: '1012' }])
  })
})
