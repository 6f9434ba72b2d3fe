import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replyRecipients } from '#connectors/mail/send/answered.ts'
import { noAutomaticAnswer } from '#connectors/mail/send/automatic.ts'
import { mergeContents, mergeFields } from '#shared/text/merge.ts'
import { forwardSubject, replySubject } from '#shared/text/subject.ts'
import { content, party, received } from './outgoing.ts'

const own = new Set(['office@parliament.example'])
const mail = (...headers: string[]) => received([...headers, '', 'text'].join('\r\n'))
const handles = ({ to, cc }: ReturnType<typeof replyRecipients>) => [to.map((one) => one.handle), cc.map((one) => one.handle)]

describe('whom an answer goes to', () => {
  const many = [
    'From: Ada <ada@citizen.example>',
    'To: Office@Parliament.example, ben@x.example',
    'Cc: cora@x.example, BEN@x.example',
  ]

  it('the author, or where the author wants it', () => {
    expect(handles(replyRecipients(mail(...many), own, false))).toEqual([['ada@citizen.example'], []])
    expect(handles(replyRecipients(mail(...many, 'Reply-To: team@x.example, two@x.example'), own, false))).toEqual([
      ['team@x.example', 'two@x.example'],
      [],
    ])
    expect(handles(replyRecipients(mail(...many, 'Reply-To: nonsense'), own, false))).toEqual([['ada@citizen.example'], []])
  })

  it('to all: everybody once, without ourselves', () => {
    expect(handles(replyRecipients(mail(...many), own, true))).toEqual([
      ['ada@citizen.example'],
      ['ben@x.example', 'cora@x.example'],
    ])
    expect(
      handles(replyRecipients(mail(...many, 'Mail-Followup-To: list@x.example, office@parliament.example'), own, true)),
    ).toEqual([['list@x.example'], []])
  })

  it('an own mail: those that it went to; to ourselves only where there is nobody else', () => {
    const ours = received(
      ['From: office@parliament.example', 'To: ada@citizen.example', 'Cc: ben@x.example', '', ''].join('\r\n'),
      'outbound',
    )
    expect(handles(replyRecipients(ours, own, false))).toEqual([['ada@citizen.example'], []])
    expect(handles(replyRecipients(ours, own, true))).toEqual([['ada@citizen.example'], ['ben@x.example']])
    expect(handles(replyRecipients(mail('From: office@parliament.example', 'To: office@parliament.example'), own, true))).toEqual(
      [['office@parliament.example'], []],
    )
  })
})

describe('the subject of an answer', () => {
  it.each([
    ['Question', 'Re: Question'],
    ['Re: Question', 'Re: Question'],
    ['RE: AW: Re[2]: Question', 'Re: Question'],
    ['RV: TR: Pregunta', 'Re: Pregunta'],
    ['Re：件名', 'Re: 件名'],
    ['Reform: now', 'Re: Reform: now'],
    ['', 'Re:'],
  ])('%j is %j', (subject, expected) => {
    expect(replySubject(subject)).toBe(expected)
    expect(replySubject(replySubject(subject))).toBe(expected)
  })
  it('of one that is passed on', () => expect(forwardSubject('Re: WG: Fwd: Frage')).toBe('Fwd: Frage'))
})

describe('automatic answers', () => {
  const asked = ['From: Ada <ada@citizen.example>', 'To: office@parliament.example', 'Subject: A question']
  it('may go to what a person wrote to us', () => expect(noAutomaticAnswer(mail(...asked, 'Auto-Submitted: no'), own)).toBeNull())
  it.each([
    ['Auto-Submitted: auto-replied', 'automatic'],
    ['Auto-Submitted: auto-generated; owner-email=x', 'automatic'],
    ['X-Autoreply: yes', 'automatic'],
    ['Precedence: auto_reply', 'automatic'],
    ['Precedence: bulk', 'list'],
    ['List-Id: <news.x.example>', 'list'],
    ['List-Unsubscribe: <https://x.example/u>', 'list'],
    ['Return-Path: <>', 'bounce'],
    ['X-Failed-Recipients: a@x.example', 'bounce'],
    ['Content-Type: multipart/report; report-type=delivery-status; boundary=x', 'bounce'],
    ['X-Auto-Response-Suppress: DR, OOF, AutoReply', 'suppressed'],
  ])('never to %s', (header, why) => expect(noAutomaticAnswer(mail(...asked, header), own)).toBe(why))
  it.each([
    ['MAILER-DAEMON@x.example', 'role'],
    ['no-reply@x.example', 'role'],
    ['noreply+7@x.example', 'role'],
    ['owner-list@x.example', 'role'],
    ['list-bounces+ada=x@x.example', 'role'],
    ['office@parliament.example', 'own'],
    ['', 'no_sender'],
  ])('never to mail from %j', (from, why) =>
    expect(noAutomaticAnswer(mail(`From: ${from}`, 'To: office@parliament.example'), own)).toBe(why),
  )
  it('never to what was not written to us', () =>
    expect(noAutomaticAnswer(mail('From: ada@citizen.example', 'To: somebody@x.example'), own)).toBe('not_addressed'))
  it('two programs that ask this never answer each other', () => {
    fc.assert(
      fc.property(fc.constantFrom('auto-replied', 'auto-generated', 'AUTO-REPLIED (vacation)', 'auto-notified'), (kind) => {
        expect(noAutomaticAnswer(mail(...asked, `auto-submitted: ${kind}`), own)).not.toBeNull()
      }),
    )
  })
})

describe('one mail for each', () => {
  const template = content({ subject: 'To {{name}}', text: '{{greeting}},\n\n{{ text }}\n{{name}}', cc: [party('c@x.example')] })
  const to = (handle: string, name: string, fields: Record<string, string>) => ({ to: party(handle, name), fields })

  it('has its own fields, and nobody else in it', () => {
    const [first, second, ...rest] = mergeContents(template, [
      to('a@x.example', 'Ada', { greeting: 'Dear Ada', text: 'One {{name}} $& $1' }),
      to('b@x.example', 'Ben\r\nBcc: evil@x.example', { greeting: 'Dear Ben', text: 'Two' }),
    ])
    expect(rest).toEqual([])
    expect(first).toMatchObject({
      subject: 'To Ada',
      text: 'Dear Ada,\n\nOne {{name}} $& $1\nAda',
      to: [party('a@x.example', 'Ada')],
      cc: [],
      bcc: [],
    })
    expect(second?.subject).toBe('To Ben Bcc: evil@x.example')
    expect(mergeFields(`${template.subject} ${template.text}`)).toEqual(['name', 'greeting', 'text'])
  })

  it('is not made where a field is missing for anybody', () => {
    const recipients = [to('a@x.example', 'Ada', { greeting: 'Dear Ada', text: 'One' }), to('b@x.example', '', { greeting: ' ' })]
    expect(() => mergeContents(template, recipients)).toThrow(
      expect.objectContaining({ missing: [{ handle: 'b@x.example', fields: ['name', 'greeting', 'text'] }] }),
    )
  })

  it('does not take names that every object has for fields', () => {
    expect(() => mergeContents(content({ text: '{{constructor}}' }), [to('a@x.example', 'Ada', {})])).toThrow(/constructor/)
  })
})
