import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import PostalMime from 'postal-mime'
import { describe, expect, it } from 'vitest'
import { flow, unflow } from '#connectors/mail/mime/flowed.ts'
import { cleanLine } from '#connectors/mail/mime/header.ts'
import { parseMail } from '#connectors/mail/parse.ts'
import { base64Length, messageIdOf, planMail } from '#connectors/mail/send/compose.ts'
import type { MailSettings } from '#shared/model/index.ts'
import { needs } from '../../../support/needs.ts'
import { content, type MailContent, media, outgoing, party, received, shaOf } from './outgoing.ts'

const settings: MailSettings = {
  address: 'office@parliament.example',
  user: 'office',
  auth: 'password',
  imap: { host: 'mail.parliament.example', port: 993, security: 'tls' },
  smtp: { host: 'mail.parliament.example', port: 465, security: 'tls' },
  name: 'Büro der Abgeordneten',
  folders: [],
  ca: null,
  pins: {},
}

async function write(
  change: Partial<MailContent> = {},
  files: Uint8Array[] = [],
  target = received('', 'inbound'),
): Promise<Buffer> {
  const item = outgoing(change, files, target.raw.length === 0 ? null : target)
  return planMail(item, content(change), settings).bytes(item.open)
}

const headerOf = (raw: Buffer) => raw.toString('latin1').split('\r\n\r\n', 1)[0] as string
/** A field with its folded lines joined. */
const field = (raw: Buffer, name: string) =>
  new RegExp(`^${name}: (.*)$`, 'im').exec(headerOf(raw).replace(/\r\n[ \t]/g, ' '))?.[1] ?? null

/** Everything that a person could type or paste, line ends and controls first. */
const anything = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 120 }),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom(
    'a\r\nBcc: evil@elsewhere.example',
    'a\n\nbody',
    '\r',
    'a\u0000b',
    'عنوان الرسالة',
    '件名'.repeat(60),
    '=?utf-8?Q?x?=',
    'a, b <c@d.example>',
  ),
)

