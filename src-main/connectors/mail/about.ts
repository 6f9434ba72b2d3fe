import { MailSettings } from '#shared/model/index.ts'
import type { About } from '../connector.ts'

/** Mail over IMAP, as far as it is known without its code. */
export const aboutMail: About<MailSettings> = {
  network: 'mail',
  capabilities: {
    push: true,
    readFlag: true,
    answeredFlag: true,
    edits: false,
    deletions: true,
    login: true,
    imports: ['mbox', 'maildir', 'eml'],
    live: true,
    sends: false,
    finds: false,
    rereads: false,
    profiles: false,
  },
  parseSettings: (stored) => MailSettings.parse(stored),
  address: (settings) => settings.address,
}
