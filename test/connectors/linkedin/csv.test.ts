import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CSV_RECORD_BYTES, type CsvOptions, readCsv } from '#connectors/kit/csv.ts'
import { parseRow, readTable } from '#connectors/kit/table.ts'
import { readDate } from '#connectors/linkedin/dates.ts'
import { renderRow } from '#connectors/linkedin/render.ts'

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(content: string | Uint8Array, options: CsvOptions = {}, chunk = 16) {
  const found = []
  for await (const record of readCsv(inChunks(Buffer.from(content), chunk), options)) found.push(record)
  return found
}

const fields = async (content: string | Uint8Array, options: CsvOptions = {}) =>
  (await read(content, options)).map((record) => record.fields)
const quote = (field: string) => `"${field.replaceAll('"', '""')}"`
const field = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '\\', ' ', 'é', '😀') }),
  fc.string({ unit: 'grapheme' }),
)

describe('CSV', () => {
  it('gives back what was written, in chunks of any size, with the exact bytes of each record', async () => {
    const rows = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom('\n', '\r\n'), fc.integer({ min: 1, max: 20 }), async (written, newline, chunk) => {
        const lines = written.map((row) => row.map(quote).join(','))
        const records = await read(`\ufeff${lines.join(newline)}${newline}`, {}, chunk)
        expect(records.map((record) => record.fields)).toEqual(written)
        expect(records.map(({ raw }) => Buffer.from(raw).toString())).toEqual(lines)
        expect(records.some(({ damaged }) => damaged)).toBe(false)
      }),
    )
  })

  it('reads fields without marks, lines without an end, and passes over blank lines', async () => {
    expect(await fields('a,b\n\n  \nc,')).toEqual([
      ['a', 'b'],
      ['c', ''],
    ])
    expect(await fields('')).toEqual([])
    expect(await fields('\ufeff')).toEqual([])
  })

  it('takes a mark that no rule explains for text', async () => {
    expect(await fields('5" pipe,x\n"a "b" c",d\n"e""",f')).toEqual([
      ['5" pipe', 'x'],
      ['a "b" c', 'd'],
      ['e"', 'f'],
    ])
  })

  it('reads backslashes before marks where they mean that, and only there', async () => {
    const line = '"a \\"b\\", \\\\",c'
    expect(await fields(line, { backslash: true })).toEqual([['a "b", \\', 'c']])
    expect(await fields('"a \\ b",c')).toEqual([['a \\ b', 'c']])
  })

  it('has one mark that is never closed spoil one line', async () => {
    const records = await read('a,b\n"open,1\nc,d\ne,f')
    expect(records.map((record) => [record.fields, record.damaged])).toEqual([
      [['a', 'b'], false],
      [['open,1'], true],
      [['c', 'd'], false],
      [['e', 'f'], false],
    ])
  })

  it('reads bytes that are not UTF-8 as Windows-1252, and says that they are damaged', async () => {
    const [record] = await read(Buffer.from('caf\xe9,\x80', 'latin1'))
    expect(record).toMatchObject({ fields: ['café', '€'], damaged: true })
  })

  it('holds a record up to the limit, and takes a longer one for lines', async () => {
    const long = (size: number) =>
      Buffer.concat([Buffer.from('"'), Buffer.alloc(size - 2, `${'a'.repeat(99)}\n`), Buffer.from('"\nb,c')])
    const at = await read(long(CSV_RECORD_BYTES), {}, 1 << 20)
    expect(at.map((record) => record.fields.length)).toEqual([1, 2])
    const over = await read(long(CSV_RECORD_BYTES + 2), {}, 1 << 20)
    expect(over.length).toBeGreaterThan(1000)
    expect(over.at(-1)?.fields).toEqual(['b', 'c'])
  })

  it('is read in time that grows with its length only, however many marks are never closed', async () => {
    const bytes = Buffer.from('"x\n'.repeat(200_000))
    const records = await read(bytes, {}, 1 << 16)
    expect(records.length).toBeGreaterThan(50_000)
  })

  it('never throws, and loses no byte but line ends and blank lines', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\\') }), fc.boolean(), async (text, backslash) => {
        const records = await read(text, { backslash }, 3)
        const kept = records.map(({ raw }) => Buffer.from(raw).toString()).join('\n')
        const bare = (content: string) => content.replaceAll('\n', '')
        expect(bare(kept)).toBe(bare(text))
      }),
      { numRuns: 500 },
    )
  })
})

describe('a row', () => {
  it('is read again from its bytes and media type alone, whatever its columns are called', async () => {
    const header = 'Date,"Ünïcode; ""x|y""",ShareCommentary'
    for await (const row of readTable(inChunks(Buffer.from(`${header}\n1,2,"a, b"`), 9), { shape: 'linkedin-shares' })) {
      const again = parseRow(row.raw, row.mediaType)
      expect(again?.shape).toBe('linkedin-shares')
      for (const name of ['date', 'ünïcode; "x|y"', 'sharecommentary']) expect(again?.row.get(name)).toBe(row.get(name))
      expect(again?.row.get('sharecommentary')).toBe('a, b')
    }
  })

  it('of another kind, or of no kind, is shown as text and damaged', () => {
    for (const mediaType of ['text/csv; header=absent; shape=other; columns="a"', 'text/plain', ''])
      expect(renderRow(Buffer.from('a,b'), mediaType)).toMatchObject({ text: 'a,b', damaged: true, html: null })
  })

  it('makes no mark-up of its text', () => {
    const type = 'text/csv; header=absent; shape=linkedin-comments; columns="date|link|message"; escape=backslash'
    expect(renderRow(Buffer.from('1,2,"<img src=x> \\"q\\" https://a.example/?a=1&b."'), type).html).toBe(
      '<p>&lt;img src=x&gt; &quot;q&quot; <a href="https://a.example/?a=1&amp;b">https://a.example/?a=1&amp;b</a>.</p>',
    )
  })
})

describe('dates of LinkedIn', () => {
  it.each([
    ['2023-05-15 14:44:30 UTC', '2023-05-15T14:44:30.000Z'],
    ['2023-05-15 14:44:30', '2023-05-15T14:44:30.000Z'],
    ['2018-04-03T11:02:43Z', '2018-04-03T11:02:43.000Z'],
    ['5/15/23, 2:44 PM', '2023-05-15T14:44:00.000Z'],
    ['12/31/2019, 12:05 AM', '2019-12-31T00:05:00.000Z'],
    ['0099-01-01 00:00', '0099-01-01T00:00:00.000Z'],
    ['2024-02-29 00:00:00', '2024-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, instant) => expect(readDate(text)).toBe(instant))

  it.each([
    '',
    'yesterday',
    '2023-02-30 00:00:00',
    '2023-02-29 00:00:00',
    '2023-13-01 00:00:00',
    '2023-01-01 24:00:00',
    '13/1/23, 1:00 PM',
    '1/1/23, 13:00 PM',
    '2023-01-01 10:61:00',
  ])('%s is none', (text) => expect(readDate(text)).toBeNull())
})
