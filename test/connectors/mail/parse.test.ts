import { describe, expect, it } from 'vitest'
import { limits } from '#connectors/mail/limits.ts'
import { contentId, mailAttachment, type ParsedMail, parseMail, renderMail } from '#connectors/mail/parse.ts'
import { file, multipart } from './samples.ts'

const parse = (text: string | Uint8Array): ParsedMail => parseMail(typeof text === 'string' ? Buffer.from(text, 'latin1') : text)
const crlf = (...lines: string[]) => lines.join('\r\n')

describe('headers', () => {
  it('reads who wrote to whom, about what and when', () => {
    const mail = parse(
      crlf(
        'From: =?UTF-8?Q?Ren=C3=A9e?= Dupont <renee@example.org>',
        'To: "Office, The" <office@parliament.example>, b@example.org',
        'Cc: undisclosed: c@example.org, "D" <d@example.org>;, e@example.org (Eve)',
        'Subject: About =?utf-8?B?w6nDqA==?=',
        ' =?utf-8?B?w6A=?= the harbour',
        'Date: Mon, 5 Jan 2026 10:00:00 +0200 (EET)',
        '',
        'Text',
      ),
    )
    expect(mail).toMatchObject({
      from: { name: 'Renée Dupont', handle: 'renee@example.org' },
      to: [
        { name: 'Office, The', handle: 'office@parliament.example' },
        { name: '', handle: 'b@example.org' },
      ],
      cc: [
        { name: '', handle: 'c@example.org' },
        { name: 'D', handle: 'd@example.org' },
        { name: 'Eve', handle: 'e@example.org' },
      ],
      subject: 'About éèà the harbour',
      date: '2026-01-05T08:00:00.000Z',
      text: 'Text',
      damaged: false,
    })
  })

  it('takes the thread from the ids, own first', () => {
    const mail = parse('Message-ID: <own@x>\r\nIn-Reply-To: <p@x>\r\nReferences: <root@x>\r\n\t<p@x> <own@x>\r\n\r\n')
    expect(mail.threadKeys).toEqual(['own@x', 'p@x', 'root@x'])
  })

  it('keeps the root and the newest of long references', () => {
    const ids = Array.from({ length: limits.references + 1 }, (_, index) => `${index}@x`)
    const keys = (count: number) =>
      parse(
        `References: ${ids
          .slice(0, count)
          .map((id) => `<${id}>`)
          .join(' ')}\r\n\r\n`,
      ).threadKeys
    expect(keys(limits.references)).toHaveLength(limits.references)
    const over = keys(limits.references + 1)
    expect(over).toHaveLength(limits.references)
    expect(over[0]).toBe('0@x')
    expect(over.at(-1)).toBe(`${limits.references}@x`)
    expect(over).not.toContain('1@x')
  })

  it.each([
    ['bytes in UTF-8', Buffer.from('Subject: détaché\r\n\r\n', 'utf8'), 'détaché'],
    ['bytes in windows-1252', Buffer.from('Subject: d\xe9tach\xe9 \x80\r\n\r\n', 'latin1'), 'détaché €'],
    ['ISO-2022-JP words', Buffer.from('Subject: =?ISO-2022-JP?B?GyRCRnxLXDhsGyhC?=\r\n\r\n'), '日本語'],
    ['KOI8-R words', Buffer.from('Subject: =?koi8-r?B?8NLJ18XU?=\r\n\r\n'), 'Привет'],
    ['a word cut inside a character', Buffer.from('Subject: =?utf-8?B?w6nD?= =?utf-8?B?qA==?=\r\n\r\n'), 'éè'],
    ['an unknown charset', Buffer.from('Subject: =?x-none?Q?abc?=\r\n\r\n'), 'abc'],
    ['a bare line feed at each end', Buffer.from('Subject: unix\nFrom: a@b\n\nBody'), 'unix'],
    ['a carriage return at each end', Buffer.from('Subject: mac\rFrom: a@b\r\rBody'), 'mac'],
    ['an mbox line in front', Buffer.from('From a@b Mon Jan  5 2026\nSubject: boxed\n\nBody'), 'boxed'],
    ['control characters', Buffer.from('Subject: a\x00b\x07c\r\n\r\n'), 'ab c'],
  ])('reads a subject of %s', (_, raw, subject) => {
    expect(parse(raw).subject).toBe(subject)
  })

  it.each(['tomorrow', 'Thu, 1 Jan 1890 00:00:00 +0000', 'Thu, 1 Jan 2300 00:00:00 +0000', ''])('has no date for %o', (date) => {
    expect(parse(`Date: ${date}\r\n\r\n`).date).toBeNull()
  })

  it('takes text that has no header for body, damaged', () => {
    expect(parse('just words\r\nand more')).toMatchObject({ text: 'just words\nand more', damaged: true })
  })
})

