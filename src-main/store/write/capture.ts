import { commit, type Manifest, manifestText } from '#archive/commitment.ts'
import { capturedEntry } from '#archive/entries.ts'
import { newSalt } from '#archive/salt.ts'
import { nodeSha256 } from '#archive/sha256-node.ts'
import type { Instant } from '#shared/model/index.ts'
import type { WriteDb } from '../handle.ts'
import { ledgerOf } from '../ledgers.ts'
import { manifestOf } from '../manifest.ts'

/** Where a capture is entered: the salt of its commitment, 32 bytes, and the number of its entry. */
export interface Entered {
  salt: Uint8Array
  seq: number
}

/** Enters one captured version into the ledger of its identity. */
export function enterCapture(db: WriteDb, manifest: Manifest, at: Instant): Entered {
  const salt = newSalt()
  const commitment = commit(nodeSha256, salt, manifestText(manifest))
  const seq = ledgerOf(db, Number(manifest.identity)).append((seq) => capturedEntry({ ...manifest, at, commitment, seq }))
  return { salt, seq }
}

/** Enters a record that is in the database already. */
export function appendCapture(db: WriteDb, recordId: number, at: Instant): void {
  const { salt, seq } = enterCapture(db, manifestOf(db, recordId), at)
  db.run('UPDATE record SET salt = ?, seq = ? WHERE id = ?', salt, seq, recordId)
}
