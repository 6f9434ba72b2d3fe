import type { CertificateInfo, FeedCandidate, MailSuggestion } from '#shared/contract/index.ts'
import type { ImportReport, MailServer, Problem } from '#shared/model/index.ts'

/** What finding and signing in to an account needs from the connectors, beyond syncing; supplied by the host. */
export interface AccountTools {
  /** Looks for the servers of a mail address. Never sends a password. */
  discoverMail(address: string): Promise<MailSuggestion>
  /** Feeds at, or named by, a page's address. @throws `not_a_feed` */
  discoverFeed(url: string): Promise<FeedCandidate[]>
  /** The certificate a mail server shows. */
  inspectCertificate(server: MailServer): Promise<CertificateInfo>
  oauth: OAuthFlows
}

/** Sign-ins that go through the person's browser. */
export interface OAuthFlows {
  begin(input: {
    provider: 'google' | 'microsoft'
    address: string
    clientId: string
    clientSecret: string | null
  }): Promise<{ flow: string; url: string }>
  /** Resolves when the person finished or gave up. */
  wait(flow: string): Promise<{ done: boolean; problem: Problem | null }>
  /** The tokens of a finished flow, once, in the form in which the connector keeps them. @throws `not_found` */
  take(flow: string): Promise<string>
  close(): Promise<void>
}

/** Brings in the sample parliament: identities, accounts and their messages, by the same code that real accounts use. */
export type SampleLoader = (control: {
  signal: AbortSignal
  progress(done: number, total: number | null): void
}) => Promise<ImportReport>