describe('header bombs', () => {
  it('reads a field up to its limit', () => {
    const subject = (size: number) => `Subject:${'a'.repeat(size)}\r\nFrom: a@b\r\n\r\nBody`
    expect(parse(subject(limits.fieldBytes))).toMatchObject({ damaged: false, text: 'Body' })
    const over = parse(subject(limits.fieldBytes + 1))
    expect(over).toMatchObject({ damaged: true, text: 'Body', from: { handle: 'a@b' } })
    expect(over.subject).toHaveLength(limits.line)
  })

  it('reads as many fields as the limit says, and finds the body after more', () => {
    const mail = (count: number) => `${'X: y\r\n'.repeat(count - 1)}Subject: last\r\n\r\nBody`
    expect(parse(mail(limits.headerFields))).toMatchObject({ subject: 'last', damaged: false, text: 'Body' })
    expect(parse(mail(limits.headerFields + 1))).toMatchObject({ subject: '', damaged: true, text: 'Body' })
  })

  it('reads as many bytes as the limit says, and finds the body after more', () => {
    const line = `X: ${'y'.repeat(995)}\r\n`
    const mail = (bytes: number) => `Subject: first\r\n${line.repeat(Math.floor(bytes / line.length))}\r\nBody`
    expect(parse(mail(limits.headerBytes - 2000))).toMatchObject({ subject: 'first', damaged: false, text: 'Body' })
    expect(parse(mail(limits.headerBytes + 2000))).toMatchObject({ subject: 'first', damaged: true, text: 'Body' })
  })

  it('keeps as many addresses as the limit says', () => {
    const mail = (count: number) => parse(`To: ${Array.from({ length: count }, (_, index) => `a${index}@x`).join(', ')}\r\n\r\n`)
    expect(mail(limits.addresses).to).toHaveLength(limits.addresses)
    expect(mail(limits.addresses).damaged).toBe(false)
    expect(mail(limits.addresses + 2).to).toHaveLength(limits.addresses)
    expect(mail(limits.addresses + 2).damaged).toBe(true)
  })

  it.each([
    ['brackets', '<'.repeat(200_000)],
    ['quotes', '"\\'.repeat(100_000)],
    ['comments', '('.repeat(200_000)],
    ['groups', 'a:'.repeat(100_000)],
    ['blanks', `${' '.repeat(200_000)}x(`],
    ['at signs', '@'.repeat(200_000)],
    ['words', '=?a?Q?'.repeat(30_000)],
    ['parameters', `multipart/mixed${';a*1*=b'.repeat(30_000)}`],
  ])('is not slowed down by %s', (_, value) => {
    for (const field of ['From', 'To', 'Subject', 'References', 'Content-Type', 'Content-Disposition', 'Date'])
      parse(`${field}: ${value}\r\n\r\nBody`)
  })
})

