import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTime } from '#connectors/youtube/dates.ts'
import { ENTRY_BYTES, ENTRY_TYPE, entryMessage, readEntries, readEntry } from '#connectors/youtube/page.ts'
import { renderRow } from '#connectors/youtube/render.ts'
import { readSegments, textOfSegments } from '#connectors/youtube/segments.ts'
import { recognise } from '#connectors/youtube/tables.ts'
import { pages } from './export.ts'

const self = { channel: null, channels: new Map(), videos: new Map() }

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function entries(content: string, chunk = 64): Promise<string[]> {
  const found: string[] = []
  for await (const raw of readEntries(inChunks(Buffer.from(content), chunk))) found.push(Buffer.from(raw).toString())
  return found
}

describe('the text of a comment', () => {
  it('is read in every form that Takeout wrote, and as it stands in any other', () => {
    const text = (written: string) => textOfSegments(readSegments(written))
    expect(text('{"text":"a"},{"text":"b"}')).toBe('ab')
    expect(text('[{"text":"a"}]')).toBe('a')
    expect(text('{"takeoutSegments":[{"text":"a"}]}')).toBe('a')
    for (const plain of ['', 'plain', '{not json', '[1]', '{"other":1}', '{}', '[]', '{"text":1}', ' "x" '])
      expect(text(plain)).toBe(plain)
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) =>
        readSegments(text).every((segment) => typeof segment.text === 'string'),
      ),
    )
  })
})

describe('pages of a Takeout', () => {
  const [page = ''] = Object.values(pages)

  it('are read the same in chunks of any size', async () => {
    const whole = await entries(page, page.length)
    expect(whole).toHaveLength(2)
    for (const size of [1, 2, 3, 17]) expect(await entries(page, size)).toEqual(whole)
  })

  it('that end in the middle of an entry keep it', async () => {
    const cut = page.slice(0, page.indexOf('is no b'))
    const found = await entries(cut)
    expect(found).toHaveLength(2)
    expect(readEntry(Buffer.from(found[1] ?? '')).text).toBe('A <b>')
  })

  it('with an entry up to the limit give it whole, and a longer one in part', async () => {
    const sized = (size: number) => `<li>${'x'.repeat(size - 9)}</li>`
    expect((await entries(sized(ENTRY_BYTES), 1 << 16)).map(({ length }) => length)).toEqual([ENTRY_BYTES])
    expect((await entries(sized(ENTRY_BYTES + 1), 1 << 16)).map(({ length }) => length)).toEqual([ENTRY_BYTES])
  })

  it('with entries of nothing, of no film and of addresses that are none make no messages', () => {
    for (const raw of [
      '<li></li>',
      '<li>x<br>y</li>',
      '<li>at 2019-08-24 12:43:19 UTC <a href="nowhere">x</a><br>y</li>',
      '<li>',
    ])
      expect(entryMessage(Buffer.from(raw), self)).toBeNull()
  })

  it('undo entities once, and only those that are characters', () => {
    const text = (said: string) => readEntry(Buffer.from(`<li>x<br>${said}</li>`)).text
    expect(text('&amp;lt; &#x1F600; &#0; &#xD800; &#99999999; &copy; &quot;')).toBe('&lt; 😀 &#0; &#xD800; &#99999999; &copy; "')
  })

  it('are shown whatever their bytes, in time that grows with their length only', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (raw) => {
        expect(renderRow(raw, ENTRY_TYPE).text).not.toMatch(/[\0\ue000\ue001]/)
      }),
    )
    for (const bait of [
      `<li>${'<br'.repeat(100_000)}`,
      `<li>x<br>${'<'.repeat(100_000)}`,
      `<li>${'href="'.repeat(100_000)}<br>`,
      `<li>x<br>${' '.repeat(100_000)}x`,
    ])
      renderRow(Buffer.from(bait), ENTRY_TYPE)
  })
})

describe('tables', () => {
  it('are recognised or not, whatever they hold', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (header, first) => {
        const found = recognise(header, first)
        if (found !== null) expect(found.columns).toHaveLength(header.length)
      }),
    )
  })
})

describe('times', () => {
  it.each([
    ['2024-04-11T18:26:40.15544+00:00', '2024-04-11T18:26:40.155Z'],
    ['2024-04-11T18:26:40+02:00', '2024-04-11T16:26:40.000Z'],
    ['2019-08-24 12:43:19 UTC', '2019-08-24T12:43:19.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ])('%s is %s', (text, instant) => expect(readTime(text)).toBe(instant))

  it.each([
    '',
    '2023-02-30T00:00:00Z',
    '2023-01-01T25:00:00Z',
    '2023-01-01',
    '0001-01-01T00:00:00+14:00',
    '2023-01-01T00:00:00+99:99',
  ])('%s is none', (text) => expect(readTime(text)).toBeNull())
})
