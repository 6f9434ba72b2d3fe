import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isDataPicture, linkify, remotePicture, safeLink } from '#renderer/features/conversation/links.ts'
import { splitQuote } from '#renderer/features/conversation/quotes.ts'

describe('a link', () => {
  it.each([
    ['https://parliament.example/a?b=c#d', 'https://parliament.example/a?b=c#d'],
    ['HTTP://Parliament.example', 'http://parliament.example/'],
    ['mailto:a@b.example', 'mailto:a@b.example'],
    [' https://parliament.example/ ', 'https://parliament.example/'],
  ])('to %s may be followed', (href, real) => {
    expect(safeLink(href)).toBe(real)
  })

  it.each([
    'javascript:alert(1)',
    ' JaVaScRiPt:alert(1)',
    'java\tscript:alert(1)',
    'java\nscript:alert(1)',
    '\u0001javascript:alert(1)',
    'vbscript:msgbox(1)',
    'data:text/html,<script>alert(1)</script>',
    'file:///etc/passwd',
    'blob:https://parliament.example/1',
    'about:blank',
    'app://office/index.html',
    'chrome://settings',
    'ms-msdt:/id',
    '/relative',
    '//parliament.example/x',
    '#here',
    '',
    'https://',
  ])('to %j may not', (href) => {
    expect(safeLink(href)).toBeNull()
  })

  it('is only ever to the web or to mail', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.constantFrom('javascript:', 'data:', 'file:').chain((scheme) => fc.string().map((rest) => scheme + rest)),
        ),
        (href) => {
          const link = safeLink(href)
          if (link !== null) expect(link).toMatch(/^(https?:\/\/|mailto:)/)
        },
      ),
    )
  })
})

describe('a picture', () => {
  it('from the web is asked for over https only', () => {
    expect(remotePicture('http://a.example/x.png')).toBe('https://a.example/x.png')
    expect(remotePicture('//a.example/x.png')).toBe('https://a.example/x.png')
    for (const src of ['mailto:a@b', 'ftp://a/x', 'x.png', 'file:///x.png']) expect(remotePicture(src)).toBeNull()
  })
  it('in the text itself is one that cannot run anything', () => {
    expect(isDataPicture('data:image/png;base64,AAAA')).toBe(true)
    for (const src of ['data:image/svg+xml,<svg>', 'data:text/html,x', 'data:image/pngx,']) expect(isDataPicture(src)).toBe(false)
  })
})

describe('plain text', () => {
  it('has its addresses found, without the stop after them', () => {
    expect(linkify('See https://a.example/b_(c), or www.d.example. Write to e@f.example!')).toEqual([
      { text: 'See ', href: null },
      { text: 'https://a.example/b_(c)', href: 'https://a.example/b_(c)' },
      { text: ', or ', href: null },
      { text: 'www.d.example', href: 'https://www.d.example/' },
      { text: '. Write to ', href: null },
      { text: 'e@f.example', href: 'mailto:e@f.example' },
      { text: '!', href: null },
    ])
  })
  it('keeps every character', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.webUrl(), fc.emailAddress())), (parts) => {
        const text = parts.join(' ')
        expect(
          linkify(text)
            .map((part) => part.text)
            .join(''),
        ).toBe(text)
      }),
    )
  })

  it('has the quote at its end folded, with the line that introduces it', () => {
    const text = 'Thank you.\n\nAna\n\nOn 3 Nov, Mira wrote:\n> Hello\n> there\n'
    expect(splitQuote(text)).toEqual({ text: 'Thank you.\n\nAna', quoted: 'On 3 Nov, Mira wrote:\n> Hello\n> there' })
    expect(splitQuote('Yes.\n-----Original Message-----\nFrom: x')).toEqual({
      text: 'Yes.',
      quoted: '-----Original Message-----\nFrom: x',
    })
  })
  it('is left whole when it answers below its quotes, or is all quote, or has none', () => {
    for (const text of ['> Question?\n\nAnswer.', '> all\n> quoted', 'Just text.', '', '\n\n']) {
      expect(splitQuote(text)).toEqual({ text, quoted: '' })
    }
  })
})
