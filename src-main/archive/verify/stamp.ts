import type { Sha256 } from '../sha256.ts'
import type { Subtle } from '../timestamp/signature.ts'
import { verifyTimestamp } from '../timestamp/timestamp.ts'
import type { Statement } from './verdict.ts'

/** What an outside time says of a checkpoint: the statement, and the time and the name of who vouches for it. */
export interface Stamped {
  notLater: Statement
  stampedAt: string | null
  stampedBy: string | null
}

export const unstamped: Stamped = {
  notLater: { answer: 'cannot_say', reason: 'no_timestamp' },
  stampedAt: null,
  stampedBy: null,
}

/**
 * Judges the timestamp of a note. What is null could not be read, and a timestamp without it does not hold.
 * @param authority Certificates to trust, in PEM.
 */
export async function judgeStamp(
  { sha, subtle }: { sha: Sha256; subtle: Subtle },
  note: string | null,
  response: Uint8Array | null,
  authority: string | null,
): Promise<Stamped> {
  const verdict =
    note === null || response === null || authority === null
      ? null
      : await verifyTimestamp(subtle, { response, hash: sha.digest(note), nonce: null, authority })
  if (!verdict?.ok) return { notLater: { answer: 'no', reason: 'bad_timestamp' }, stampedAt: null, stampedBy: null }
  return { notLater: { answer: 'yes', reason: 'timestamp' }, stampedAt: verdict.time, stampedBy: verdict.signer }
}
