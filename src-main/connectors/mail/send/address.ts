import { domainToASCII } from 'node:url'
import { ConnectorFault } from '../../fault.ts'

/** Local part: a dot-atom of any script (RFC 6531 section 3.3), or a quoted string. */
const local = /^(?:[^\s<>()[\],;:\\"@\p{Cc}\p{Cs}]+|"(?:[^"\\\p{Cc}\p{Cs}]|\\[^\p{Cc}\p{Cs}])*")$/u
/** As SMTP writes it: labels, or an address literal (RFC 5321 section 4.1.3). */
const domains = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[a-z0-9:.]+\])$/
const LONGEST = 320

/**
 * An address as it is written in a mail and in SMTP: the domain in ASCII (RFC 5891), the local part as it is.
 * @throws ConnectorFault `decision` / `address_invalid`, untaken.
 */
export function mailAddress(handle: string): string {
  const at = handle.lastIndexOf('@')
  const user = handle.slice(0, at)
  const given = handle.slice(at + 1).toLowerCase()
  const domain = given.startsWith('[') ? given : domainToASCII(given)
  if (at < 1 || handle.length > LONGEST || !local.test(user) || !domains.test(domain))
    throw new ConnectorFault(
      'decision',
      'address_invalid',
      { address: handle.replace(/\p{Cc}+/gu, ' ').slice(0, 100) },
      { untaken: true },
    )
  return `${user}@${domain}`
}

/** It can only be carried by a server that offers SMTPUTF8 (RFC 6531): its local part is not ASCII. */
export function isInternational(address: string): boolean {
  return /[^\0-\x7f]/.test(address)
}
