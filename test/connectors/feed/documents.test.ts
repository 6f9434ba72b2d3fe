import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { IncomingMessage } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import { feedConnector } from '#connectors/feed/connector.ts'
import { openDocument } from '#connectors/feed/document.ts'
import { toMessages } from '#connectors/feed/message.ts'

const folder = join(import.meta.dirname, '../../fixtures/feeds')
const bytesOf = (name: string) => readFileSync(join(folder, name))
const URL_ = 'https://feeds.example/dir/feed'
const NOW = Date.UTC(2026, 2, 4)

const open = (bytes: Uint8Array | string, type?: string) =>
  openDocument(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, type, URL_)
async function messagesOf(bytes: Uint8Array | string, type?: string): Promise<IncomingMessage[]> {
  const found: IncomingMessage[] = []
  for await (const message of toMessages(open(bytes, type), URL_, NOW)) found.push(message)
  return found
}
const read = (name: string) => messagesOf(bytesOf(name))
const one = async (bytes: string): Promise<IncomingMessage> => {
  const [message, ...others] = await messagesOf(bytes)
  expect(others).toEqual([])
  return message as IncomingMessage
}
const rss = (inner: string) => `<rss version="2.0"><channel><title>T</title>${inner}</channel></rss>`
const show = (message: IncomingMessage | undefined) =>
  feedConnector.render(message?.raw ?? new Uint8Array(), message?.mediaType ?? '')

describe('the formats', () => {
  it.each([
    ['rss20.xml', 'rss', 'Parliament & people', 30, 3],
    ['rss091.xml', 'rss', 'Old news', null, 2],
    ['rss10.rdf', 'rdf', 'Gazette', 720, 1],
    ['rss090.rdf', 'rdf', 'Oldest', null, 1],
    ['atom10.xml', 'atom', 'Commission des lois', null, 2],
    ['atom-prefixed.xml', 'atom', 'Prefixed', null, 1],
    ['json11.json', 'json', 'Open data é', null, 2],
    ['upper-case.xml', 'rss', 'Loud', null, 1],
    ['cut-off.xml', 'rss', 'Cut', null, 1],
  ] as const)('%s is %s', async (name, format, title, everyMinutes, items) => {
    expect(open(bytesOf(name))).toMatchObject({ format, title, everyMinutes, complete: name !== 'cut-off.xml' })
    expect(await read(name)).toHaveLength(items)
  })

  it('RSS 2.0 with all that comes with it', async () => {
    const [first, second, third] = await read('rss20.xml')
    expect(first).toMatchObject({
      remoteId: 'news-1',
      threadKeys: ['news-1'],
      place: null,
      kind: 'article',
      direction: 'inbound',
      from: { name: 'Ana Núñez', handle: 'feeds.example' },
      subject: 'Committee hears 3 < 4',
      at: '2026-03-03T09:00:00.000Z',
      text: 'Long text, and été.',
      read: false,
      link: 'https://feeds.example/news/1',
      endpoint: URL_,
      attachments: [
        { index: 0, name: '1.mp3', mediaType: 'audio/mpeg', size: 12345, contentId: null, inline: false },
        { index: 1, name: 'The room', mediaType: 'image/jpeg', size: 99, contentId: null, inline: false },
      ],
    })
    const { html } = await show(first)
    expect(html).toContain('<a href="https://feeds.example/more">text</a>')
    expect(html).toContain(
      '<img src=\'https://feeds.example/dir/pic.png\' srcset="https://feeds.example/dir/a.png 1x, https://feeds.example/b.png 2x">',
    )
    expect(html).toContain('<li><a href="https://feeds.example/audio/1.mp3">1.mp3</a></li>')
    expect(second).toMatchObject({
      remoteId: 'https://parliament.example/news/2',
      from: { name: 'Press office', handle: 'press@parliament.example' },
      subject: 'Plain words: AT&T',
      at: '2026-03-02T14:30:00.000Z',
      link: 'https://parliament.example/news/2',
    })
    expect(third).toMatchObject({ subject: 'Only a text, and nothing else.', from: { name: 'Parliament & people' }, link: null })
    expect(third?.remoteId).toMatch(/^hash:[0-9a-f]{32}$/)
  })

  it('Atom with its own bases, types and links', async () => {
    const [first, second] = await read('atom10.xml')
    expect(first).toMatchObject({
      remoteId: 'tag:committee.example,2026:1',
      subject: 'a < b',
      from: { name: 'Zoé', handle: 'zoe@committee.example' },
      at: '2026-03-01T09:00:00.250Z',
      link: 'https://committee.example/base/entries/1.html',
      text: 'Texte ici & là',
    })
    expect((await show(first)).html).toContain('href="https://committee.example/base/entries/xh/x"')
    expect(first?.attachments).toMatchObject([{ name: 'Sound', mediaType: 'audio/mpeg', size: 7 }])
    // A picture as content is nothing to read; the summary is. A link that a browser would run is no link.
    expect(second).toMatchObject({ text: 'Sum', link: null, at: new Date(NOW - 1).toISOString() })
  })

  it('JSON Feed', async () => {
    const [first, second] = await read('json11.json')
    expect(first).toMatchObject({
      remoteId: 'd1',
      from: { name: 'Data desk' },
      link: 'https://feeds.example/d/1',
      text: 'Table t',
    })
    expect(first?.attachments).toMatchObject([{ name: 'Votes', mediaType: 'text/csv', size: 10 }])
    expect((await show(first)).html).toContain("href='https://feeds.example/dir/t'")
    expect(second).toMatchObject({ remoteId: '2', text: 'A number as id, "quoted" \\', at: '2026-03-02T10:00:00.000Z' })
  })

  it('prefixes of a feed of its own are understood, in the kept bytes too', async () => {
    const [message] = await read('odd-prefixes.xml')
    expect(message).toMatchObject({ text: 'full', from: { name: 'W' }, at: '2026-01-02T00:00:00.000Z' })
    expect((await show(message)).html).toBe('<p>full</p>')
    expect((await show((await read('atom-prefixed.xml'))[0])).html).toBe('<b>x</b>')
  })
})