describe('the bytes of a mail', () => {
  it('are the same at each try', async () => {
    const file = Buffer.from('content')
    const item = outgoing({ media: [media(file, 'a.txt', 'text/plain', 'A text')] }, [file])
    const plan = () => planMail(item, content(item.content as MailContent), settings)
    expect((await plan().bytes(item.open)).equals(await plan().bytes(item.open))).toBe(true)
    expect(plan().messageId).toBe(`${item.key}@parliament.example`)
    expect(messageIdOf(item.key, { address: 'büro@münchen.example' })).toBe(`${item.key}@xn--mnchen-3ya.example`)
  })

  it('hold date, sender and recipients, and never a hidden one', async () => {
    const raw = await write({ cc: [party('c@x.example', 'C')], bcc: [party('hidden@x.example')] })
    expect(field(raw, 'Date')).toBe('Mon, 05 Jan 2026 10:00:00 +0000')
    expect(field(raw, 'To')).toBe('Ada Citizen <ada@citizen.example>')
    expect(field(raw, 'Cc')).toBe('C <c@x.example>')
    expect(field(raw, 'Bcc')).toBeNull()
    expect(raw.toString()).not.toContain('hidden')
    expect(parseMail(raw)).toMatchObject({
      from: { name: 'Büro der Abgeordneten', handle: 'office@parliament.example' },
      damaged: false,
    })
  })

  it('to hidden recipients alone name nobody', async () => {
    const item = outgoing()
    const plan = planMail(item, content({ to: [], bcc: [party('a@x.example'), party('b@x.example')] }), settings)
    expect(plan.envelope.to).toEqual(['a@x.example', 'b@x.example'])
    expect(field(await plan.bytes(item.open), 'To')).toBe('"undisclosed-recipients":;')
  })

  it('take no line of their own from any field, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(anything, anything, anything, anything, anything, async (subject, name, fileName, alt, text) => {
        const file = Buffer.from('x')
        const raw = await write(
          { subject, text, to: [party('ada@citizen.example', name)], media: [media(file, fileName || 'f', 'image/png', alt)] },
          [file],
        )
        const source = raw.toString('latin1')
        expect(source).not.toMatch(/[^\r]\n|\r[^\n]|\0/)
        const names = headerOf(raw)
          .split('\r\n')
          .filter((line) => !/^[ \t]/.test(line))
          .map((line) => line.split(':', 1)[0])
        const subjects = cleanLine(subject) === '' ? [] : ['Subject']
        expect(names).toEqual([
          'From',
          'To',
          ...subjects,
          'Date',
          'Message-ID',
          'Content-Language',
          'MIME-Version',
          'Content-Type',
        ])
        expect(headerOf(raw)).toMatch(/^[\x20-\x7e\r\n\t]*$/)
        expect(Math.max(...source.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998)
        const mail = parseMail(raw)
        expect(mail.to).toHaveLength(1)
        expect(mail.to[0]?.handle).toBe('ada@citizen.example')
        expect(mail.attachments).toHaveLength(1)
      }),
      { numRuns: 300 },
    )
  })

  it('are read by another program as they were meant', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 150 }),
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.uint8Array({ maxLength: 5000 }),
        async (subject, name, bytes) => {
          const file = Buffer.from(bytes)
          const raw = await write(
            {
              subject,
              to: [party('ada@citizen.example', name)],
              text: 'Grüße\n\nمرحبا',
              media: [media(file, 'Anlage “1”.pdf', 'application/pdf')],
            },
            [file],
          )
          const mail = await PostalMime.parse(raw)
          const plain = (text: string) =>
            text
              .replace(/\p{Cc}+/gu, ' ')
              .replace(/\s+/g, ' ')
              .trim()
          expect(plain(mail.subject ?? '')).toBe(plain(subject))
          expect(mail.to?.[0]).toMatchObject({ address: 'ada@citizen.example' })
          expect(plain(mail.to?.[0]?.name ?? '')).toBe(plain(name))
          expect(mail.text?.trimEnd()).toBe('Grüße\n\nمرحبا')
          expect(mail.attachments[0]).toMatchObject({ filename: 'Anlage “1”.pdf', mimeType: 'application/pdf' })
          expect(Buffer.from(mail.attachments[0]?.content as ArrayBuffer).equals(file)).toBe(true)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('of a large file are held once', async () => {
    const file = Buffer.alloc(25 * 1024 * 1024, 7)
    const item = outgoing({ media: [media(file, 'film.mp4', 'video/mp4')] }, [file])
    const before = process.memoryUsage().arrayBuffers
    let most = 0
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers - before)), 5)
    const raw = await planMail(item, content(item.content as MailContent), settings).bytes(item.open)
    clearInterval(watch)
    expect(raw.length).toBeGreaterThan(base64Length(file.length))
    expect(raw.buffer.byteLength).toBe(raw.length)
    expect(most).toBeLessThan(2 * raw.length)
  })

  it('are not made of a file that is not what was approved', async () => {
    const file = Buffer.from('content')
    const change = { media: [{ ...media(file, 'a.txt'), size: file.length + 1 }] }
    const item = outgoing(change, [file])
    await expect(planMail(item, content(change), settings).bytes(item.open)).rejects.toMatchObject({
      code: 'internal',
      untaken: true,
    })
  })

  it.each([
    'a@b\r\nRCPT TO:<x@y.example>',
    'no address',
    'a b@x.example',
    '<a@x.example>',
    'a@',
    '@x.example',
    'a@x..example',
    `${'a'.repeat(320)}@x.example`,
    'a@[x',
    'a\0@x.example',
  ])('are not made for %j', (handle) => {
    expect(() => planMail(outgoing(), content({ to: [party(handle)] }), settings)).toThrow(
      expect.objectContaining({ code: 'address_invalid', untaken: true }),
    )
  })
})

