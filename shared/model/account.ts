import { z } from 'zod'
import { AccountId, IdentityId, Instant } from './ids.ts'
import { Problem } from './problem.ts'

/** Networks with a connector. A new one is a folder in `src-main/connectors`, a line in its registry and a name here. */
export const Network = z.enum([
  'mail',
  'feed',
  'x',
  'mastodon',
  'bluesky',
  'facebook',
  'instagram',
  'linkedin',
  'youtube',
  'sms',
  'blog',
])
export type Network = z.infer<typeof Network>

/** Networks that hand a person their own history as an export, a file or several. */
export const ArchiveNetwork = Network.extract(['x', 'mastodon', 'bluesky', 'facebook', 'instagram', 'linkedin', 'youtube'])
export type ArchiveNetwork = z.infer<typeof ArchiveNetwork>

/** Kinds of files that messages can be imported from. `archive`: what a network exports of an account. */
export const ImportFormat = z.enum(['mbox', 'maildir', 'eml', 'archive'])
export type ImportFormat = z.infer<typeof ImportFormat>

/** What a connector can do, declared once by the connector and shown to the interface. */
export const Capabilities = z.object({
  /** The network tells us of new messages by itself (IDLE, streaming). */
  push: z.boolean(),
  /** Read and unread are kept by the network and follow both ways. */
  readFlag: z.boolean(),
  /** Answered is kept by the network and follows both ways. */
  answeredFlag: z.boolean(),
  /** Messages can be edited in place. */
  edits: z.boolean(),
  /** The network tells of deletions. */
  deletions: z.boolean(),
  /** The account has a sign-in. */
  login: z.boolean(),
  /** Import formats that this network's account accepts. */
  imports: z.array(ImportFormat),
  /** The account can be kept in step with its network; without it, it holds what is imported. */
  live: z.boolean(),
  /** Something can be sent or done there. What exactly, the account's server says. @see SendLimits */
  sends: z.boolean(),
  /** The network can be asked whether something that was sent has arrived. */
  finds: z.boolean(),
  /** Own messages can be read again by their id. */
  rereads: z.boolean(),
  /** The network tells who is behind a handle. */
  profiles: z.boolean(),
})
export type Capabilities = z.infer<typeof Capabilities>

export const AccountPhase = z.enum(['connecting', 'backfilling', 'live', 'retrying', 'needs_login', 'paused'])
export type AccountPhase = z.infer<typeof AccountPhase>

export const Progress = z.object({ done: z.number().int().nonnegative(), total: z.number().int().nonnegative().nullable() })
export type Progress = z.infer<typeof Progress>

export const AccountStatus = z.object({
  phase: AccountPhase,
  since: Instant,
  /** Why, for retrying, needs_login and paused-by-fault; null when all is well or paused by a person. */
  reason: Problem.nullable(),
  nextTryAt: Instant.nullable(),
  /** Of a first sync or a large catch-up. */
  progress: Progress.nullable(),
  /** When the last complete pass over the account ended. */
  lastSyncAt: Instant.nullable(),
})
export type AccountStatus = z.infer<typeof AccountStatus>

export const Account = z.object({
  id: AccountId,
  identityId: IdentityId,
  network: Network,
  /** What a person calls it; the address or the feed's title until renamed. */
  label: z.string(),
  /** Mail address or feed address, for showing. */
  address: z.string(),
  capabilities: Capabilities,
  status: AccountStatus,
})
export type Account = z.infer<typeof Account>

const host = z.string().trim().toLowerCase().min(1).max(253)
const port = z.number().int().min(1).max(65535)

/** `tls` from the first byte, `starttls` before the login; `none` is accepted on loopback only. */
export const MailSecurity = z.enum(['tls', 'starttls', 'none'])
export type MailSecurity = z.infer<typeof MailSecurity>
export const MailServer = z.object({ host, port, security: MailSecurity })
export type MailServer = z.infer<typeof MailServer>

/** How a mail account signs in. The secret itself lives in the keychain under the account's id. */
export const MailAuth = z.enum(['password', 'oauth2'])
export type MailAuth = z.infer<typeof MailAuth>

export const MailSettings = z.object({
  address: z.string().trim().min(1).max(320),
  user: z.string().min(1).max(320),
  auth: MailAuth,
  imap: MailServer,
  /** Where mail is sent through; null where the account only reads. */
  smtp: MailServer.nullable(),
  /** What stands before the address in mail that is sent. */
  name: z.string().trim().max(200).optional(),
  /** Mails sent in a minute at most; 20 where nobody said. */
  perMinute: z.number().int().min(1).max(6000).optional(),
  /** Folders to sync by their path; empty means the useful ones by special use. */
  folders: z.array(z.string().min(1).max(1000)).max(500),
  /** PEM of an extra authority to trust for this account only. */
  ca: z.string().max(100_000).nullable(),
  /** SHA-256 fingerprints (hex, lower case, no colons) of certificates that a person accepted, by `host:port`. */
  pins: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
})
export type MailSettings = z.infer<typeof MailSettings>

export const FeedSettings = z.object({
  url: z.url({ protocol: /^https?$/ }).max(2000),
  /** Minutes between polls. */
  every: z.number().int().min(1).max(1440),
})
export type FeedSettings = z.infer<typeof FeedSettings>

