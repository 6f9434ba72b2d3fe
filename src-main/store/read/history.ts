import { Entry } from '#archive/entries.ts'
import type { IdentityId, Instant, MessageId } from '#shared/model/index.ts'
import type { ReadDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import { bundleEntries, readBundle, sizeOf } from '../ledgers.ts'
import type { StoredDeletion, StoredHistory } from '../store.ts'
import { storedVersions } from './ledger.ts'

/** Entries are in order of time but for this: a batch is entered a while after it was captured, other accounts in between. */
const outOfOrderMs = 10 * 60_000
/** Bundles that are looked through for one entry: 65,536 entries. */
const mostBundles = 256

/** The newest `limit` captured versions of a message, oldest first, and what is known of its deletion; null when it is not there. */
export function history(db: ReadDb, id: MessageId, limit: number): StoredHistory | null {
  const message = db.get<{ identity_id: number; deleted_at: string | null }>(
    'SELECT identity_id, deleted_at FROM message WHERE id = ?',
    toNumber(id),
  )
  if (!message) return null
  const { identity_id, deleted_at } = message
  const kept = db.value<number>('SELECT count(*) FROM record WHERE message_id = ?', toNumber(id)) ?? 0
  const versions = storedVersions(db, id, limit)
  return {
    identityId: String(identity_id) as IdentityId,
    versions,
    older: kept - versions.length,
    deletion: deleted_at === null ? null : deletionOf(db, identity_id, id, deleted_at),
  }
}

/** The entry that says when a message was found gone. Without it, when it was last there is not known. */
function deletionOf(db: ReadDb, identityId: number, message: MessageId, foundAt: Instant): StoredDeletion {
  const found = Date.parse(foundAt)
  const bundles = Math.ceil(sizeOf(db, identityId) / bundleEntries)
  const begins = (n: number) => Date.parse(timeOf(readBundle(db, identityId, n)[0]) ?? '')
  // The first bundle that begins too late to be begun with; what is looked for is in one before it.
  let low = 0
  let high = bundles
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (begins(middle) < found - outOfOrderMs) low = middle + 1
    else high = middle
  }
  const first = Math.max(0, low - 1)
  for (let n = first; n < Math.min(bundles, first + mostBundles); n++) {
    const entries = readBundle(db, identityId, n)
    for (const text of entries) {
      if (!text.includes('"kind":"deletion"') || !text.includes(`"message":"${message}"`)) continue
      const entry = Entry.parse(JSON.parse(text))
      if (entry.kind === 'deletion' && entry.state === 'gone' && entry.at === foundAt)
        return { foundAt, lastSeen: entry.lastSeen }
    }
    if (Date.parse(timeOf(entries[0]) ?? '') > found + outOfOrderMs) break
  }
  return { foundAt, lastSeen: null }
}

/** When an entry was made, out of its text: a ledger has millions, and only few are read whole. */
function timeOf(entry: string | undefined): string | undefined {
  return /"at":"([^"]+)"/.exec(entry ?? '')?.[1]
}