describe('an answer', () => {
  const question = (headers: string[]) =>
    received(['From: Ada <ada@citizen.example>', 'To: office@parliament.example', ...headers, '', 'text'].join('\r\n'))

  it('names the mail and its whole chain', async () => {
    const raw = await write({}, [], question(['Message-ID: <3@x>', 'References: <1@x>\r\n <2@x>', 'In-Reply-To: <2@x>']))
    expect(field(raw, 'In-Reply-To')).toBe('<3@x>')
    expect(field(raw, 'References')).toBe('<1@x> <2@x> <3@x>')
  })

  it('takes In-Reply-To for the chain where there is no other, and only when it names one mail', async () => {
    expect(field(await write({}, [], question(['Message-ID: <3@x>', 'In-Reply-To: <2@x>'])), 'References')).toBe('<2@x> <3@x>')
    expect(field(await write({}, [], question(['Message-ID: <3@x>', 'In-Reply-To: <1@x> <2@x>'])), 'References')).toBe('<3@x>')
    const bare = await write({}, [], question([]))
    expect([field(bare, 'In-Reply-To'), field(bare, 'References')]).toEqual([null, null])
  })

  it('keeps the first and the newest of a long chain, in short lines', async () => {
    const ids = Array.from({ length: 200 }, (_, at) => `<${at}-${'x'.repeat(60)}@x.example>`)
    const raw = await write({}, [], question(['Message-ID: <last@x>', `References: ${ids.join('\r\n ')}`]))
    const chain = field(raw, 'References')?.split(/\s+/) as string[]
    expect(chain).toHaveLength(20)
    expect([chain[0], chain.at(-2), chain.at(-1)]).toEqual([ids[0], ids.at(-1), '<last@x>'])
    expect(
      Math.max(
        ...headerOf(raw)
          .split('\r\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(100)
  })

  it('that goes to nobody who had the mail passes it on: the thread, but no answer', async () => {
    const raw = await write({ to: [party('ministry@gov.example')] }, [], question(['Message-ID: <3@x>']))
    expect([field(raw, 'In-Reply-To'), field(raw, 'References')]).toEqual([null, '<3@x>'])
  })

  it('without subject and recipients of its own takes those that the mail asks for', async () => {
    const target = question(['Message-ID: <3@x>', 'Subject: AW: Re: Frage', 'Reply-To: Team <team@citizen.example>'])
    const raw = await write({ to: [], subject: '' }, [], target)
    expect([field(raw, 'To'), field(raw, 'Subject')]).toEqual(['Team <team@citizen.example>', 'Re: Frage'])
  })

  it('takes nothing harmful from the mail that it answers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.string({ unit: 'binary', maxLength: 200 }),
        async (id, chain) => {
          const raw = await write({}, [], question([`Message-ID: <${id}>`, `References: ${chain}`]))
          expect(
            headerOf(raw)
              .split('\r\n')
              .filter(
                (line) =>
                  /^[^ \t]/.test(line) &&
                  !/^(From|To|Subject|Date|Message-ID|In-Reply-To|References|Content-[A-Za-z-]+|MIME-Version): ?/.test(line),
              ),
          ).toEqual([])
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('flowed text', () => {
  it('comes back as it was written', () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '>', '-', 'ü', '文', '🎉', 'From '), maxLength: 300 })
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const text = lines.join('\n')
        // what flowed text cannot say: spaces at the end of a line, and marks of quotation written apart
        const meant = lines
          .map((one) => {
            const marks = /^>(?: ?>)*/.exec(one)?.[0] ?? ''
            const depth = marks.replaceAll(' ', '').length
            const rest = depth === 0 ? one : one.slice(marks.length).replace(/^ /, '')
            const words = rest === '-- ' ? rest : rest.replace(/ +$/, '')
            return depth === 0 ? words : words === '' ? '>'.repeat(depth) : `${'>'.repeat(depth)} ${words}`
          })
          .join('\n')
        expect(unflow(flow(text), false)).toBe(meant)
      }),
      { numRuns: 2000 },
    )
  })

  it('has short lines, whose words are whole', () => {
    const text = `${'The members of the committee asked about the bridge. '.repeat(20)}\n> ${'quoted words '.repeat(30)}\n${'x'.repeat(500)}`
    const lines = flow(text).split('\r\n')
    expect(Math.max(...lines.filter((line) => !line.startsWith('xxx')).map((line) => line.length))).toBeLessThanOrEqual(78)
    expect(lines.filter((line) => line.startsWith('>')).every((line) => line.startsWith('> '))).toBe(true)
    expect(lines.at(-1)).toBe('x'.repeat(500))
  })

  it('keeps the line above a signature, and stuffs what would be taken for a mark', () => {
    expect(flow('Hello\n-- \nThe office\nFrom here\n indented')).toBe('Hello\r\n-- \r\nThe office\r\n From here\r\n  indented')
  })

  it('is read by our own reader as it was meant', async () => {
    const text = `${'Wörter und noch mehr davon '.repeat(20).trim()}\n\n> ${'quoted '.repeat(40).trim()}\n> again\n\nEnd`
    expect(parseMail(await write({ text })).text.trimEnd()).toBe(text)
  })
})

