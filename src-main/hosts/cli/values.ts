import { resolve } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { ConversationState, type MailServer, View } from '#shared/model/index.ts'
import { UsageError } from './errors.ts'

/** Parsers of what is written at the command line. Each throws `InvalidArgumentError` with what to write instead. */

/** A path as the person meant it: from where they are, also when `npm run` moved to the program's folder. */
export function pathFrom(here: string, text: string): string {
  return resolve(here, text)
}

/** The folder that relative paths start from. */
export function startFolder(env: NodeJS.ProcessEnv, cwd: string): string {
  return env['npm_lifecycle_event'] === 'dispatch' && env['INIT_CWD'] ? env['INIT_CWD'] : cwd
}

export function count(text: string): number {
  const value = Number(text)
  if (!/^[0-9]{1,9}$/.test(text) || value < 1) throw new InvalidArgumentError('It must be a whole number from 1.')
  return value
}

export function portNumber(text: string): number {
  const value = Number(text)
  if (!/^[0-9]{1,5}$/.test(text) || value > 65535) throw new InvalidArgumentError('It must be a port, 0 to 65535.')
  return value
}

export function idText(text: string): string {
  if (!/^[0-9]{1,16}$/.test(text)) throw new InvalidArgumentError('It must be an id: digits, as the lists show them.')
  return text
}

export function idTexts(text: string, before: string[] | undefined): string[] {
  return [...(before ?? []), idText(text)]
}

export function collected(text: string, before: string[] | undefined): string[] {
  return [...(before ?? []), text]
}

const underscored = (text: string) => text.trim().toLowerCase().replaceAll('-', '_')

/** One of a list of words, told as a person may write them (`needs-reply`). */
export function oneOf<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const found = words.find((word) => word === underscored(text))
    if (found === undefined) throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`)
    return found
  }
}

/** What `inbox list --state` takes: the lists of the inbox. */
export const viewName = oneOf(View.options)

export function stateName(text: string): ConversationState {
  if (underscored(text) === 'snoozed') {
    throw new InvalidArgumentError('A snooze needs a date: dispatch conversation snooze ID --until DATE.')
  }
  return oneOf(ConversationState.options)(text)
}

/** A SHA-256 fingerprint as people copy it: with or without colons, in either case. */
export function fingerprint(text: string): string {
  const plain = text.replace(/[\s:]/g, '').toLowerCase()
  if (!/^[0-9a-f]{64}$/.test(plain)) throw new InvalidArgumentError('It must be a SHA-256 fingerprint: 64 hexadecimal digits.')
  return plain
}

interface Scheme {
  security: MailServer['security']
  port: number
}
const schemes: Record<'imap' | 'smtp', Record<string, Scheme>> = {
  imap: {
    'imaps:': { security: 'tls', port: 993 },
    'imap:': { security: 'starttls', port: 143 },
    'imap+insecure:': { security: 'none', port: 143 },
  },
  smtp: {
    'smtps:': { security: 'tls', port: 465 },
    'smtp:': { security: 'starttls', port: 587 },
    'smtp+insecure:': { security: 'none', port: 25 },
  },
}

/**
 * A mail server's address: `imaps://host[:993]` is TLS from the first byte, `imap://host[:143]` is STARTTLS, and
 * `imap+insecure://` is without encryption, on this computer only. The same for smtp (465, 587, 25).
 */
