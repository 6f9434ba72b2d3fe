import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConnectorFault } from '#connectors/fault.ts'
import { feedConnector } from '#connectors/feed/connector.ts'
import { parseDate } from '#connectors/feed/dates.ts'
import { openDocument } from '#connectors/feed/document.ts'
import { absoluteHtml, htmlToText } from '#connectors/feed/html.ts'
import { parseMediaType, printMediaType } from '#connectors/feed/media-type.ts'
import { toMessages } from '#connectors/feed/message.ts'
import { Instant } from '#shared/model/index.ts'

const folder = join(import.meta.dirname, '../../fixtures/feeds')
const corpus = readdirSync(folder).map((name) => readFileSync(join(folder, name)))
const URL_ = 'https://feeds.example/feed'

/** Everything that happens to a document. A fault is an answer; any other throw is a bug. */
async function digest(bytes: Uint8Array, type?: string): Promise<number> {
  try {
    let count = 0
    for await (const message of toMessages(openDocument(bytes, type, URL_), URL_, 0)) {
      count++
      Instant.parse(message.at)
      expect(message.remoteId).not.toBe('')
      expect(message.raw.byteLength).toBeGreaterThan(0)
      await feedConnector.render(message.raw, message.mediaType)
    }
    return count
  } catch (error) {
    expect(error).toBeInstanceOf(ConnectorFault)
    expect(error).toMatchObject({ kind: 'transient', code: 'protocol' })
    return 0
  }
}

const scraps = fc.constantFrom(
  '<item>',
  '</item>',
  '<entry>',
  '</entry>',
  '<channel>',
  '</channel>',
  '<rss version="2.0">',
  '</rss>',
  '<feed xmlns="http://www.w3.org/2005/Atom">',
  '<title>',
  '</title>',
  '<link href="',
  '<guid>',
  '</guid>',
  '<![CDATA[',
  ']]>',
  '<!--',
  '-->',
  '<?xml version="1.0"?>',
  '<!DOCTYPE a [<!ENTITY b "c">]>',
  '<content type="xhtml"><div>',
  '</div></content>',
  '&',
  '&amp;',
  '&#0;',
  '&#x110000;',
  '&#xD800;',
  '"',
  "'",
  '<',
  '>',
  '/>',
  '<__proto__>',
  '<constructor>',
  '<a:b>',
  ' xml:base="',
  ' xmlns:a="',
  '{',
  '}',
  '[',
  ']',
  '"items":',
  '"id":',
  ':',
  ',',
  '\\',
  'null',
  '1e999',
  '\0',
  '\ufeff',
  '\ud800',
  '<description>',
  '</description>',
  '<pubDate>',
)