needs('python3')('a second opinion', () => {
  it('Python’s email package finds no defect and reads the same', async () => {
    const file = Buffer.from(Array.from({ length: 3000 }, (_, at) => at % 256))
    const subjects = [
      'Plain',
      'Grüße aus dem Parlament',
      'عنوان طويل جدًا '.repeat(12),
      '件名'.repeat(80),
      '🎉'.repeat(40),
      'a'.repeat(300),
      '=?utf-8?Q?x?=',
      'x, "y" <z>',
    ]
    const mails: { subject: string; raw: string }[] = []
    for (const subject of subjects) {
      const change = {
        subject,
        text: 'Grüße\n\n> quoted\n',
        to: [party('ada@citizen.example', subject.slice(0, 100))],
        media: [media(file, `${subject.slice(0, 80)}.bin`, 'application/x-thing', subject)],
      }
      mails.push({ subject, raw: (await write(change, [file])).toString('base64') })
    }
    const script = `
import sys, json, base64, hashlib
from email import policy
from email.parser import BytesParser
out = []
for one in json.load(sys.stdin):
    m = BytesParser(policy=policy.default).parsebytes(base64.b64decode(one['raw']))
    a = list(m.iter_attachments())
    defects = [str(d) for p in m.walk() for d in p.defects] + [str(d) for h in m.values() for d in h.defects]
    out.append({'subject': m['subject'], 'to': ''.join(m['to'].addresses[0].display_name.split()), 'handle': m['to'].addresses[0].addr_spec,
      'text': m.get_body().get_content().replace('\\r\\n', '\\n'), 'file': hashlib.sha256(a[0].get_content()).hexdigest(), 'name': a[0].get_filename(),
      'alt': a[0]['content-description'], 'count': len(a), 'defects': defects})
json.dump(out, sys.stdout)
`
    const ran = spawnSync('python3', ['-c', script], {
      input: JSON.stringify(mails),
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    })
    expect(ran.stderr).toBe('')
    const read = JSON.parse(ran.stdout) as Record<string, unknown>[]
    expect(read).toEqual(
      subjects.map((subject) => ({
        subject: subject.trim(),
        // Python keeps the spaces between encoded words of a name, against RFC 2047 section 6.2
        to: subject.slice(0, 100).replaceAll('=?', '= ?').replace(/\s+/g, ''),
        handle: 'ada@citizen.example',
        text: 'Grüße\n\n> quoted\n\n',
        file: shaOf(file),
        name: `${subject.slice(0, 80)}.bin`,
        alt: subject.trim(),
        count: 1,
        defects: [],
      })),
    )
  })
})