export function mailServer(kind: 'imap' | 'smtp'): (text: string) => MailServer {
  return (text) => {
    const known = schemes[kind]
    const example = `${kind}s://mail.example.org`
    const colon = text.indexOf('://')
    const scheme = known[`${text.slice(0, Math.max(0, colon)).toLowerCase()}:`]
    if (!scheme)
      throw new InvalidArgumentError(`It must be an address like ${example} (or ${Object.keys(known).join('//, ')}//).`)
    // The program's own schemes are opaque to the URL parser, so the rest is read as a web address.
    const rest = `http://${text.slice(colon + 3)}`
    const url = URL.canParse(rest) ? new URL(rest) : null
    if (!url?.hostname || !/^[^/?#]*\/?$/.test(text.slice(colon + 3))) {
      throw new InvalidArgumentError(`It must be an address like ${example}, with nothing after the host and port.`)
    }
    if (url.username || url.password)
      throw new InvalidArgumentError('Leave user and password out; they have options of their own.')
    if (url.port === '0') throw new InvalidArgumentError('A port is 1 to 65535.')
    const given = /:([0-9]+)\/?$/.exec(text.slice(colon + 3))?.[1]
    const host = url.hostname.replace(/^\[|\]$/g, '')
    return { host, port: given === undefined ? scheme.port : Number(given), security: scheme.security }
  }
}

/** Hour at which a day begins that was named without a time. */
const MORNING = 8

/**
 * A moment to come: `2026-02-01` (8 in the morning, local time), `2026-02-01T14:30` (local), with `Z` or an offset, or from
 * now on: `30m`, `2h`, `3d`, `1w`. `now` ends a snooze.
 * @returns ISO 8601 UTC, or null for `now`.
 */
export function moment(text: string, now: Date): string | null {
  const wanted = text.trim()
  if (wanted.toLowerCase() === 'now') return null
  const later = /^\+?([0-9]{1,4})\s*([mhdw])$/i.exec(wanted)
  const date = later ? fromNow(now, Number(later[1]), (later[2] ?? '').toLowerCase()) : written(wanted, MORNING)
  if (date === null || Number.isNaN(date.getTime())) {
    throw new InvalidArgumentError(
      'It must be a date such as 2026-02-01 or 2026-02-01T14:30, a time from now such as 2h or 3d, or now.',
    )
  }
  if (date.getTime() <= now.getTime()) throw new InvalidArgumentError('That time has already passed.')
  return date.toISOString()
}

function fromNow(now: Date, amount: number, unit: string): Date {
  const date = new Date(now)
  // By the calendar, so that `3d` is the same hour also across a change of the clocks.
  if (unit === 'd' || unit === 'w') date.setDate(date.getDate() + amount * (unit === 'w' ? 7 : 1))
  else date.setTime(date.getTime() + amount * (unit === 'h' ? 3_600_000 : 60_000))
  return date
}

/**
 * A moment that has been: `2026-01-31` (its start or its end, local time), `2026-01-31T14:30` (local), with `Z` or an offset, or
 * so long ago: `30m`, `2h`, `3d`, `1w`.
 * @returns ISO 8601 UTC.
 */
export function pastMoment(text: string, now: Date, edge: 'start' | 'end'): string {
  const wanted = text.trim()
  const ago = /^-?([0-9]{1,4})\s*([mhdw])$/i.exec(wanted)
  const date = ago ? fromNow(now, -Number(ago[1]), (ago[2] ?? '').toLowerCase()) : written(wanted, edge === 'start' ? 0 : 24)
  if (date === null || Number.isNaN(date.getTime())) {
    throw new InvalidArgumentError('It must be a date such as 2026-01-31 or 2026-01-31T14:30, or a time ago such as 12h or 30d.')
  }
  return date.toISOString()
}

function written(text: string, hour: number): Date | null {
  const day = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text)
  if (day) {
    const [year, month, date] = [Number(day[1]), Number(day[2]) - 1, Number(day[3])]
    const found = new Date(year, month, date)
    if (found.getMonth() !== month || found.getDate() !== date) return null
    found.setHours(hour)
    return found
  }
  return /^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}/.test(text) ? new Date(text.replace(' ', 'T')) : null
}

/** The password in an environment variable. @throws UsageError when it is not set. */
export function passwordFrom(env: NodeJS.ProcessEnv, variable: string): string {
  const password = env[variable]
  if (!password) throw new UsageError(`The environment variable ${variable} is not set, so there is no password to use.`)
  return password
}