const smsNumber = {
  /** The own number in E.164, or the short code or name that texts are sent from. */
  number: z.string().trim().min(1).max(20),
  /** ISO 3166 code of the country that numbers without `+` are from; null where only numbers with one are taken. */
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .nullable(),
}
const webAddress = z.url({ protocol: /^https?$/ }).max(2000)
/** Minutes between polls. */
const every = z.number().int().min(1).max(1440)

/** Text messages by one gateway. The password lives in the keychain under the account's id. */
export const SmsSettings = z.discriminatedUnion('provider', [
  z.object({
    provider: z.literal('twilio'),
    ...smsNumber,
    accountSid: z.string().regex(/^AC[0-9a-fA-F]{32}$/),
    /** An API key to sign in with in the place of the account itself. */
    keySid: z
      .string()
      .regex(/^SK[0-9a-fA-F]{32}$/)
      .nullable(),
    server: webAddress,
    every,
  }),
  z.object({
    provider: z.literal('kannel'),
    ...smsNumber,
    /** Of `sendsms`, as the smsbox offers it. */
    url: webAddress,
    user: z.string().min(1).max(320),
    /** Where this computer takes in what Kannel hands over: texts and delivery reports. Null: it only sends. */
    receive: z.object({ port, token: z.string().regex(/^[A-Za-z0-9_-]{16,200}$/) }).nullable(),
  }),
  z.object({
    provider: z.literal('android'),
    ...smsNumber,
    /** Of the app's own server on the phone, or of the relay. */
    url: webAddress,
    user: z.string().min(1).max(320),
    /** Slot of the SIM that sends, from 1; null: the phone's usual one. */
    sim: z.number().int().min(1).max(3).nullable(),
    every,
  }),
])
export type SmsSettings = z.infer<typeof SmsSettings>

/** A WordPress site. The application password lives in the keychain under the account's id. */
export const BlogSettings = z.object({
  /** Address of its front page. */
  site: webAddress,
  /** Where its REST API begins: `.../wp-json/`, or `...?rest_route=/` with plain permalinks. */
  api: webAddress,
  user: z.string().min(1).max(320),
  /** The user's id there; null where it is not known. */
  userId: z.number().int().positive().nullable(),
  title: z.string().max(200),
  every,
})
export type BlogSettings = z.infer<typeof BlogSettings>

/**
 * Whose account it is, of those whose messages come from exports. What is null is taken from the first export: an export
 * of anybody else is refused afterwards.
 */
export const ArchiveSettings = z.object({
  /** As the network shows it, without `@`: a name that can be changed. */
  handle: z.string().trim().min(1).max(320).nullable(),
  /** The network's own id of the account, which never changes; null where exports do not tell it. */
  userId: z.string().min(1).max(320).nullable(),
  /** The server that the account is on, for networks of many. */
  server: z.string().trim().toLowerCase().min(1).max(253).nullable(),
})
export type ArchiveSettings = z.infer<typeof ArchiveSettings>

/** Beside whose account it is, where it is read live; null while it only holds what was imported. */
export const MastodonSettings = ArchiveSettings.extend({
  live: z
    .object({
      /** Scheme, host and port of the server, as the person typed it. */
      origin: z.url({ protocol: /^https?$/ }).max(300),
      /** The server's own id of the account. Digits with some servers, anything with others. */
      id: z.string().min(1).max(320),
    })
    .nullable()
    .default(null),
})
export type MastodonSettings = z.infer<typeof MastodonSettings>

/** Beside whose account it is (`userId` is the DID), where it is read live; null while it only holds what was imported. */
export const BlueskySettings = ArchiveSettings.extend({
  live: z
    .object({
      /** Scheme, host and port of the server that has the account's repository. */
      origin: z.url({ protocol: /^https?$/ }).max(300),
      /** A person named the server; else the account's DID document did. */
      typed: z.boolean(),
    })
    .nullable()
    .default(null),
})
export type BlueskySettings = z.infer<typeof BlueskySettings>

/** Settings by network; stored as JSON in the account's row and parsed on the way out. */
export const AccountSettings = z.discriminatedUnion('network', [
  z.object({ network: z.literal('mail'), mail: MailSettings }),
  z.object({ network: z.literal('feed'), feed: FeedSettings }),
  z.object({ network: z.literal('x'), x: ArchiveSettings }),
  z.object({ network: z.literal('mastodon'), mastodon: MastodonSettings }),
  z.object({ network: z.literal('bluesky'), bluesky: BlueskySettings }),
  z.object({ network: z.literal('facebook'), facebook: ArchiveSettings }),
  z.object({ network: z.literal('instagram'), instagram: ArchiveSettings }),
  z.object({ network: z.literal('linkedin'), linkedin: ArchiveSettings }),
  z.object({ network: z.literal('youtube'), youtube: ArchiveSettings }),
  z.object({ network: z.literal('sms'), sms: SmsSettings }),
  z.object({ network: z.literal('blog'), blog: BlogSettings }),
])
export type AccountSettings = z.infer<typeof AccountSettings>
