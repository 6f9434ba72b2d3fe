import type { MailServer } from '#shared/model/index.ts'

/** A provider's servers, from its own published settings. */
export interface KnownProvider {
  /** Domains of its addresses. */
  domains: string[]
  /** Ends of the MX names of organisations that keep their mail there. */
  mx: string[]
  imap: MailServer
  smtp: MailServer
  oauth: 'google' | 'microsoft' | null
  /** Takes passwords (of the account or made for one program) beside OAuth2. */
  password: boolean
}

const tls = (host: string, port: number): MailServer => ({ host, port, security: 'tls' })
const starttls = (host: string, port: number): MailServer => ({ host, port, security: 'starttls' })
const plain = (domains: string[], host: string, smtp: MailServer, mx: string[] = []): KnownProvider => ({
  domains,
  mx,
  imap: tls(host, 993),
  smtp,
  oauth: null,
  password: true,
})

export const knownProviders: KnownProvider[] = [
  {
    domains: ['gmail.com', 'googlemail.com'],
    mx: ['.google.com', '.googlemail.com'],
    imap: tls('imap.gmail.com', 993),
    smtp: tls('smtp.gmail.com', 465),
    oauth: 'google',
    // app passwords, for accounts with two-step verification
    password: true,
  },
  {
    domains: [
      'outlook.com',
      'hotmail.com',
      'live.com',
      'msn.com',
      'outlook.fr',
      'outlook.es',
      'hotmail.fr',
      'hotmail.es',
      'hotmail.co.uk',
    ],
    mx: ['.protection.outlook.com', '.mx.microsoft'],
    imap: tls('outlook.office365.com', 993),
    smtp: starttls('smtp.office365.com', 587),
    oauth: 'microsoft',
    // basic authentication was switched off in 2022 (business) and 2024 (personal)
    password: false,
  },
  plain(['icloud.com', 'me.com', 'mac.com'], 'imap.mail.me.com', starttls('smtp.mail.me.com', 587), ['.mail.icloud.com']),
  plain(
    ['yahoo.com', 'yahoo.co.uk', 'yahoo.fr', 'yahoo.es', 'ymail.com'],
    'imap.mail.yahoo.com',
    tls('smtp.mail.yahoo.com', 465),
    ['.yahoodns.net'],
  ),
  plain(['aol.com'], 'imap.aol.com', tls('smtp.aol.com', 465)),
  plain(['fastmail.com', 'fastmail.fm'], 'imap.fastmail.com', tls('smtp.fastmail.com', 465), ['.messagingengine.com']),
  plain(['gmx.net', 'gmx.de', 'gmx.at', 'gmx.ch'], 'imap.gmx.net', tls('mail.gmx.net', 465)),
  plain(['gmx.com', 'gmx.fr', 'gmx.es', 'gmx.co.uk'], 'imap.gmx.com', tls('mail.gmx.com', 465)),
  plain(['web.de'], 'imap.web.de', tls('smtp.web.de', 465)),
  plain(['mailbox.org'], 'imap.mailbox.org', tls('smtp.mailbox.org', 465), ['.mailbox.org']),
  plain(['posteo.de', 'posteo.net'], 'posteo.de', tls('posteo.de', 465), ['.posteo.de']),
  plain(['zoho.com'], 'imap.zoho.com', tls('smtp.zoho.com', 465), ['.zoho.com']),
  plain(['zoho.eu'], 'imap.zoho.eu', tls('smtp.zoho.eu', 465), ['.zoho.eu']),
  plain(['orange.fr', 'wanadoo.fr'], 'imap.orange.fr', tls('smtp.orange.fr', 465)),
  plain(['free.fr'], 'imap.free.fr', tls('smtp.free.fr', 465)),
  plain(['laposte.net'], 'imap.laposte.net', tls('smtp.laposte.net', 465)),
]