describe('the kept bytes', () => {
  it.each(readdirSync(folder).filter((name) => !/empty|page|iso-2022/.test(name)))(
    'of %s are parts of the document as it came',
    async (name) => {
      const bytes = bytesOf(name)
      let from = 0
      for (const { raw } of open(bytes).items) {
        const at = bytes.indexOf(raw, from)
        expect(at).toBeGreaterThanOrEqual(from)
        from = at + raw.byteLength
        const text = Buffer.from(raw).toString('latin1').replaceAll('\0', '')
        expect(text).toMatch(/^(?:<(?:\w+:)?(item|entry)\b[\s\S]*<\/(?:\w+:)?\1>|<item>[\s\S]*\n|\{[\s\S]*\})$/i)
      }
      expect(from).toBeGreaterThan(0)
    },
  )

  it('say nothing but themselves: the same item in another document renders the same', async () => {
    const alone = await messagesOf(rss('<item><title>A</title><guid>1</guid></item>'))
    const among = await messagesOf(rss('<item><guid>0</guid></item><item><title>A</title><guid>1</guid></item>'))
    expect(Buffer.from(among[1]?.raw ?? [])).toEqual(Buffer.from(alone[0]?.raw ?? [0]))
  })
})

describe('encodings', () => {
  it.each([
    ['latin1.xml', 'Sénat', 'Éléphant', 'windows-1252'],
    ['windows-1251.xml', 'Дума', 'Закон', 'windows-1251'],
    ['shift-jis.xml', '国会', '表示ソ能', 'shift_jis'],
    ['utf16.xml', 'Ľud', 'Šťastie', 'utf-16le'],
    ['iso-2022-jp.xml', '国会', '法律案', 'utf-8'],
  ])('%s', async (name, title, subject, charset) => {
    expect(open(bytesOf(name)).title).toBe(title)
    const [message] = await read(name)
    expect(message?.subject).toBe(subject)
    expect(message?.mediaType).toContain(`charset=${charset};`)
  })

  const item = (declared: string, charset: BufferEncoding) =>
    Buffer.from(`${declared}${rss('<item><title>dé</title></item>')}`, charset)
  it.each([
    ['the header decides where the document says nothing', item('', 'latin1'), 'text/xml; charset=iso-8859-1', 'dé'],
    [
      'the document decides where the header says nothing',
      item('<?xml version="1.0" encoding="iso-8859-1"?>', 'latin1'),
      'text/xml',
      'dé',
    ],
    [
      'the header goes before the document',
      item('<?xml version="1.0" encoding="koi8-r"?>', 'latin1'),
      'text/xml; charset="ISO-8859-1"',
      'dé',
    ],
    [
      'UTF-8 that says so is UTF-8, whatever the header says',
      item('<?xml version="1.0" encoding="UTF-8"?>', 'utf8'),
      'text/xml; charset=iso-8859-1',
      'dé',
    ],
    [
      'a byte order mark goes before all',
      Buffer.concat([Buffer.from('\ufeff'), item('', 'utf8')]),
      'text/xml; charset=iso-8859-1',
      'dé',
    ],
    ['without a word, bytes that are no UTF-8 are Western', item('', 'latin1'), undefined, 'dé'],
    [
      'an encoding that nobody knows is none',
      item('<?xml version="1.0" encoding="x-mine"?>', 'utf8'),
      'text/xml; charset=x-yours',
      'dé',
    ],
  ])('%s', async (_name, bytes, type, subject) => {
    expect((await messagesOf(bytes, type))[0]?.subject).toBe(subject)
  })
})

