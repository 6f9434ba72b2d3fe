import { type Capabilities, MailSettings } from '#shared/model/index.ts'
import type { About } from '../connector.ts'

const capabilities: Capabilities = {
  push: true,
  readFlag: true,
  answeredFlag: true,
  edits: false,
  deletions: true,
  login: true,
  imports: ['mbox', 'maildir', 'eml'],
  live: true,
  sends: true,
  finds: true,
  rereads: false,
  profiles: false,
}

/** Mail over IMAP and SMTP, as far as it is known without its code. */
export const aboutMail: About<MailSettings> = {
  network: 'mail',
  capabilities,
  capabilitiesOf: ({ smtp }) => (smtp === null ? { ...capabilities, sends: false, finds: false } : capabilities),
  parseSettings: (stored) => MailSettings.parse(stored),
  address: (settings) => settings.address,
}