describe('bodies', () => {
  it.each([
    ['quoted-printable', 'utf-8', 'quoted-printable', 'caf=C3=A9 soft=\r\n break =3D', 'café soft break ='],
    ['quoted-printable that is broken', 'utf-8', 'quoted-printable', 'a=ZZ b= \r\nc=', 'a=ZZ bc'],
    ['base64 in lines', 'utf-8', 'base64', 'Y2Fm\r\nw6k=\r\n', 'café'],
    ['base64 with rubbish', 'utf-8', 'BASE64 (yes)', 'Y2F!mw6k', 'café'],
    ['windows-1252 that claims ASCII', 'us-ascii', '8bit', 'caf\xe9', 'café'],
    ['UTF-7', 'utf-7', '7bit', 'Hi +AGkAaQ-', 'Hi ii'],
    ['a DOS code page', 'cp850', '8bit', 'caf\x82', 'café'],
    ['Shift_JIS', 'Shift_JIS', '8bit', '\x93\xfa\x96\x7b', '日本'],
    ['GB 18030', 'gb18030', '8bit', '\xd6\xd0', '中'],
    ['UTF-16 in base64', 'utf-16le', 'base64', 'YQBiAA==', 'ab'],
    ['uuencode', 'us-ascii', 'x-uuencode', 'begin 644 a\r\n#0V%T\r\n`\r\nend\r\n', 'Cat'],
  ])('reads %s', (_, charset, encoding, body, text) => {
    expect(
      parse(`Content-Type: text/plain; charset=${charset}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`).text,
    ).toBe(text)
  })

  it('keeps what an unknown charset allows, damaged', () => {
    expect(parse('Content-Type: text/plain; charset=klingon\r\n\r\nqapla')).toMatchObject({ text: 'qapla', damaged: true })
  })

  it('joins flowed lines, each depth of quotation for itself', () => {
    const mail = parse(
      'Content-Type: text/plain; format=flowed\r\n\r\n> quoted \r\n> line \r\n>> deeper\r\nlong \r\nline\r\n-- \r\nname',
    )
    expect(mail.text).toBe('> quoted line \n>> deeper\nlong line\n-- \nname')
  })

  it('takes text from HTML without script, style or hidden parts', () => {
    const html =
      '<html><head><title>no</title><style>p{color:red}</style></head><body><script>alert(1)</script><h1>Dear&nbsp;all</h1><p>caf&eacute;<br>line<svg><text>no</text></svg></p><noscript>no</noscript></body></html>'
    expect(parse(`Content-Type: text/html\r\n\r\n${html}`).text).toBe('Dear all\n\ncafé\nline')
  })

  it('strips the marks that search uses, however they come', () => {
    const plain = parse(Buffer.from('Subject: a\ue000b\r\n\r\nx\ue000y\ue001z\0'))
    expect([plain.subject, plain.text]).toEqual(['ab', 'xyz'])
    expect(parse('Content-Type: text/html\r\n\r\n<p>x&#xE000;y&#57345;z').text).toBe('xyz')
    expect(renderMail(Buffer.from('Content-Type: text/html\r\n\r\n<p>x&#xE000;y')).text).toBe('xy')
  })

  it('reads as much text as the limit says', () => {
    expect(parse(`\r\n${'a'.repeat(limits.searchText)}`)).toMatchObject({ damaged: true })
    const at = parse(`A: b\r\n\r\n${'a'.repeat(limits.searchText)}`)
    expect([at.text.length, at.damaged]).toEqual([limits.searchText, false])
    const over = parse(`A: b\r\n\r\n${'a'.repeat(limits.searchText + 1)}`)
    expect([over.text.length, over.damaged]).toEqual([limits.searchText, true])
  })

  it('shows as much of one text as the limit says', () => {
    const mail = (size: number) => renderMail(Buffer.from(`A: b\r\n\r\n${'a'.repeat(size)}`))
    expect(mail(limits.textPartBytes)).toMatchObject({ damaged: false })
    expect(mail(limits.textPartBytes + 1)).toMatchObject({ damaged: true })
  })
})

