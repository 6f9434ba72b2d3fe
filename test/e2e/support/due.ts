import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { OFFICE_KEY } from '#engine/secrets.ts'
import { connect } from '#store/connect.ts'
import type { Places } from './places.ts'

const Secrets = z.object({ values: z.record(z.string(), z.string()) })

/** The key of an office whose secrets are in a plain file. */
async function keyOf({ data }: Places): Promise<Uint8Array> {
  for (const entry of await readdir(data, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/secret/.test(`${entry.parentPath}/${entry.name}`)) continue
    const file = Secrets.safeParse(JSON.parse(await readFile(join(entry.parentPath, entry.name), 'utf8')))
    const key = file.data?.values[OFFICE_KEY]
    if (key !== undefined) return Buffer.from(key, 'base64')
  }
  throw new Error('The office has no key in a file.')
}

/**
 * An erasure request that was proposed and approved weeks ago, as it stands in the database of the running program: nobody waits 14
 * days in a test. Its decisions are not in the ledger.
 * @param dueAt Milliseconds since 1970; after the program's own look at its start, or it carries it out by itself.
 */
export async function dueErasure(places: Places, identityId: string, handle: string, dueAt: number): Promise<void> {
  const db = connect({ file: join(places.office, 'office.db'), key: await keyOf(places), mode: 'write', busyMs: 10_000 })
  try {
    const proposed = new Date(Date.now() - 20 * 86_400_000).toISOString()
    db.exec('BEGIN IMMEDIATE')
    const { lastInsertRowid: id } = db
      .prepare(
        `INSERT INTO disposal (identity_id, cause, state, rule, handle, reason, proposed_by, proposed_at, due_at, approved_by, approved_at)
         VALUES (?, 'erasure', 'approved', 'erasure request of a person', ?, 'Request 2026/7', 'Ada Berg', ?, ?, 'Bea Lund', ?)`,
      )
      .run(Number(identityId), handle, proposed, new Date(dueAt).toISOString(), proposed)
    db.prepare(
      `INSERT INTO disposal_item (disposal_id, message_id, identity_id)
       SELECT ?, m.id, m.identity_id FROM message m WHERE m.identity_id = ? AND m.person_id IN (
         SELECT person_id FROM handle WHERE identity_id = m.identity_id AND handle = ?)`,
    ).run(id, Number(identityId), handle)
    db.exec('COMMIT')
  } finally {
    db.close()
  }
}
