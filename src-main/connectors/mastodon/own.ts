import { fieldsOf, textOf } from '#connectors/kit/shape.ts'
import { oneLine } from '#connectors/kit/text.ts'
import type { Party } from '#shared/model/index.ts'

/** Whose account is read, and where. */
export interface Own {
  /** The server's id of it. */
  id: string
  party: Party
  origin: string
  /** The name that handles of this server end with. */
  domain: string
}

/** Who an account is, of the server or any other. */
export function partyOf(account: unknown, own: Own): Party {
  const fields = fieldsOf(account)
  if (textOf(fields?.['id']) === own.id) return own.party
  return { name: oneLine(textOf(fields?.['display_name'])), handle: handleOf(fields, own.domain) }
}

/** `name@server`, also for those of the server itself, which leaves it out. */
export function handleOf(fields: Record<string, unknown> | null, domain: string): string {
  const acct = oneLine(textOf(fields?.['acct']) || textOf(fields?.['username'])).replace(/^@/, '')
  return acct === '' || acct.includes('@') ? acct : `${acct}@${domain}`
}
