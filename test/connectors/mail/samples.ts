import type { MailSettings } from '#shared/model/index.ts'
import type { Dovecot } from '../../support/dovecot.ts'

/** Settings of the test user's account on a server; without encryption unless changed, since it is loopback. */
export function settingsFor(server: Dovecot, change: Partial<MailSettings> = {}): MailSettings {
  return {
    address: server.user,
    user: server.user,
    auth: 'password',
    imap: { host: server.host, port: server.imap, security: 'none' },
    smtp: null,
    folders: [],
    ca: null,
    pins: {},
    ...change,
  }
}

/** A mail of a few lines; its Message-ID is made from the subject. */
export function mail(subject: string, change: { from?: string; headers?: string; body?: string } = {}): string {
  return [
    `From: ${change.from ?? 'Ada Citizen <ada@citizen.example>'}`,
    'To: office@parliament.example',
    `Subject: ${subject}`,
    `Message-ID: <${subject.replaceAll(/\W+/g, '.')}@test.example>`,
    'Date: Mon, 5 Jan 2026 10:00:00 +0000',
    ...(change.headers === undefined ? [] : [change.headers]),
    '',
    change.body ?? `About ${subject}.`,
    '',
  ].join('\r\n')
}

const parts = (boundary: string, ...bodies: string[]) =>
  `${bodies.map((body) => `--${boundary}\r\n${body}\r\n`).join('')}--${boundary}--\r\n`
/** A multipart of any kind, its header included. */
export const multipart = (kind: string, boundary: string, ...bodies: string[]) =>
  `Content-Type: multipart/${kind}; boundary="${boundary}"\r\n\r\n${parts(boundary, ...bodies)}`
/** A part that is an attachment. */
export const file = (name: string, body = 'x') =>
  `Content-Type: text/x-thing; name="${name}"\r\nContent-Disposition: attachment\r\n\r\n${body}`
