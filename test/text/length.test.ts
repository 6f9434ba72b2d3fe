import { describe, expect, it } from 'vitest'
import type { OutgoingContent, SendLimits } from '#shared/model/index.ts'
import { countGraphemes, fits, lengthOf } from '#shared/text/index.ts'

describe('the length of a text', () => {
  it('is that of characters as a reader sees them', () => {
    expect(countGraphemes('Fähre')).toBe(5)
    expect(countGraphemes('Fa\u0308hre')).toBe(5)
    expect(countGraphemes('👩‍👩‍👧‍👦🏴‍☠️')).toBe(2)
    expect(countGraphemes('a\r\nb')).toBe(3)
    expect(lengthOf('👩‍👩‍👧‍👦', 'code_points')).toBe(7)
  })

  it('is counted as Mastodon does: any link is 23, of a handle the server does not count', () => {
    const link = `https://parliament.example/${'ferry/'.repeat(40)}timetable`
    expect(lengthOf(link, 'mastodon')).toBe(23)
    expect(lengthOf(`See ${link}. Thanks`, 'mastodon')).toBe(4 + 23 + '. Thanks'.length)
    expect(lengthOf('@ada@social.example hello', 'mastodon')).toBe('@ada hello'.length)
    expect(lengthOf('mail ada@social.example', 'mastodon')).toBe('mail ada@social.example'.length)
  })
})

const limits: SendLimits = {
  kinds: ['post', 'reply'],
  acts: ['like'],
  edits: false,
  deletes: true,
  visibilities: ['public'],
  warnings: false,
  quotes: false,
  text: { counting: 'graphemes', most: 10, mostBytes: 40 },
  media: { most: 1, types: ['image/*'], mostBytes: { image: 1000, '*': 10 }, mostAlt: 5 },
}
const file = { sha256: '0'.repeat(64), size: 1000, name: 'a.png', mediaType: 'image/png', alt: 'abcde' }
const post: Extract<OutgoingContent, { do: 'publish' }> = {
  do: 'publish',
  kind: 'post',
  text: 'abcdefghij',
  subject: '',
  warning: '',
  language: null,
  media: [file],
  to: [],
  cc: [],
  bcc: [],
  visibility: 'public',
}

describe('what an account may send', () => {
  it('is taken at every limit', () => {
    expect(fits(post, limits)).toBeNull()
    expect(fits({ ...post, text: '👩‍👩‍👧‍👦', media: [] }, limits)).toBeNull()
    expect(fits({ do: 'delete' }, limits)).toBeNull()
    expect(fits({ ...post, text: 'x'.repeat(100_000) }, null)).toBeNull()
  })

  const over: [string, Partial<typeof post>][] = [
    ['send_too_long', { text: 'abcdefghijk' }],
    ['send_too_long', { text: '👩‍👩‍👧‍👦👩‍👩‍👧‍👦' }],
    ['send_empty', { text: ' \n', media: [] }],
    ['send_not_offered', { kind: 'mail' }],
    ['send_not_offered', { visibility: 'unlisted' }],
    ['send_not_offered', { warning: 'w' }],
    ['send_too_many_files', { media: [file, file] }],
    ['send_file_refused', { media: [{ ...file, mediaType: 'video/mp4' }] }],
    ['send_file_too_large', { media: [{ ...file, size: 1001 }] }],
    ['send_alt_too_long', { media: [{ ...file, alt: 'abcdef' }] }],
  ]
  it.each(over)('is refused with %s over a limit: %j', (code, change) => {
    expect(fits({ ...post, ...change }, limits)?.code).toBe(code)
  })

  it('is refused where the server does not offer it', () => {
    expect(fits(post, limits, true)?.params).toEqual({ what: 'quote' })
    expect(fits({ do: 'edit', text: 'x', subject: '', warning: '', language: null, media: [] }, limits)?.params).toEqual({
      what: 'edit',
    })
    expect(fits({ do: 'act', act: 'boost', on: true, handle: null, comment: '' }, limits)?.params).toEqual({ what: 'boost' })
    expect(fits({ do: 'act', act: 'like', on: true, handle: null, comment: '' }, limits)).toBeNull()
    expect(fits({ ...post, kind: 'sms', media: [] }, null)?.code).toBe('send_empty')
  })
})
