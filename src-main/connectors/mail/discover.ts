import { promises as dns } from 'node:dns'
import type { Http } from '#ports/index.ts'
import type { MailSuggestion } from '#shared/contract/index.ts'
import type { MailAuth, MailServer } from '#shared/model/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import { MAX_AUTOCONFIG_BYTES, readAutoconfig } from './autoconfig.ts'
import { inspectCertificate } from './connection.ts'
import { type KnownProvider, knownProviders } from './discover-table.ts'

/** What finding servers needs from the network; names and probes can be replaced in tests. */
export interface Finder {
  http: Http
  /** SRV records (RFC 2782), empty when there are none. */
  srv(name: string): Promise<{ name: string; port: number; priority: number; weight: number }[]>
  /** Names of mail exchangers, empty when there are none. */
  mx(domain: string): Promise<string[]>
  /** Whether a mail server with encryption answers there. Sends no password. */
  probe(server: MailServer, signal: AbortSignal): Promise<boolean>
}

const NO_RECORD = new Set(['ENODATA', 'ENOTFOUND', 'ESERVFAIL', 'EREFUSED', 'ETIMEOUT', 'ECONNREFUSED', 'EBADNAME', 'EAI_AGAIN'])

/** No such record, or no name server: both mean that this way leads nowhere. */
async function records<Row>(work: Promise<Row[]>): Promise<Row[]> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Error && 'code' in error && NO_RECORD.has(String(error.code))) return []
    throw error
  }
}

/** Finds servers with the computer's own name service and connections. */
export function systemFinder(http: Http): Finder {
  return {
    http,
    srv: (name) => records(dns.resolveSrv(name)),
    mx: async (domain) =>
      (await records(dns.resolveMx(domain))).sort((a, b) => a.priority - b.priority).map((one) => one.exchange.toLowerCase()),
    probe: async (server, signal) => {
      try {
        await inspectCertificate(server, signal)
        return true
      } catch (error) {
        if (error instanceof ProblemError || signal.aborted) return false
        throw error
      }
    },
  }
}

const FILE_MS = 6000
const PROBE_MS = 8000

/**
 * Looks for the servers of a mail address: well-known providers, the organisation's own autoconfig file, SRV records
 * (RFC 6186, RFC 8314), who takes its mail in, then usual names. Never sends a password, and only suggests encryption.
 * @throws ProblemError `address_invalid`.
 */
export async function discoverMail(address: string, finder: Finder): Promise<MailSuggestion> {
  const trimmed = address.trim()
  const domain = readDomain(trimmed)
  if (domain === null) throw new ProblemError('address_invalid', { address: trimmed.slice(0, 100) })
  const provider = knownProviders.find((one) => one.domains.includes(domain))
  if (provider !== undefined) return fromProvider(trimmed, provider)
  const [file, srv, hosted] = await Promise.all([
    fromFile(trimmed, domain, finder),
    fromSrv(trimmed, domain, finder),
    byExchanger(domain, finder),
  ])
  // who hosts the mail knows best how to sign in; the organisation's own word comes before it
  if (file !== null) return file
  if (srv !== null) return srv
  if (hosted !== null) return fromProvider(trimmed, hosted)
  return fromNames(trimmed, domain, finder)
}

