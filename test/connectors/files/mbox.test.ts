import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mailConnector } from '#connectors/mail/connector.ts'
import { openMbox } from '#connectors/mail/files/mbox.ts'
import { contentId } from '#connectors/mail/parse.ts'
import { newest } from '../../support/context.ts'
import { bring, emptyOffice, mail, mbox, scratch } from './office.ts'

let folder: Awaited<ReturnType<typeof scratch>>
let file: string
beforeEach(async () => {
  folder = await scratch()
  file = join(folder.dir, 'old mail.mbox')
})
afterEach(() => folder.remove())

/** Imports the text as an mbox into an empty office. */
async function imported(text: string | Uint8Array) {
  await writeFile(file, text)
  const office = emptyOffice()
  return { office, report: await bring(office, 'mbox', file) }
}
const crlf = (text: string) => text.replaceAll('\n', '\r\n')

describe('an mbox', () => {
  it('brings each mail with the bytes, and so the id, that its server has', async () => {
    const mails = [mail('one'), mail('two', { body: 'first\n\nlast line without end' }), mail('three')]
    const { office, report } = await imported(mbox(mails))
    expect(report).toEqual({ new: 3, known: 0, failed: 0 })
    for (const text of mails) {
      const wire = Buffer.from(crlf(text))
      const kept = office.messages.get(contentId(wire))
      expect(kept && Buffer.from(newest(kept).raw).toString()).toBe(wire.toString())
    }
    const one = newest(office.find('one'))
    expect(one).toMatchObject({
      place: null,
      read: true,
      answered: false,
      direction: 'inbound',
      endpoint: 'file:old mail.mbox',
      at: '2026-03-03T10:00:00.000Z',
    })
  })

  it('is the same with CR LF, without a last line end, and with empty lines before it', async () => {
    const text = mbox([mail('one'), mail('two')])
    const ids = [...(await imported(text)).office.messages.keys()]
    for (const variant of [crlf(text), `${text.trimEnd()}\n`, `\n\n${text}`, `\ufeff${text}`]) {
      expect([...(await imported(variant)).office.messages.keys()]).toEqual(ids)
    }
    const cut = await imported(text.trimEnd())
    expect(cut.office.subjects).toEqual(['one', 'two'])
  })

  it('takes one mark of quoting away, and no other', async () => {
    const body = 'Dear all,\n\nFrom now on, at 10:30 in 2026.\n>From what I hear\n>>From afar\n> From a reply\nFromage\n'
    const { office } = await imported(mbox([mail('one', { body })]))
    expect(newest(office.find('one')).text).toContain(body.trim())
    expect(office.messages.size).toBe(1)
  })

  it('does not take a sentence for a new mail where nothing was quoted', async () => {
    const text = `From a@b.example Tue Mar  3 10:00:00 2026\n${mail('one', { body: 'Dear all,\n\nFrom the desk of the Speaker.\n\nFrom here on, nothing.' })}\n`
    const { office, report } = await imported(text)
    expect(report.new).toBe(1)
    expect(newest(office.find('one')).text).toContain('From here on, nothing.')
  })

  it('reads the flags that mail programs note, and takes the notes off', async () => {
    const flagged = [
      mail('none'),
      mail('old', { header: 'Status: O\n' }),
      mail('seen', { header: 'Status: RO\n' }),
      mail('answered', { header: 'Status: RO\nX-Status: AF\nX-Keywords: \n  NonJunk\nX-UID: 12\n' }),
      mail('thunderbird new', { header: 'X-Mozilla-Status: 0000\nX-Mozilla-Status2: 00800000\n' }),
      mail('thunderbird replied', { header: 'X-Mozilla-Status: 0003\n' }),
    ]
    const { office } = await imported(mbox(flagged))
    const flags = Object.fromEntries(
      ['none', 'old', 'seen', 'answered', 'thunderbird new', 'thunderbird replied'].map((subject) => {
        const { read, answered } = newest(office.find(subject))
        return [subject, `${read ? 'read' : 'unread'}${answered ? ' answered' : ''}`]
      }),
    )
    expect(flags).toEqual({
      none: 'read',
      old: 'unread',
      seen: 'read',
      answered: 'read answered',
      'thunderbird new': 'unread',
      'thunderbird replied': 'read answered',
    })
    expect(office.messages.has(contentId(Buffer.from(crlf(mail('answered')))))).toBe(true)
  })

  it("knows Gmail's own ids and labels in Google's export", async () => {
    const take = (id: string, labels: string, text: string) =>
      `From ${id}@xxx Tue Mar 03 10:00:00 +0000 2026\nX-GM-THRID: 1779000000000000001\nX-Gmail-Labels: ${labels}\n${text}\n`
    const { office } = await imported(
      take('1779000000000000001', 'Inbox,Unread,Important', mail('asked')) +
        take('1779000000000000002', 'Sent', mail('said', { from: 'Office <other@parliament.example>' })) +
        take('1779000000000000003', '=?UTF-8?Q?Bo=C3=AEte_de_r=C3=A9ception,Non_lus?=', mail('demandé')) +
        take('1779000000000000004', 'Archived,Opened', mail('kept')),
    )
    const asked = newest(office.find('asked'))
    expect(asked).toMatchObject({ remoteId: 's:1779000000000000001', read: false, threadKeys: ['thread:1779000000000000001'] })
    expect(Buffer.from(asked.raw).toString()).toBe(crlf(mail('asked')))
    expect(newest(office.find('said'))).toMatchObject({ direction: 'outbound', read: true })
    expect(newest(office.find('demandé')).read).toBe(false)
    expect(newest(office.find('kept')).read).toBe(true)
  })

  it('gives a mail without a date the one it was stored at', async () => {
    const { office } = await imported(mbox([mail('dateless', { date: null })], 'From a@b.example Thu Feb  5 23:30:00 +0100 2026'))
    expect(newest(office.find('dateless')).at).toBe('2026-02-05T22:30:00.000Z')
  })

  it('keeps what has no header as a damaged mail, once, with the date it was stored at', async () => {
    const piece = 'From x@y.example Tue Mar  3 10:00:00 2026\n\nthe end of a letter\nwhose beginning is lost\n\n'
    await writeFile(file, `${mbox([mail('one')])}${piece}${mbox([mail('two')])}`)
    const office = emptyOffice()
    for (const [known, added] of [
      [0, 2],
      [2, 0],
    ])
      expect(await bring(office, 'mbox', file)).toEqual({ new: added, known, failed: 1 })
    expect(office.subjects).toEqual(['', 'one', 'two'])
    const bare = newest(office.find(''))
    expect(Buffer.from(bare.raw).toString()).toBe('\r\nthe end of a letter\r\nwhose beginning is lost\r\n')
    expect(bare).toMatchObject({ at: '2026-03-03T10:00:00.000Z', read: true, attachments: [] })
    expect(bare.text).toContain('the end of a letter\nwhose beginning is lost')
    const shown = await mailConnector.render(bare.raw, bare.mediaType)
    expect(shown).toMatchObject({ damaged: true, html: null, text: expect.stringContaining('whose beginning is lost') })
  })

  it('of Google’s export, leaves drafts out and takes no answer to be due to spam and trash', async () => {
    const take = (labels: string, text: string) =>
      `From 1@xxx Tue Mar 03 10:00:00 +0000 2026\nX-Gmail-Labels: ${labels}\n${text}\n`
    const { office, report } = await imported(
      take('Drafts,Opened', mail('never sent')) +
        take('Brouillons', mail('jamais envoyé')) +
        take('Drafts', mail('my own label', { header: 'Received: from a by b; Tue, 3 Mar 2026 10:00:00 +0000\n' })) +
        take('Spam,Unread', mail('offer')) +
        take('=?UTF-8?Q?Corbeille,Non_lus?=', mail('thrown away')) +
        take('Inbox,Unread', mail('asked')),
    )
    expect(report).toEqual({ new: 4, known: 0, failed: 0 })
    expect(office.subjects).toEqual(['asked', 'my own label', 'offer', 'thrown away'])
    const read = (subject: string) => newest(office.find(subject)).read
    expect(['offer', 'thrown away', 'asked'].map(read)).toEqual([true, true, false])
  })

  it('counts what is no mail, and goes on', async () => {
    const line = 'From x@y.example Tue Mar  3 10:00:00 2026\n'
    const { office, report } = await imported(
      `${mbox([mail('one')])}${line}\n${line}\0\x01\x02 no header here\n\n${mbox([mail('two')])}${line}From: cut@off.exam`,
    )
    expect(office.subjects).toEqual(['', '', 'one', 'two'])
    expect(report).toEqual({ new: 3, known: 0, failed: 2 })
  })

  it('a mail at the limit is taken, one over it is counted, and the next is not lost', async () => {
    const limit = 3 * 1024 * 1024
    const line = 'From a@b.example Tue Mar  3 10:00:00 2026\n'
    const sized = (subject: string, size: number) => `${mail(subject, { body: '' }).padEnd(size - 1, 'a')}\n`
    const far = 10 * 1024 * 1024
    await writeFile(
      file,
      mbox([sized('at', limit), sized('over', limit + 1), sized('far over', far), mail('after')]).replace(
        /^From .*$/gm,
        line.trim(),
      ),
    )
    const source = await openMbox(await open(file), limit)
    const found: (number | null)[] = []
    for await (const entry of source?.entries(null, new AbortController().signal) ?? []) found.push(entry.raw?.byteLength ?? null)
    await source?.close()
    const wire = (text: string) => Buffer.byteLength(crlf(text))
    expect(found).toEqual([wire(sized('at', limit)), null, null, wire(mail('after'))])
  })
})
