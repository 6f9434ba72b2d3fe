import { z } from 'zod'
import { AccountId, IdentityId, MailServer, SmsSettings } from '../model/index.ts'

/** Where an account is signed in to in the browser, and what the network needs to know before. */
export const BrowserSignIn = z.discriminatedUnion('provider', [
  z.object({
    /** Mail. */
    provider: z.enum(['google', 'microsoft']),
    address: z.string().max(320),
    clientId: z.string().min(1).max(300),
    clientSecret: z.string().max(300).nullable(),
  }),
  z.object({
    provider: z.literal('mastodon'),
    /** Its name or address, as the person knows it. */
    server: z.string().trim().min(1).max(300),
  }),
  z.object({
    provider: z.literal('bluesky'),
    handle: z.string().trim().min(1).max(320),
    /** Its name or address; null: the one that the handle leads to. */
    server: z.string().trim().min(1).max(300).nullable(),
  }),
])
export type BrowserSignIn = z.infer<typeof BrowserSignIn>

/** How somebody signs in to an account of a network. A network adds a member for each way that needs no browser. */
export const AccountLogin = z.discriminatedUnion('kind', [
  /** A finished sign-in from `accounts.oauthBegin`. */
  z.object({ kind: z.literal('flow'), flow: z.string().min(1).max(100) }),
  /** A token that the person made on the server's own page. */
  z.object({
    kind: z.literal('mastodon'),
    server: z.string().trim().min(1).max(300),
    token: z.string().min(1).max(10_000),
  }),
  /** A password, best one that the account's settings on the network made for this program. */
  z.object({
    kind: z.literal('bluesky'),
    handle: z.string().trim().min(1).max(320),
    /** Its name or address; null: the one that the handle leads to. */
    server: z.string().trim().min(1).max(300).nullable(),
    password: z.string().min(1).max(10_000),
  }),
  /** A gateway for text messages. */
  z.object({ kind: z.literal('sms'), settings: SmsSettings, password: z.string().min(1).max(10_000) }),
  /** An application password of a WordPress site, whose interface is looked for. */
  z.object({
    kind: z.literal('blog'),
    site: z.string().trim().min(1).max(2000),
    user: z.string().min(1).max(320),
    password: z.string().min(1).max(10_000),
  }),
])
export type AccountLogin = z.infer<typeof AccountLogin>

/** How a mailbox sends. What is left out stays as it is; `smtp` null ends sending. */
export const SendingInput = z.object({
  id: AccountId,
  identityId: IdentityId,
  smtp: MailServer.nullable().optional(),
  name: z.string().trim().max(200).optional(),
  perMinute: z.number().int().min(1).max(6000).optional(),
  acceptFingerprint: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
})
