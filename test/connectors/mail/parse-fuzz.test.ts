import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mailAttachment, parseMail, renderMail } from '#connectors/mail/parse.ts'
import { file, multipart } from './samples.ts'

describe('whatever the bytes', () => {
  const check = (raw: Uint8Array) => {
    const mail = parseMail(raw)
    const texts = [mail.subject, mail.text, mail.from.name, mail.from.handle, ...mail.attachments.map((one) => one.name)]
    for (const text of texts) {
      expect(text).not.toMatch(/[\0\ue000\ue001]/)
      expect(text).not.toMatch(/\p{Surrogate}/u)
    }
    if (mail.date !== null) expect(new Date(mail.date).toISOString()).toBe(mail.date)
    const shown = renderMail(raw)
    expect(shown.attachments).toEqual(mail.attachments)
    for (const { index, size } of mail.attachments) expect(mailAttachment(raw, index)?.byteLength).toBeLessThanOrEqual(size + 2)
  }

  it('never throws: bytes without order', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2000 }), check), { numRuns: 500 })
  })

  it('never throws: pieces of mail in any order', () => {
    const piece = fc.constantFrom(
      'From: ',
      'To: ',
      'Subject: ',
      'Date: ',
      'References: <',
      'Content-Type: ',
      'multipart/mixed',
      '; boundary=',
      'b',
      '"',
      'text/html',
      'text/plain',
      '; charset=',
      'utf-8',
      'utf-16',
      'utf-7',
      'iso-2022-jp',
      'Content-Transfer-Encoding: ',
      'base64',
      'quoted-printable',
      'x-uuencode',
      'message/rfc822',
      '\r\n',
      '\n',
      '\r\n\r\n',
      '\r',
      '--b',
      '--b--',
      '=?utf-8?B?',
      '?=',
      '=E9',
      '=',
      '<',
      '>',
      '@',
      ',',
      ';',
      ':',
      '(',
      '\\',
      ' ',
      '\t',
      '\0',
      '\ue000',
      '&#xE000;',
      'name*0*=',
      "''",
      '%FF',
      '\ud800',
      'é',
      'begin 644 x\n',
      'M',
      'Mon, 5 Jan 2026 10:00:00 +0000',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 80 }), (pieces) => check(Buffer.from(pieces.join('')))),
      { numRuns: 2000 },
    )
  })

  it('never throws: a good mail with some bytes changed or its end cut off', () => {
    const good = Buffer.from(
      `From: A <a@b>\r\nSubject: =?utf-8?B?w6k=?=\r\n${multipart('mixed', 'b', '\r\nbody', multipart('alternative', 'c', 'Content-Type: text/html\r\n\r\n<p>x'), file('f'))}`,
    )
    const edit = fc.tuple(fc.nat(good.length - 1), fc.nat(255))
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 20 }), fc.nat(good.length), (edits, end) => {
        const copy = Buffer.from(good)
        for (const [at, byte] of edits) copy[at] = byte
        check(copy.subarray(0, end))
      }),
      { numRuns: 1000 },
    )
  })
})