describe('whatever comes', () => {
  it('of scraps of feeds is messages or a fault', async () => {
    const start = fc.constantFrom(
      '',
      '<rss version="2.0"><channel>',
      '<rss version="2.0"><channel><item>',
      '<feed xmlns="http://www.w3.org/2005/Atom"><entry>',
      '{"items":[',
      '{"items":[{"id":"',
    )
    await fc.assert(
      fc.asyncProperty(start, fc.array(fc.oneof(scraps, fc.string({ maxLength: 8 })), { maxLength: 60 }), async (head, parts) => {
        await digest(Buffer.from(head + parts.join('')))
      }),
      { numRuns: 1500 },
    )
  })

  it('of damaged feeds of the corpus is messages or a fault', async () => {
    const damage = fc.record({ at: fc.nat(), remove: fc.nat({ max: 20 }), insert: fc.oneof(scraps, fc.string({ maxLength: 5 })) })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...corpus), fc.array(damage, { minLength: 1, maxLength: 5 }), async (bytes, changes) => {
        let broken = bytes
        for (const { at, remove, insert } of changes) {
          const from = broken.length === 0 ? 0 : at % broken.length
          broken = Buffer.concat([broken.subarray(0, from), Buffer.from(insert), broken.subarray(from + remove)])
        }
        await digest(broken)
      }),
      { numRuns: 1500 },
    )
  })

  it('of bytes without any rule is a fault or nothing', async () => {
    const type = fc.constantFrom(
      undefined,
      'text/xml',
      'application/feed+json; charset=utf-16',
      'x; charset="',
      'a/b; charset=koi8-r',
    )
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), type, async (bytes, contentType) => {
        await digest(bytes, contentType)
      }),
      { numRuns: 500 },
    )
  })

  it('renders, whatever the media type says', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.oneof(
          fc.string(),
          fc.constantFrom('application/feed+json', 'application/atom+xml; charset=x; base="%"; xmlns="a=%zz"'),
        ),
        async (bytes, type) => {
          expect(typeof (await feedConnector.render(bytes, type)).text).toBe('string')
        },
      ),
      { numRuns: 500 },
    )
  })

  it('the context of an item comes back as it was', () => {
    const context = fc.record({
      format: fc.constantFrom('rss' as const, 'rdf' as const, 'atom' as const, 'json' as const),
      charset: fc.constantFrom('utf-8', 'windows-1252'),
      base: fc.webUrl({ withQueryParameters: true, withFragments: true }).map((url) => new URL(url).href),
      namespaces: fc.dictionary(
        fc.stringMatching(/^[a-z][\w.-]{0,8}$/),
        fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }),
        { maxKeys: 5 },
      ),
    })
    fc.assert(
      fc.property(context, (value) => {
        expect(parseMediaType(printMediaType(value))).toEqual({ ...value, namespaces: { ...value.namespaces } })
      }),
      { numRuns: 50 },
    )
  })

  it('dates are a time or nothing', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.stringMatching(/^\w{0,3},? ?\d{1,4}[- ]\w{1,5}[- ]\d{1,4}[T ]?\d{0,2}:?\d{0,2}:?\d{0,2}.{0,6}$/),
        ),
        (text) => {
          const time = parseDate(text)
          expect(time === null || Number.isFinite(new Date(time).getTime())).toBe(true)
        },
      ),
    )
  })

  it('HTML becomes text without tags, and its addresses absolute without a change to anything else', () => {
    const html = fc
      .array(
        fc.oneof(
          fc.constantFrom(
            '<a href="x">',
            '<a href=x>',
            "<img src='/y'>",
            '</a>',
            '<p>',
            '<script>',
            '</script>',
            '<!--',
            '-->',
            '&lt;',
            '&#x',
            '"',
            "'",
            '>',
            '<',
          ),
          fc.string({ maxLength: 6 }),
        ),
        { maxLength: 30 },
      )
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(html, (text) => {
        expect(typeof htmlToText(text)).toBe('string')
        const absolute = absoluteHtml(text, 'https://b.example/c/')
        expect(htmlToText(absolute)).toBe(htmlToText(text))
        expect(absoluteHtml(absolute, 'https://other.example/')).toBe(absolute)
      }),
      { numRuns: 500 },
    )
  })
})

describe('work grows with the size only', () => {
  const size = 1_200_000
  it.each([
    [
      'open tags in a text',
      `<rss version="2.0"><channel><item><description><![CDATA[${'<b>'.repeat(size / 3)}]]></description></item></channel></rss>`,
    ],
    ['quotation marks', `<rss version="2.0"><channel><item><title ${'a="'.repeat(size / 3)}</title></item></channel></rss>`],
    [
      'ends of comments',
      `<rss version="2.0"><channel><item><description>${'<!--'.repeat(size / 4)}</description></item></channel></rss>`,
    ],
    [
      'starts of CDATA',
      `<rss version="2.0"><channel><item><description>${'<![CDATA['.repeat(size / 9)}</description></item></channel></rss>`,
    ],
    ['ampersands', `<rss version="2.0"><channel><item><description>${'&'.repeat(size)}</description></item></channel></rss>`],
    [
      'declarations',
      `<rss version="2.0"><channel>${'<!DOCTYPE a ['.repeat(size / 13)}<item><title>t</title></item></channel></rss>`,
    ],
    ['backslashes in JSON', `{"items":[{"id":"${'\\'.repeat(size)}"}]}`],
    ['commas in JSON', `{"items":[${','.repeat(size)}{"id":"1"}]}`],
    [
      'brackets of a person',
      `<rss version="2.0"><channel><item><guid>1</guid><author>${'('.repeat(100_000)}</author></item></channel></rss>`,
    ],
    [
      'blanks',
      `<rss version="2.0"><channel><title>${' '.repeat(size)}x</title><item><title>${'\n'.repeat(size)}x</title></item></channel></rss>`,
    ],
    [
      'addresses',
      `<rss version="2.0"><channel><item><description>${'&lt;a href=x&gt;'.repeat(size / 15)}</description></item></channel></rss>`,
    ],
  ])('%s', async (_name, text) => {
    // A quadratic step would take minutes here and meet the time limit of the test.
    await digest(Buffer.from(text))
  })
})
