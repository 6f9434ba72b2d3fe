import { writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvLine } from '#archive/pack/csv.ts'
import { Rows } from '#archive/pack/html/rows.ts'
import { fromLine, MboxQuoter } from '#archive/pack/mbox.ts'
import { endingOf } from '#archive/pack/media-type.ts'
import { warcHeader, warcTarget } from '#archive/pack/warc.ts'
import { openMbox } from '#connectors/mail/files/mbox.ts'
import { tempDir } from './support.ts'

describe('an mbox', () => {
  const quote = (pieces: string[]) => {
    const quoter = new MboxQuoter()
    return pieces.map((piece) => quoter.add(piece)).join('') + quoter.end()
  }
  const token = fc.constantFrom('From ', 'From', 'F', 'ro', 'm ', '>', '>>', '\r\n', '\n', '\r', 'x', ' ')

  it('quotes the same way however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(token, { maxLength: 30 }), (pieces) => {
        expect(quote(pieces)).toBe(quote([pieces.join('')]))
      }),
    )
  })

  it('can be undone exactly, but for line ends', () => {
    fc.assert(
      fc.property(fc.array(token, { maxLength: 30 }), (pieces) => {
        const lines = pieces.join('').replaceAll('\r\n', '\n')
        const undone = quote(pieces).replace(/(^|\n)>(>*From )/g, '$1$2')
        expect(undone).toBe(lines === '' || lines.endsWith('\n') ? `${lines}\n` : `${lines}\n\n`)
        expect(quote(pieces)).not.toMatch(/(?:^|\n)From /)
      }),
    )
  })

  it('is read back as the same mails by another reader of the program', async () => {
    const mails = [
      'Subject: a\r\n\r\nFrom here\r\n>From there\r\n',
      'Subject: b\r\n\r\n\r\n\r\nend\r\n',
      'Subject: c\r\n\r\nlast',
    ]
    const path = join(tempDir(), 'mail.mbox')
    const at = new Date('2026-03-01T04:05:06.000Z')
    writeFileSync(path, mails.map((mail) => fromLine('A <a@example.org>', at) + quote([mail])).join(''), 'latin1')
    const file = await open(path)
    const source = await openMbox(file)
    const read: string[] = []
    for await (const { raw } of source?.entries(null, new AbortController().signal) ?? [])
      read.push(Buffer.from(raw ?? []).toString())
    await file.close()
    expect(read).toEqual(mails.map((mail) => (mail.endsWith('\n') ? mail : `${mail}\r\n`)))
  })

  it('begins each mail with a line as asctime would write it', () => {
    const at = new Date('2026-03-01T04:05:06.000Z')
    expect(fromLine('A B <a.b@example.org>', at)).toBe('From a.b@example.org Sun Mar  1 04:05:06 2026\n')
    expect(fromLine('nobody\nFrom x', at)).toBe('From MAILER-DAEMON Sun Mar  1 04:05:06 2026\n')
  })
})

describe('a line of CSV', () => {
  const cases: [string | number | null, string][] = [
    ['plain', 'plain'],
    ['a "b", c', '"a ""b"", c"'],
    ['two\nlines', '"two\nlines"'],
    ['=HYPERLINK("http://x.example")', `"'=HYPERLINK(""http://x.example"")"`],
    ['@SUM(1)', "'@SUM(1)"],
    ['\tx', "'\tx"],
    [-5, '-5'],
    [null, ''],
  ]
  it.each(cases)('%j', (cell, text) => {
    expect(csvLine([cell, 'x'])).toBe(`${text},x\r\n`)
  })
})

describe('WARC', () => {
  it('takes addresses on the web, in the form that a header may have', () => {
    const links = [
      'https://x.example/a?b=c#d',
      'HTTP://X.example/ä b\r\nEvil: 1',
      'javascript:alert(1)',
      'mailto:a@b.example',
      'https://',
      null,
    ]
    expect(links.map(warcTarget)).toEqual([
      'https://x.example/a?b=c#d',
      'http://x.example/%C3%A4%20bEvil:%201',
      null,
      null,
      null,
      null,
    ])
  })

  it('has no line in a header that somebody else wrote', () => {
    const header = { type: 'resource', name: 'a', date: '2026-03-01T00:00:00.000Z', size: 1, sha256: '00', target: null } as const
    expect(warcHeader({ ...header, mediaType: 'text/html\r\nEvil: 1' }).split('\r\n')).toContain(
      'Content-Type: text/html Evil: 1',
    )
  })
})

describe('the ending of a file', () => {
  it('comes from the media type', () => {
    const types = [
      'message/rfc822',
      'application/activity+json; charset=utf-8',
      'application/atom+xml',
      'TEXT/HTML',
      'text/csv',
      'image/png',
      '',
    ]
    expect(types.map(endingOf)).toEqual(['eml', 'json', 'xml', 'html', 'txt', 'bin', 'bin'])
  })
})

describe('sorting rows', () => {
  const at = (n: number) => new Date(Date.UTC(2025, 0, 1, 0, n)).toISOString()

  it('gives the newest first, over any number of runs, and of two at one time the later', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(20), { maxLength: 8 }), { maxLength: 12 }), (runs) => {
        const rows = Rows.create(join(tempDir(), 'rows'))
        let count = 0
        const all: { key: string; number: number }[] = []
        for (const run of runs) {
          for (const minute of run) {
            all.push({ key: at(minute), number: count })
            rows.add(at(minute), JSON.stringify({ number: count++, text: 'é'.repeat(minute * 300) }))
          }
          rows.settle()
        }
        const sorted = [...rows.sorted()].length
        const numbers = Array.from(rows.sorted(), ({ json }) => JSON.parse(Buffer.from(json).toString()).number)
        rows.close()
        expect(sorted).toBe(all.length)
        all.sort((a, b) => (a.key < b.key ? 1 : a.key > b.key ? -1 : b.number - a.number))
        expect(numbers).toEqual(all.map(({ number }) => number))
      }),
      { numRuns: 40 },
    )
  })
})
