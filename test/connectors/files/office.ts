import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImportRequest } from '#connectors/connector.ts'
import { importFiles } from '#connectors/mail/files/import.ts'
import type { MailSettings } from '#shared/model/index.ts'
import { MemoryOffice } from '../../support/context.ts'

const server = { host: 'mail.parliament.example', port: 993, security: 'tls' } as const
const settings: MailSettings = {
  address: 'office@parliament.example',
  user: 'office',
  auth: 'password',
  imap: server,
  smtp: null,
  folders: [],
  ca: null,
  pins: {},
}

/** An office with one mail account that has nothing in it. */
export function emptyOffice(): MemoryOffice<MailSettings> {
  return new MemoryOffice({ settings })
}

/** Imports and gives the counts; mail makes no remarks. */
export async function bring(
  office: MemoryOffice<MailSettings>,
  format: ImportRequest['format'],
  path: string,
  signal = new AbortController().signal,
) {
  const { remarks, ...counts } = await importFiles({ format, path, parts: [] }, office.open(), signal)
  if (remarks.length > 0) throw new Error('an import of mail made remarks')
  return counts
}

/** A folder for one test, and how to be rid of it. */
export async function scratch(): Promise<{ dir: string; remove: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'dispatch-files-'))
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) }
}

/** A short mail with LF line ends. */
export function mail(
  subject: string,
  more: { from?: string; header?: string; body?: string; date?: string | null } = {},
): string {
  const {
    from = 'Ana <ana@example.org>',
    header = '',
    body = `body of ${subject}`,
    date = 'Tue, 3 Mar 2026 10:00:00 +0000',
  } = more
  return `From: ${from}\nTo: office@parliament.example\nSubject: ${subject}\nMessage-ID: <${subject.replaceAll(' ', '.')}@example.org>\n${date === null ? '' : `Date: ${date}\n`}${header}\n${body}\n`
}

/** Mails as an mbox with LF line ends. */
export function mbox(mails: string[], fromLine = 'From ana@example.org Tue Mar  3 10:00:00 2026'): string {
  return mails.map((text) => `${fromLine}\n${text.replace(/^(>*From )/gm, '>$1')}\n`).join('')
}