describe('feeds that break the rules', () => {
  it('one broken item spoils only itself', async () => {
    const found = await read('broken-item.xml')
    expect(found.map((message) => message.remoteId)).toEqual(['b1', 'b2', 'b3'])
    expect(found[1]?.text).toContain('still read')
    expect(await show(found[1])).toMatchObject({ damaged: true })
    expect(await show(found[2])).toMatchObject({ damaged: false })
  })

  it('an item that is never closed ends with the feed', async () => {
    expect((await read('unclosed-items.xml')).map((message) => message.remoteId)).toEqual(['c1'])
  })

  it('ids that several items share do not make one of them a version of another', async () => {
    const ids = (await read('same-guids.xml')).map((message) => message.remoteId)
    expect(ids).toHaveLength(3)
    expect(new Set(ids).size).toBe(3)
    expect(ids[2]).toBe('own')
  })

  it('broken JSON in one item spoils only that item', async () => {
    const found = await messagesOf('{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1"},{"id":"2",},{"id":"3"}]}')
    expect(found.map((message) => message.remoteId)).toEqual(['1', expect.stringMatching(/^hash:/), '3'])
  })

  it('items without anything are no messages', async () => {
    expect(await messagesOf(rss('<item></item><item><title> </title></item>'))).toEqual([])
  })

  it('entities are never expanded, nor files and addresses read', async () => {
    const [message] = await read('laughs.xml')
    expect(message?.subject).toBe('&lol9;')
    expect(message?.text).toBe('&file; &web; & é é')
    expect(open(bytesOf('laughs.xml')).title.length).toBeLessThan(10)
  })

  it.each([
    ['page.html', 'a web page instead of a feed'],
    ['empty.xml', 'something that is not a feed'],
  ])('%s is a fault that passes', (name, detail) => {
    const fault = ((): unknown => {
      try {
        return open(bytesOf(name))
      } catch (error) {
        return error
      }
    })()
    expect(fault).toBeInstanceOf(ConnectorFault)
    expect(fault).toMatchObject({ kind: 'transient', code: 'protocol', params: { host: 'feeds.example', detail } })
  })

  it.each(['javascript:alert(1)', 'file:///etc/passwd', 'data:text/html,x', 'http://', ' '])('%s is no link', async (link) => {
    expect((await one(rss(`<item><guid>1</guid><link>${link}</link><enclosure url="${link}"/></item>`))).attachments).toEqual([])
    expect((await one(rss(`<item><guid>1</guid><link>${link}</link></item>`))).link).toBeNull()
  })
})

describe('the time of an item', () => {
  it.each([
    ['Tue, 03 Mar 2026 10:00:00 GMT', '2026-03-03T10:00:00.000Z'],
    ['3 March 2026 10:00 +0530', '2026-03-03T04:30:00.000Z'],
    ['Tue, 03-Mar-26 10:00:00 CEST', '2026-03-03T08:00:00.000Z'],
    ['mar., 03 Mar 2026 10:00:00 GMT+0200', '2026-03-03T08:00:00.000Z'],
    ['2026-03-03', '2026-03-03T00:00:00.000Z'],
    ['2026-03-03 10:00', '2026-03-03T10:00:00.000Z'],
    ['2026-03-03T10:00:00,5-02', '2026-03-03T12:00:00.500Z'],
    ['20260303T100000Z', '2026-03-03T10:00:00.000Z'],
    ['2026-03-04T23:59:59Z', '2026-03-04T23:59:59.000Z'],
  ])('%s', async (text, at) => {
    expect((await one(rss(`<item><guid>1</guid><pubDate>${text}</pubDate></item>`))).at).toBe(at)
  })

  it.each([
    '',
    'yesterday',
    '2026-02-30',
    '31 Feb 2026 10:00 GMT',
    '2026-03-03T25:00:00Z',
    '2026-03-05T00:00:01Z',
    '1969-12-31',
    '9999-99-99',
    '0',
  ])('%j is not believed: the time of being seen stands in', async (text) => {
    expect((await one(rss(`<item><guid>1</guid><pubDate>${text}</pubDate></item>`))).at).toBe(new Date(NOW).toISOString())
  })

  it('items without dates keep the order of the feed', async () => {
    const found = await messagesOf(rss('<item><guid>new</guid></item><item><guid>older</guid></item>'))
    expect(found.map((message) => message.at)).toEqual([new Date(NOW).toISOString(), new Date(NOW - 1).toISOString()])
  })
})