describe('parts', () => {
  it('takes the plain one of alternatives for search, and HTML for showing', () => {
    const raw = Buffer.from(
      multipart('alternative', 'b', 'Content-Type: text/plain\r\n\r\nplain', 'Content-Type: text/html\r\n\r\n<p>rich</p>'),
    )
    expect(parseMail(raw)).toMatchObject({ text: 'plain', attachments: [], damaged: false })
    expect(renderMail(raw)).toMatchObject({ html: '<p>rich</p>', text: 'plain', damaged: false })
  })

  it('takes the HTML one when the plain one is empty', () => {
    const raw = multipart(
      'alternative',
      'b',
      'Content-Type: text/plain\r\n\r\n \r\n',
      'Content-Type: text/html\r\n\r\n<p>rich</p>',
    )
    expect(parse(raw).text.trim()).toBe('rich')
  })

  it('lists attachments with decoded name, type and size, and hands out their bytes', () => {
    const raw = Buffer.from(
      multipart(
        'mixed',
        'b',
        '\r\nbody',
        "Content-Type: application/pdf; name*0*=utf-8''r%C3%A9; name*1*=sum%C3%A9.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0x\r\nLjQ=\r\n",
        'Content-Type: IMAGE/PNG\r\nContent-Disposition: attachment; filename="=?utf-8?Q?=C3=A9t=C3=A9.png?="\r\nContent-ID: <pic@x>\r\n\r\nPNG',
        'Content-Type: nonsense\r\nContent-Disposition: attachment; filename="../../etc/passwd"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\na=3Db',
      ),
    )
    const { attachments, text } = parseMail(raw)
    expect(text).toBe('body')
    expect(attachments).toEqual([
      { index: 0, name: 'résumé.pdf', mediaType: 'application/pdf', size: 8, contentId: null, inline: false },
      { index: 1, name: 'été.png', mediaType: 'image/png', size: 3, contentId: 'pic@x', inline: false },
      { index: 2, name: 'passwd', mediaType: 'application/octet-stream', size: 3, contentId: null, inline: false },
    ])
    expect(attachments.map((one) => Buffer.from(mailAttachment(raw, one.index) as Uint8Array).toString())).toEqual([
      '%PDF-1.4',
      'PNG',
      'a=b',
    ])
    expect(mailAttachment(raw, 3)).toBeNull()
  })

  it('marks pictures of the text as inline', () => {
    const raw = multipart(
      'related',
      'b',
      'Content-Type: text/html\r\n\r\n<img src="cid:p">',
      'Content-Type: image/png\r\nContent-ID: <p>\r\n\r\nP',
    )
    expect(parse(raw).attachments).toMatchObject([{ inline: true, contentId: 'p' }])
  })

  it('lists a mail in a mail as a file, and finds its words', () => {
    const raw = multipart('mixed', 'b', '\r\nouter', 'Content-Type: message/rfc822\r\n\r\nSubject: Inner: one\r\n\r\ninner words')
    expect(parse(raw)).toMatchObject({
      text: 'outer\nInner: one\ninner words',
      attachments: [{ name: 'Inner one.eml', mediaType: 'message/rfc822' }],
    })
  })

  it.each([
    ['no end', `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nbody\r\n--b\r\n${file('f')}`, 'body', 1],
    ['no boundary parameter', 'Content-Type: multipart/mixed\r\n\r\nbody', 'body', 0],
    ['a boundary that never comes', 'Content-Type: multipart/mixed; boundary=b\r\n\r\nbody', 'body', 0],
    [
      'a part that ends in its headers',
      'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nX: y\r\n--b\r\n\r\nbody\r\n--b--',
      'body',
      0,
    ],
  ])('reads a multipart with %s, damaged', (_, raw, text, files) => {
    const mail = parse(raw)
    expect(mail.text).toBe(text)
    expect(mail.attachments).toHaveLength(files)
    expect(mail.damaged).toBe(true)
  })

  it('reads parts with bare line feeds, blanks after boundaries and text around', () => {
    const raw =
      'Content-Type: multipart/mixed; boundary="b b"\n\npreamble\n--b b \t\n\nbody\n--b b\nContent-Disposition: attachment\n\nfile\n--b b--\nepilogue'
    expect(parse(raw)).toMatchObject({ text: 'body', attachments: [{ size: 4 }], damaged: false })
  })

  const nested = (depth: number) => {
    let body = 'Content-Type: text/plain\r\n\r\ndeep'
    for (let level = depth; level > 0; level--) body = multipart('mixed', `b${level}`, body)
    return body
  }

  it('reads MIME nested 200 deep, and to the limit', () => {
    expect(parse(nested(200))).toMatchObject({ text: 'deep', damaged: false })
    expect(parse(nested(limits.depth))).toMatchObject({ text: 'deep', damaged: false })
    expect(parse(nested(limits.depth + 1))).toMatchObject({ damaged: true })
    expect(parse(nested(limits.depth + 1)).text).toContain('deep')
  })

  it('reads messages in messages nested 200 deep', () => {
    let body = 'Subject: deepest\r\n\r\ndeep'
    for (let level = 0; level < 200; level++)
      body = multipart('mixed', `b${level}`, `Content-Type: message/rfc822\r\n\r\n${body}`)
    expect(parse(body).attachments).toHaveLength(1)
  })

  it('lists 5,000 attachments', () => {
    const mail = parse(multipart('mixed', 'b', '\r\nbody', ...Array.from({ length: 5000 }, (_, index) => file(`f${index}`))))
    expect(mail.attachments).toHaveLength(5000)
    expect(mail.attachments.at(-1)?.name).toBe('f4999')
    expect(mail.damaged).toBe(false)
  })

  it('lists as many parts as the limit says', () => {
    const mail = (count: number) =>
      parse(
        `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\nContent-Disposition: attachment\r\n\r\n\r\n'.repeat(count)}--b--`,
      )
    expect(mail(limits.parts)).toMatchObject({ damaged: false })
    expect(mail(limits.parts).attachments).toHaveLength(limits.parts)
    expect(mail(limits.parts + 1).damaged).toBe(true)
    expect(mail(limits.parts + 1).attachments).toHaveLength(limits.parts)
  })

  it('looks at as many lines that could be boundaries as the limit says', () => {
    const mail = (count: number) =>
      parse(
        `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Disposition: attachment\r\n\r\n${'--\r\n'.repeat(count)}--b--\r\n`,
      )
    expect(mail(limits.boundaryLines - 2).damaged).toBe(false)
    expect(mail(limits.boundaryLines + 1).damaged).toBe(true)
  })

  it('reads a mail of 60 MB without decoding it', () => {
    const line = `${Buffer.alloc(57, 'x').toString('base64')}\r\n`
    const body = Buffer.alloc(60 * 1024 * 1024, line, 'latin1')
    const head = Buffer.from(
      'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsmall text\r\n--b\r\nContent-Type: video/mp4; name=v.mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n',
    )
    const raw = Buffer.concat([head, body, Buffer.from('\r\n--b--\r\n')])
    const mail = parseMail(raw)
    expect(mail.text).toBe('small text')
    expect(mail.attachments).toMatchObject([{ name: 'v.mp4', mediaType: 'video/mp4' }])
    expect(mailAttachment(raw, 0)?.byteLength).toBe(mail.attachments[0]?.size)
  })
})

describe('the id of a mail', () => {
  it('is made of its bytes', () => {
    expect(contentId(Buffer.from('abc'))).toBe('h:ba7816bf8f01cfea414140de5dae2223')
  })
})
