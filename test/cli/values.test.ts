import { InvalidArgumentError } from 'commander'
import { describe, expect, it } from 'vitest'
import {
  count,
  fingerprint,
  idText,
  mailServer,
  moment,
  pastMoment,
  startFolder,
  stateName,
  viewName,
} from '#hosts/cli/values.ts'

const imap = mailServer('imap')
const smtp = mailServer('smtp')

describe('mail servers', () => {
  it.each([
    ['imaps://mail.example.org', { host: 'mail.example.org', port: 993, security: 'tls' }],
    ['IMAPS://Mail.Example.org/', { host: 'mail.example.org', port: 993, security: 'tls' }],
    ['imaps://mail.example.org:80', { host: 'mail.example.org', port: 80, security: 'tls' }],
    ['imap://mail.example.org', { host: 'mail.example.org', port: 143, security: 'starttls' }],
    ['imap://127.0.0.1:1143', { host: '127.0.0.1', port: 1143, security: 'starttls' }],
    ['imaps://[::1]:1993', { host: '::1', port: 1993, security: 'tls' }],
    ['imap+insecure://localhost:1143', { host: 'localhost', port: 1143, security: 'none' }],
  ])('%s', (text, server) => expect(imap(text)).toEqual(server))

  it.each([
    ['smtps://mail.example.org', { host: 'mail.example.org', port: 465, security: 'tls' }],
    ['smtp://mail.example.org', { host: 'mail.example.org', port: 587, security: 'starttls' }],
    ['smtp+insecure://localhost', { host: 'localhost', port: 25, security: 'none' }],
  ])('%s', (text, server) => expect(smtp(text)).toEqual(server))

  it.each([
    'mail.example.org',
    'mail.example.org:993',
    'https://mail.example.org',
    'smtps://mail.example.org',
    'imaps://',
    'imaps://user@mail.example.org',
    'imaps://user:secret@mail.example.org',
    'imaps://mail.example.org/INBOX',
    'imaps://mail.example.org?x',
    'imaps://mail.example.org:99999',
    'imaps://mail.example.org:0',
    'imaps://mail example.org',
  ])('refuses %s', (text) => expect(() => imap(text)).toThrow(InvalidArgumentError))

  it('never repeats a password that was written into an address', () => {
    expect(() => imap('imaps://user:hunter2@mail.example.org')).toThrow(/^(?!.*hunter2)/)
  })
})

describe('moments', () => {
  const now = new Date(2026, 0, 30, 12, 0)
  it('takes a day as 8 in the morning, here', () => {
    expect(moment('2026-02-01', now)).toBe(new Date(2026, 1, 1, 8).toISOString())
  })
  it('takes a time as local, or as its zone says', () => {
    expect(moment('2026-02-01T14:30', now)).toBe(new Date(2026, 1, 1, 14, 30).toISOString())
    expect(moment('2026-02-01 14:30', now)).toBe(new Date(2026, 1, 1, 14, 30).toISOString())
    expect(moment('2026-02-01T14:30Z', now)).toBe('2026-02-01T14:30:00.000Z')
  })
  it('counts from now', () => {
    expect(moment('2h', now)).toBe(new Date(2026, 0, 30, 14).toISOString())
    expect(moment('+3d', now)).toBe(new Date(2026, 1, 2, 12).toISOString())
    expect(moment('1w', now)).toBe(new Date(2026, 1, 6, 12).toISOString())
    expect(moment('30m', now)).toBe(new Date(2026, 0, 30, 12, 30).toISOString())
  })
  it('takes now as no moment at all', () => expect(moment('now', now)).toBeNull())
  it.each(['', 'soon', '2026-02-31', '2026-13-01', '2026-01-29', '2020-01-01T00:00', '0h', '5', '02/01/2026'])(
    'refuses %j',
    (text) => expect(() => moment(text, now)).toThrow(InvalidArgumentError),
  )
})

describe('other values', () => {
  it('takes states as people write them', () => {
    expect(stateName('needs-reply')).toBe('needs_reply')
    expect(viewName('Open')).toBe('open')
    expect(() => stateName('snoozed')).toThrow(/conversation snooze/)
    expect(() => stateName('open')).toThrow(/needs_reply, waiting, done/)
  })
  it('takes counts from 1', () => {
    expect(count('12')).toBe(12)
    for (const text of ['0', '-1', '1.5', 'x', '', '1e3', '9999999999']) expect(() => count(text), text).toThrow()
  })
  it('takes ids of digits', () => {
    expect(idText('0123')).toBe('0123')
    for (const text of ['', 'x', '1 2', '12345678901234567']) expect(() => idText(text), text).toThrow()
  })
  it('takes fingerprints with and without colons', () => {
    const plain = 'ab'.repeat(32)
    expect(fingerprint(plain.toUpperCase().replace(/(..)(?!$)/g, '$1:'))).toBe(plain)
    expect(() => fingerprint('abcd')).toThrow(InvalidArgumentError)
  })
  it('starts paths where the person is, also under npm', () => {
    expect(startFolder({}, '/here')).toBe('/here')
    expect(startFolder({ INIT_CWD: '/there' }, '/here')).toBe('/here')
    expect(startFolder({ INIT_CWD: '/there', npm_lifecycle_event: 'dispatch' }, '/here')).toBe('/there')
  })
})

describe('a moment that has been', () => {
  const now = new Date(2026, 1, 3, 10, 30)
  it.each([
    ['2026-01-31', 'start', new Date(2026, 0, 31)],
    ['2026-01-31', 'end', new Date(2026, 1, 1)],
    ['2026-01-31T14:30', 'end', new Date(2026, 0, 31, 14, 30)],
    ['2026-01-31T14:30:00Z', 'start', new Date(Date.UTC(2026, 0, 31, 14, 30))],
    ['30m', 'start', new Date(2026, 1, 3, 10)],
    ['2d', 'start', new Date(2026, 1, 1, 10, 30)],
  ] as const)('%s as %s', (text, edge, date) => expect(pastMoment(text, now, edge)).toBe(date.toISOString()))

  it.each(['', 'now', '2026-02-30', '2026', 'yesterday', '99999d'])('refuses %s', (text) =>
    expect(() => pastMoment(text, now, 'start')).toThrow(InvalidArgumentError),
  )
})
