import type { SMTPError } from 'nodemailer/lib/smtp-connection'
import type { ProblemCode } from '#shared/model/index.ts'
import { ConnectorFault, type FaultKind } from '../../fault.ts'
import { cleanLine, clip } from '../mime/header.ts'

/** Asked to come again without being told when: greylisting mostly lets through after one to five minutes. */
const GREY_PAUSE_MS = 90_000
const RATE_PAUSE_MS = 5 * 60_000

const unreachable = /ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|EAI_AGAIN/
const rates = /too many|too fast|rate|throttl|limit|quota|slow down/i

/** Where in a delivery a fault came, as far as it matters. */
export interface Stage {
  host: string
  /** Milliseconds since 1970. */
  now: number
  /** The end of the mail may have reached the server: from then on silence means nothing. */
  handed: boolean
}

/**
 * A fault of an SMTP server in the program's words (RFC 5321 section 4.2, RFC 3463). `untaken` is set where the server cannot have the mail:
 * before its end was handed over, or when the server's answer to that end was a refusal. The server's words to a refusal are kept, cut to
 * one short line. What is no fault of the network is told as `internal`, with its own error as the cause.
 */
export function toSmtpFault(error: unknown, stage: Stage): ConnectorFault {
  const { host, now } = stage
  const known = error instanceof ConnectorFault ? error : null
  const clues = (error instanceof Error ? error : new Error(String(error))) as SMTPError
  const reply = clues.responseCode ?? 0
  // 421 is also said by a server that goes down while it works, so after the end it decides nothing
  const untaken = !stage.handed || (reply >= 400 && reply !== 421)
  if (known !== null) return known.untaken === untaken ? known : copyOf(known, untaken)
  const fault = (kind: FaultKind, code: ProblemCode, params: Record<string, string> = {}, retryAt?: number) =>
    new ConnectorFault(
      kind,
      code,
      { host, ...params },
      { untaken, cause: plain(clues), ...(retryAt === undefined ? {} : { retryAt }) },
    )
  const refused = clues.rejectedErrors ?? []
  if (refused.length > 0) return fromRecipients(refused, fault, now)
  const detail = words(clues)
  if (clues.code === 'ETLS' || /wrong version number/i.test(clues.message))
    return /wrong version number|STARTTLS/i.test(`${clues.message} ${clues.command}`)
      ? fault('decision', 'tls_missing')
      : fault('transient', 'protocol', { detail: 'TLS' })
  if (reply >= 400) {
    if (clues.code === 'EAUTH' || reply === 530 || reply === 535)
      return reply >= 500 ? fault('login', 'login_failed') : fault('transient', 'mail_deferred', { detail })
    if (clues.permanent === false || reply < 500) return later(clues, fault, now)
    return fault('decision', 'mail_refused', { detail })
  }
  if (clues.code === 'EAUTH') return fault('login', 'login_failed')
  if (clues.code === 'EDNS' || /ENOTFOUND/.test(clues.message)) return fault('transient', 'host_unknown')
  if (clues.code === 'ETIMEDOUT') return fault('transient', 'timed_out')
  if (unreachable.test(clues.message)) return fault('transient', 'host_unreachable')
  if (clues.code === 'EPROTOCOL') return fault('transient', 'protocol', { detail: 'SMTP' })
  if (clues.code === 'ECONNECTION' || clues.code === 'ESOCKET' || clues.code === 'EENVELOPE' || clues.code === 'EMESSAGE')
    return fault('transient', 'connection_lost')
  return new ConnectorFault('decision', 'internal', { detail: `${clues.name} while sending` }, { untaken, cause: error })
}

type Fault = (kind: FaultKind, code: ProblemCode, params?: Record<string, string>, retryAt?: number) => ConnectorFault

/** One refused recipient keeps the mail from all: those that are refused for good are named, else those that are refused for now. */
function fromRecipients(refused: SMTPError[], fault: Fault, now: number): ConnectorFault {
  const lost = refused.filter((one) => (one.responseCode ?? 0) >= 500)
  const first = (lost[0] ?? refused[0]) as SMTPError
  if (first.responseCode === 530) return fault('login', 'login_failed')
  if (lost.length === 0) return later(first, fault, now)
  const addresses = lost.map((one) => one.recipient ?? '').filter((address) => address !== '')
  return fault('decision', 'recipients_refused', { addresses: clip(cleanLine(addresses.join(', ')), 500), detail: words(first) })
}

function later(clues: SMTPError, fault: Fault, now: number): ConnectorFault {
  const detail = words(clues)
  if (rates.test(detail)) return fault('rate', 'rate_limited', {}, now + RATE_PAUSE_MS)
  return fault('transient', 'mail_deferred', { detail }, now + GREY_PAUSE_MS)
}

/** What the server answered, as one line for showing. */
function words(clues: SMTPError): string {
  return clip(cleanLine((clues.response ?? '').replace(/\r?\n\d{3}[- ]/g, ' ')), 200) || 'no answer'
}

function copyOf(fault: ConnectorFault, untaken: boolean): ConnectorFault {
  const { kind, code, params, retryAt, cause } = fault
  return new ConnectorFault(kind, code, params, { untaken, cause, ...(retryAt === null ? {} : { retryAt }) })
}

/** Name and code only: a cause is logged, and addresses in it would be too. */
function plain(error: SMTPError): Error {
  return new Error([error.name, error.code, error.command, error.responseCode].filter((part) => part !== undefined).join(' '))
}