function readDomain(address: string): string | null {
  const at = address.lastIndexOf('@')
  const domain = address.slice(at + 1).toLowerCase()
  if (at < 1 || address.length > 320 || /[\s<>"(),;:/?#\\[\]]/.test(address)) return null
  const ascii = URL.canParse(`http://${domain}`) ? new URL(`http://${domain}`).hostname : ''
  return /^(?=.{1,253}$)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+$/.test(ascii) && !/^[\d.]+$/.test(ascii) ? ascii : null
}

function fromProvider(address: string, provider: KnownProvider): MailSuggestion {
  const auth: MailAuth[] = [
    ...(provider.oauth === null ? [] : (['oauth2'] as const)),
    ...(provider.password ? (['password'] as const) : []),
  ]
  return { address, user: address, imap: provider.imap, smtp: provider.smtp, auth, provider: provider.oauth, source: 'provider' }
}

async function byExchanger(domain: string, finder: Finder): Promise<KnownProvider | null> {
  const [first] = await finder.mx(domain)
  if (first === undefined) return null
  return knownProviders.find((one) => one.mx.some((end) => `.${first.replace(/\.$/, '')}`.endsWith(end))) ?? null
}

/** The addresses that Mozilla's scheme names, encrypted ones only. */
async function fromFile(address: string, domain: string, finder: Finder): Promise<MailSuggestion | null> {
  const urls = [
    `https://autoconfig.${domain}/mail/config-v1.1.xml?emailaddress=${encodeURIComponent(address)}`,
    `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`,
  ]
  const files = await Promise.all(urls.map((url) => readFile(url, finder)))
  for (const xml of files) {
    const found = xml === null ? null : readAutoconfig(xml, address)
    if (found === null) continue
    const known = knownProviders.find((one) => one.imap.host === found.imap?.host)
    if (known !== undefined) return { ...fromProvider(address, known), source: 'well-known' }
    return {
      address,
      user: found.user ?? address,
      imap: found.imap,
      smtp: found.smtp,
      auth: ['password'],
      provider: null,
      source: 'well-known',
    }
  }
  return null
}

async function readFile(url: string, finder: Finder): Promise<string | null> {
  try {
    const response = await finder.http.fetch({ url, maxBytes: MAX_AUTOCONFIG_BYTES, timeoutMs: FILE_MS, maxRedirects: 3 })
    return response.status === 200 ? Buffer.from(response.body).toString('utf8') : null
  } catch (error) {
    if (error instanceof ProblemError) return null
    throw error
  }
}

async function fromSrv(address: string, domain: string, finder: Finder): Promise<MailSuggestion | null> {
  const look = async (service: string, security: 'tls' | 'starttls'): Promise<MailServer | null> => {
    const rows = (await finder.srv(`${service}._tcp.${domain}`)).sort((a, b) => a.priority - b.priority || b.weight - a.weight)
    const host = rows[0]?.name.replace(/\.$/, '').toLowerCase() ?? ''
    // a single dot says that the service is not offered (RFC 2782)
    return rows[0] === undefined || host === '' ? null : { host, port: rows[0].port, security }
  }
  const [imaps, imap, submissions, submission] = await Promise.all([
    look('_imaps', 'tls'),
    look('_imap', 'starttls'),
    look('_submissions', 'tls'),
    look('_submission', 'starttls'),
  ])
  const server = imaps ?? imap
  if (server === null) return null
  const known = knownProviders.find((one) => one.imap.host === server.host)
  if (known !== undefined) return { ...fromProvider(address, known), source: 'srv' }
  return {
    address,
    user: address,
    imap: server,
    smtp: submissions ?? submission,
    auth: ['password'],
    provider: null,
    source: 'srv',
  }
}

async function fromNames(address: string, domain: string, finder: Finder): Promise<MailSuggestion> {
  const imaps = ['imap', 'mail'].flatMap((name): MailServer[] => [
    { host: `${name}.${domain}`, port: 993, security: 'tls' },
    { host: `${name}.${domain}`, port: 143, security: 'starttls' },
  ])
  const signal = AbortSignal.timeout(PROBE_MS)
  const answers = await Promise.all(imaps.map((server) => finder.probe(server, signal)))
  const imap = imaps.find((_, index) => answers[index]) ?? null
  // SMTP is checked when it is first used; a server that reads mail under this name usually sends it too
  const smtp: MailServer | null =
    imap === null ? null : { host: imap.host.replace(/^imap\./, 'smtp.'), port: 587, security: 'starttls' }
  return {
    address,
    user: address,
    imap,
    smtp,
    auth: ['password'],
    provider: null,
    source: imap === null ? 'none' : 'common-name',
  }
}
