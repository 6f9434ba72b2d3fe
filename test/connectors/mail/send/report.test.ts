import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mailConnector } from '#connectors/mail/connector.ts'
import { limits } from '#connectors/mail/limits.ts'
import { MAIL, toMessage } from '#connectors/mail/message.ts'
import { parseMail } from '#connectors/mail/parse.ts'

const boundary = 'report'
const report = (
  status: string,
  returned = 'Message-ID: <sent@parliament.example>\r\nSubject: Answer\r\n\r\nbody',
  type = 'message/rfc822',
) =>
  Buffer.from(
    [
      'From: Mail Delivery System <Mailer-Daemon@x.example>',
      'To: office@parliament.example',
      'Auto-Submitted: auto-replied',
      'Message-ID: <report@x.example>',
      `Content-Type: multipart/report; report-type=delivery-status; boundary=${boundary}`,
      '',
      `--${boundary}`,
      'Content-Type: text/plain',
      '',
      'Your mail could not be delivered.',
      `--${boundary}`,
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; x.example',
      '',
      status,
      '',
      `--${boundary}`,
      `Content-Type: ${type}`,
      '',
      returned,
      `--${boundary}--`,
      '',
    ].join('\r\n'),
  )
const failed =
  'Action: failed\r\nFinal-Recipient: rfc822;nobody@citizen.example\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1\r\n no such user'
const arrived = (raw: Buffer) =>
  toMessage(raw, {
    serverId: null,
    threadId: null,
    cutFrom: null,
    place: null,
    read: false,
    answered: false,
    receivedAt: null,
    sent: false,
    own: new Set(),
    endpoint: 'imap://x',
  })

describe('reports about mail that was sent', () => {
  it('belong to the mail that they are about, and say for whom it failed and why', async () => {
    const message = arrived(report(failed))
    expect(message.threadKeys).toContain('sent@parliament.example')
    expect(message.text.split('\n')[0]).toBe('✗ nobody@citizen.example — 550 5.1.1 no such user')
    expect(message.quiet).toBeUndefined()
    const shown = await mailConnector.render(report(failed), MAIL)
    expect(shown.text.split('\n')[0]).toBe('✗ nobody@citizen.example — 550 5.1.1 no such user')
  })

  it('do so when only the header came back, encoded or not', () => {
    const header = 'Message-ID: <sent@parliament.example>\r\n'
    expect(arrived(report(failed, header, 'text/rfc822-headers')).threadKeys).toContain('sent@parliament.example')
    const encoded = `text/rfc822-headers\r\nContent-Transfer-Encoding: base64`
    expect(arrived(report(failed, Buffer.from(header).toString('base64'), encoded)).threadKeys).toContain(
      'sent@parliament.example',
    )
  })

  it('tell delay and success from failure, for each recipient', () => {
    const of = (action: string, who: string) =>
      `Final-Recipient: rfc822; ${who}\r\nOriginal-Recipient: rfc822;<${who}>\r\nAction: ${action}\r\nStatus: 4.0.0`
    const message = arrived(
      report([of('delayed', 'a@x.example'), of('Failed', 'b@x.example'), of('relayed', 'c@x.example')].join('\r\n\r\n')),
    )
    expect(message.text.split('\n').slice(0, 3)).toEqual([
      '… a@x.example — 4.0.0',
      '✗ b@x.example — 4.0.0',
      '✓ c@x.example — 4.0.0',
    ])
    expect(message.quiet).toBeUndefined()
    expect(arrived(report(of('delivered', 'a@x.example'))).quiet).toBe(true)
  })

  it('of older servers name their recipients in the header', () => {
    const raw = Buffer.from(
      'From: MAILER-DAEMON@x\r\nX-Failed-Recipients: a@x.example, b@x.example\r\nAuto-Submitted: auto-replied\r\nReferences: <sent@x>\r\n\r\nfailed',
    )
    const message = arrived(raw)
    expect(message.text).toBe('✗ a@x.example\n✗ b@x.example\n\nfailed')
    expect([message.threadKeys, message.quiet]).toEqual([['sent@x'], undefined])
  })

  it('show nothing as HTML that the server said', async () => {
    const status = failed.replace('no such user', '<img src=x>')
    const html = (await mailConnector.render(Buffer.from(report(status).toString().replace('text/plain', 'text/html')), MAIL))
      .html
    expect(html).toContain('&lt;img src=x&gt;')
  })

  it('are read as far as the limit, and never break the reading', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, at) => `Action: failed\r\nFinal-Recipient: rfc822;u${at}@x.example`).join('\r\n\r\n')
    expect(parseMail(report(many(limits.reported))).report?.deliveries).toHaveLength(limits.reported)
    expect(parseMail(report(many(limits.reported + 1))).report?.deliveries).toHaveLength(limits.reported)
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.string({ unit: 'binary', maxLength: 200 }),
        (status, returned) => {
          expect(parseMail(report(status, returned)).threadKeys[0]).toBe('report@x.example')
        },
      ),
    )
  })
})

describe('answers of programs', () => {
  const answer = (...headers: string[]) =>
    arrived(
      Buffer.from(
        ['From: ada@citizen.example', 'In-Reply-To: <sent@parliament.example>', ...headers, '', 'I am away.'].join('\r\n'),
      ),
    )
  it.each([
    'Auto-Submitted: auto-replied',
    'Auto-Submitted: Auto-Replied (vacation)',
    'X-Autoreply: yes',
    'Precedence: auto_reply',
  ])('%s: shown, and waits for nobody', (header) =>
    expect(answer(header)).toMatchObject({ quiet: true, threadKeys: ['sent@parliament.example'] }),
  )
  it('reports that cannot be read as such are no answers', () => {
    for (const from of ['MAILER-DAEMON@x.example', 'Postmaster <postmaster@x.example>', 'MAILER-DAEMON'])
      expect(
        arrived(Buffer.from(`From: ${from}\r\nAuto-Submitted: auto-replied\r\n\r\nHi. This is the mail program.`)).quiet,
      ).toBeUndefined()
  })
  it.each(['Auto-Submitted: no', 'Auto-Submitted: auto-generated', 'Precedence: bulk', 'X-Other: auto-replied'])(
    '%s: as any other mail',
    (header) => expect(answer(header).quiet).toBeUndefined(),
  )
})
