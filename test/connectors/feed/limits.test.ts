import { describe, expect, it } from 'vitest'
import type { IncomingMessage } from '#connectors/connector.ts'
import { feedConnector } from '#connectors/feed/connector.ts'
import { openDocument } from '#connectors/feed/document.ts'
import { limits } from '#connectors/feed/limits.ts'
import { toMessages } from '#connectors/feed/message.ts'
import { MemoryOffice } from '../../support/context.ts'

const URL_ = 'https://feeds.example/feed'
const open = (text: string) => openDocument(Buffer.from(text), undefined, URL_)
const rss = (inner: string) => `<rss version="2.0"><channel><title>T</title>${inner}</channel></rss>`
const messagesOf = async (text: string) => {
  const found: IncomingMessage[] = []
  for await (const message of toMessages(open(text), URL_, 0)) found.push(message)
  return found
}
const only = async (inner: string) => (await messagesOf(rss(`<item>${inner}</item>`)))[0] as IncomingMessage
const fits = { kind: 'transient', code: 'protocol' }

describe('limits of a feed, at and over', () => {
  it('documentBytes', async () => {
    const asked: number[] = []
    const office = new MemoryOffice({
      settings: { url: URL_, every: 15 },
      http: {
        fetch: async ({ url, maxBytes }) => {
          asked.push(maxBytes)
          return { status: 200, headers: {}, url, body: Buffer.from(rss('').padEnd(maxBytes)) }
        },
      },
    })
    await feedConnector.create(office.open()).sync(new AbortController().signal)
    // At the limit the port takes it; over, the port refuses (see the kit: "more than anyone should take").
    expect(asked).toEqual([limits.documentBytes])
  })

  it('items', async () => {
    const items = (count: number) =>
      rss(Array.from({ length: count }, (_, index) => `<item><guid>${index}</guid></item>`).join(''))
    const at = open(items(limits.items))
    expect([at.more, [...at.items].length, at.title]).toEqual([false, limits.items, 'T'])
    const over = open(items(limits.items + 1))
    expect([over.more, [...over.items].length, over.title]).toEqual([true, limits.items, 'T'])
    const json = (count: number) =>
      `{"version":"https://jsonfeed.org/version/1","items":[${Array.from({ length: count }, (_, id) => `{"id":"${id}"}`).join(',')}]}`
    expect(open(json(limits.items)).more).toBe(false)
    const many = open(json(limits.items + 1))
    expect([many.more, [...many.items].length]).toEqual([true, limits.items])
  })

  it('depth of elements', () => {
    const nested = (depth: number) => rss(`<item>${'<x>'.repeat(depth - 3)}${'</x>'.repeat(depth - 3)}</item>`)
    expect([...open(nested(limits.depth)).items]).toHaveLength(1)
    expect(() => open(nested(limits.depth + 1))).toThrow(expect.objectContaining(fits))
    expect(() => open(`<rss>${'<x>'.repeat(3_000_000)}`)).toThrow(expect.objectContaining(fits))
  })

  it('depth of JSON', () => {
    const nested = (depth: number) => `{"items":[{"id":"1","_x":${'['.repeat(depth - 3)}${']'.repeat(depth - 3)}}]}`
    expect([...open(nested(limits.depth)).items]).toHaveLength(1)
    expect(() => open(nested(limits.depth + 1))).toThrow(expect.objectContaining(fits))
    expect(() => open(`{"items":${'['.repeat(5_000_000)}`)).toThrow(expect.objectContaining(fits))
  })

  it('titleChars', async () => {
    expect((await only(`<title>${'a'.repeat(limits.titleChars)}</title>`)).subject).toBe('a'.repeat(limits.titleChars))
    expect((await only(`<title>${'a'.repeat(limits.titleChars + 1)}</title>`)).subject).toBe(
      `${'a'.repeat(limits.titleChars - 1)}…`,
    )
    // Never half of a character.
    expect((await only(`<title>${'😀'.repeat(limits.titleChars)}</title>`)).subject).toMatch(/😀…$/u)
  })

  it('partyChars', async () => {
    const from = async (length: number) => (await only(`<author>${'n'.repeat(length)}</author><guid>1</guid>`)).from.name
    expect(await from(limits.partyChars)).toHaveLength(limits.partyChars)
    expect(await from(limits.partyChars + 1)).toMatch(/…$/)
  })

  it('textChars', async () => {
    const text = async (length: number) => (await only(`<description>${'t'.repeat(length)}</description>`)).text
    expect(await text(limits.textChars)).toBe('t'.repeat(limits.textChars))
    expect(await text(limits.textChars + 1)).toBe(`${'t'.repeat(limits.textChars - 1)}…`)
    const long = await only(`<description>${'t'.repeat(limits.textChars + 1)}</description>`)
    expect((await feedConnector.render(long.raw, long.mediaType)).text).toHaveLength(limits.textChars + 1)
  })

  it('linkChars', async () => {
    const link = async (length: number) =>
      (await only(`<guid>1</guid><link>${'https://a.example/'.padEnd(length, 'x')}</link>`)).link
    expect(await link(limits.linkChars)).toHaveLength(limits.linkChars)
    expect(await link(limits.linkChars + 1)).toBeNull()
  })

  it('idChars', async () => {
    const id = async (length: number) => (await only(`<guid>${'g'.repeat(length)}</guid>`)).remoteId
    expect(await id(limits.idChars)).toBe('g'.repeat(limits.idChars))
    expect(await id(limits.idChars + 1)).toMatch(/^hash:[0-9a-f]{32}$/)
    expect(await id(limits.idChars + 1)).not.toBe(await id(limits.idChars + 2))
  })

  it('enclosures', async () => {
    const files = async (count: number) =>
      (await only(`<guid>1</guid>${Array.from({ length: count }, (_, index) => `<enclosure url="${index}.mp3"/>`).join('')}`))
        .attachments.length
    expect(await files(limits.enclosures)).toBe(limits.enclosures)
    expect(await files(limits.enclosures + 1)).toBe(limits.enclosures)
  })

  it('namespaces', async () => {
    const bound = async (count: number) => {
      const prefixes = Array.from({ length: count }, (_, index) => `p${index}`)
      const document = `<rss version="2.0" ${prefixes.map((prefix) => `xmlns:${prefix}="urn:${prefix}"`).join(' ')}><channel><item><guid>1</guid>${prefixes.map((prefix) => `<${prefix}:a/>`).join('')}</item></channel></rss>`
      return (await messagesOf(document))[0]?.mediaType.match(/p\d+=/g)?.length
    }
    expect(await bound(limits.namespaces)).toBe(limits.namespaces)
    expect(await bound(limits.namespaces + 1)).toBe(limits.namespaces)
  })

  it('fields and fieldDepth', async () => {
    const ids = async (before: number) =>
      (await only(`<title>t</title>${'<category/><link/>'.repeat(before)}<guid>1</guid>`)).remoteId
    // The item itself is the first, the title the second.
    expect(await ids(limits.fields - 3)).toBe('1')
    expect(await ids(limits.fields - 2)).toMatch(/^hash:/)
    const name = async (depth: number) => {
      const [open, close] = ['<source>'.repeat(depth), '</source>'.repeat(depth)]
      const [message] = await messagesOf(
        `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id>${open}<author><name>N</name></author>${close}</entry></feed>`,
      )
      return message?.from.name
    }
    expect(await name(limits.fieldDepth - 4)).toBe('N')
    expect(await name(limits.fieldDepth - 3)).toBe('feeds.example')
  })

  it('authorChars', async () => {
    const handle = async (before: number) =>
      (await only(`<guid>1</guid><author>${'n'.repeat(before)} a@b.example</author>`)).from.handle
    expect(await handle(limits.authorChars - 12)).toBe('a@b.example')
    expect(await handle(limits.authorChars)).toBe('feeds.example')
  })

  it('batchMessages and batchBytes', async () => {
    const batches = async (count: number, size: number) => {
      const items = Array.from(
        { length: count },
        (_, index) => `<item><guid>${index}</guid><description>${'d'.repeat(size)}</description></item>`,
      )
      const office = new MemoryOffice({
        settings: { url: URL_, every: 15 },
        http: { fetch: async ({ url }) => ({ status: 200, headers: {}, url, body: Buffer.from(rss(items.join(''))) }) },
      })
      await feedConnector.create(office.open()).sync(new AbortController().signal)
      return office.batches.map((batch) => batch.messages.length)
    }
    expect(await batches(limits.batchMessages, 0)).toEqual([limits.batchMessages])
    expect(await batches(limits.batchMessages + 1, 0)).toEqual([limits.batchMessages, 1])
    const envelope = '<item><guid>0</guid><description></description></item>'.length
    expect(await batches(2, limits.batchBytes / 2 - envelope)).toEqual([2])
    expect(await batches(2, limits.batchBytes / 2 - envelope + 1)).toEqual([1, 1])
  })
})
