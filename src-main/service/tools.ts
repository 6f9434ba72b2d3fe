import type { AccountLogin, BrowserSignIn, CertificateInfo, FeedCandidate, MailSuggestion } from '#shared/contract/index.ts'
import type { AccountSettings, ImportReport, MailServer, Problem } from '#shared/model/index.ts'

/** What finding and signing in to an account needs from the connectors, beyond syncing; supplied by the host. */
export interface AccountTools {
  /** Looks for the servers of a mail address. Never sends a password. */
  discoverMail(address: string): Promise<MailSuggestion>
  /** Feeds at, or named by, a page's address. @throws `not_a_feed` */
  discoverFeed(url: string): Promise<FeedCandidate[]>
  /** The certificate a mail server shows. */
  inspectCertificate(server: MailServer): Promise<CertificateInfo>
  oauth: OAuthFlows
  /** What a sign-in gives. A flow's can be had once. @throws `not_found` for a flow; what the network said. */
  signedIn(login: AccountLogin): Promise<SignedInAccount>
}

export interface SignedInAccount {
  /** In the form in which the connector keeps it. */
  secret: string
  /** Null where only the person knows them (mail). */
  settings: AccountSettings | null
  label: string | null
}

/** Sign-ins that go through the person's browser. */
export interface OAuthFlows {
  begin(input: BrowserSignIn): Promise<{ flow: string; url: string }>
  /** Resolves when the person finished or gave up. */
  wait(flow: string): Promise<{ done: boolean; problem: Problem | null }>
  close(): Promise<void>
}

/** Brings in the sample parliament: identities, accounts and their messages, by the same code that real accounts use. */
export type SampleLoader = (control: {
  signal: AbortSignal
  progress(done: number, total: number | null): void
}) => Promise<ImportReport>
