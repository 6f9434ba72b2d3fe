import { createHash } from 'node:crypto'
import tls from 'node:tls'
import type { CertificateInfo } from '#shared/contract/index.ts'
import { ConnectorFault } from '../fault.ts'
import { faultOfAuthority } from './authority.ts'

/**
 * The authorities this computer trusts, and one more when the account has its own.
 * @throws ConnectorFault `decision` / `bad_request` when that one is no certificate.
 */
export function trustedAuthorities(extra: string | null): string[] | undefined {
  const fault = extra === null ? null : faultOfAuthority(extra)
  if (fault !== null) throw new ConnectorFault('decision', 'bad_request', { detail: `the extra authority ${fault}` })
  // Node 22.15 and later can read the system's store, where an organisation keeps its own authority
  const system = 'getCACertificates' in tls ? [...tls.getCACertificates('default'), ...tls.getCACertificates('system')] : null
  if (system === null && extra === null) return undefined
  const all = new Set(system ?? tls.rootCertificates)
  if (extra !== null) all.add(extra)
  return [...all]
}

export function fingerprintOf(certificate: tls.PeerCertificate): string {
  return createHash('sha256').update(certificate.raw).digest('hex')
}

/**
 * Decides whether the server at the other end is the one that is meant, before anything secret is sent.
 * @throws ConnectorFault `decision`: `tls_changed` (not the one that was accepted), `tls_expired`, `tls_mismatch`, `tls_untrusted`.
 */
export function judgeCertificate(socket: tls.TLSSocket, host: string, pinned: string | undefined, now: number): void {
  if (socket.authorized) return
  const certificate = socket.getPeerCertificate()
  if (certificate.raw === undefined) throw new ConnectorFault('decision', 'tls_untrusted', { host, fingerprint: 'none' })
  const fingerprint = fingerprintOf(certificate)
  if (pinned === fingerprint) return
  if (pinned !== undefined) throw new ConnectorFault('decision', 'tls_changed', { host, fingerprint })
  const reason = String(socket.authorizationError)
  if (reason.includes('CERT_HAS_EXPIRED') || Date.parse(certificate.valid_to) < now)
    throw new ConnectorFault('decision', 'tls_expired', { host, date: day(certificate.valid_to), fingerprint })
  if (reason.includes('ERR_TLS_CERT_ALTNAME_INVALID')) throw new ConnectorFault('decision', 'tls_mismatch', { host, fingerprint })
  throw new ConnectorFault('decision', 'tls_untrusted', { host, fingerprint })
}

/** What a person is shown of a certificate before accepting it. */
export function describeCertificate(certificate: tls.PeerCertificate, host: string, port: number): CertificateInfo {
  return {
    host,
    port,
    fingerprint: fingerprintOf(certificate),
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    validFrom: instant(certificate.valid_from),
    validTo: instant(certificate.valid_to),
  }
}

function nameOf(name: tls.Certificate | undefined): string {
  if (name === undefined) return ''
  return [name.CN, name.O, name.C]
    .flat()
    .filter((part) => part !== undefined && part !== '')
    .join(', ')
}

function instant(date: string): string {
  const time = Date.parse(date)
  return Number.isNaN(time) ? date : new Date(time).toISOString()
}

function day(date: string): string {
  return instant(date).slice(0, 10)
}

/** Only there may a mailbox be read without encryption: nothing leaves the computer. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host)
}
