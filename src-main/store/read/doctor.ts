import { nodeSha256 } from '#archive/sha256-node.ts'
import type { DoctorFinding } from '#shared/contract/index.ts'
import { blobNames, checkBlob } from '../blobs.ts'
import type { ReadDb } from '../handle.ts'
import { Facts } from '../search/facts.ts'
import { partsOf, tableOf } from '../search/parts.ts'

type Check = DoctorFinding['check']

/** Runs one check; what it throws is a finding too. */
function finding(check: Check, look: () => { ok: boolean; detail: string }): DoctorFinding {
  try {
    return { check, ...look() }
  } catch (error) {
    return { check, ok: false, detail: error instanceof Error ? error.message : String(error) }
  }
}

function integrity(db: ReadDb) {
  const answers = db.column<string>('PRAGMA integrity_check(20)')
  const ok = answers.length === 1 && answers[0] === 'ok'
  return { ok, detail: ok ? 'every page and index is sound' : answers.join('; ') }
}

function foreignKeys(db: ReadDb) {
  const broken = db.all<{ table: string }>('PRAGMA foreign_key_check')
  const tables = [...new Set(broken.map((row) => row.table))].join(', ')
  return broken.length === 0
    ? { ok: true, detail: 'every row belongs where it says' }
    : { ok: false, detail: `${broken.length} rows in ${tables}` }
}

function searchIndex(db: ReadDb) {
  const faults: string[] = []
  const missing = new Set(db.column<number>('SELECT slot FROM message WHERE slot > (SELECT todo FROM search_state)'))
  const messages = missing.size
  const parts = partsOf(db)
  for (const { id } of parts) {
    const numbers = new Set(db.column<number>(`SELECT id FROM ${tableOf(id)}_docsize`))
    let wrong = 0
    for (const [low, stored] of db.each<[number, Uint8Array]>('SELECT low, facts FROM search_fact WHERE part_id = ?', id))
      new Facts(stored).slots.forEach((slot, at) => {
        // What is still to be put in may be there already: mail that came since.
        if (slot !== 0 && !(numbers.delete(low + at) && (missing.delete(slot) || isThere(db, slot)))) wrong += 1
      })
    if (wrong > 0) faults.push(`${tableOf(id)} is wrong about ${wrong} messages`)
    if (numbers.size > 0) faults.push(`${tableOf(id)} has words of ${numbers.size} messages that are not there`)
  }
  if (missing.size > 0) faults.push(`${messages - missing.size} of ${messages} messages can be searched`)
  return faults.length === 0
    ? { ok: true, detail: `${messages} messages in ${parts.length} parts` }
    : { ok: false, detail: faults.join('; ') }
}

function isThere(db: ReadDb, slot: number): boolean {
  return db.value('SELECT 1 FROM message WHERE slot = ? AND slot <= (SELECT todo FROM search_state)', slot) === 1
}

function badgeCounts(db: ReadDb) {
  const wrong = db.column<number>(`
    SELECT a.id FROM account a LEFT JOIN badge b ON b.account_id = a.id WHERE
      (coalesce(b.all_0, 0), coalesce(b.all_1, 0), coalesce(b.all_2, 0), coalesce(b.all_3, 0),
       coalesce(b.unread_0, 0), coalesce(b.unread_1, 0), coalesce(b.unread_2, 0), coalesce(b.unread_3, 0)) IS NOT
      (SELECT count(*) FILTER (WHERE shelf = 0), count(*) FILTER (WHERE shelf = 1), count(*) FILTER (WHERE shelf = 2),
         count(*) FILTER (WHERE shelf = 3), count(*) FILTER (WHERE shelf = 0 AND unread > 0), count(*) FILTER (WHERE shelf = 1 AND unread > 0),
         count(*) FILTER (WHERE shelf = 2 AND unread > 0), count(*) FILTER (WHERE shelf = 3 AND unread > 0)
       FROM conversation c WHERE c.account_id = a.id)`)
  const faults = [...wrong.map((account) => `account ${account}`), ...wrongLabels(db).map((label) => `label ${label}`)]
  return faults.length === 0
    ? { ok: true, detail: 'the counts fit' }
    : { ok: false, detail: `the counts are off of: ${faults.join(', ')}` }
}

/** Labels whose counts are not those of their conversations, or that lie beside them. */
function wrongLabels(db: ReadDb): number[] {
  return db.column<number>(`
    SELECT DISTINCT label_id FROM (
      SELECT label_id, account_id, shelf, conversations, unread FROM label_badge WHERE conversations > 0 OR unread > 0
      EXCEPT SELECT label_id, account_id, shelf, count(*), sum(unread > 0) FROM conversation_label GROUP BY 1, 2, 3)
    UNION SELECT label_id FROM (
      SELECT label_id, account_id, shelf, count(*), sum(unread > 0) FROM conversation_label GROUP BY 1, 2, 3
      EXCEPT SELECT label_id, account_id, shelf, conversations, unread FROM label_badge)
    UNION SELECT l.label_id FROM conversation_label l JOIN conversation c ON c.id = l.conversation_id
      WHERE (l.shelf, l.key, l.unread) IS NOT (c.shelf, c.key, c.unread)
    ORDER BY label_id`)
}

function blobs(db: ReadDb) {
  const faults: string[] = []
  const named = new Set<string>()
  for (const row of db.all<{ file: string; file_key: Uint8Array }>(
    'SELECT file, file_key FROM record WHERE file IS NOT NULL UNION ALL SELECT file, file_key FROM media',
  )) {
    named.add(row.file)
    try {
      checkBlob(db.dir, row.file, row.file_key)
    } catch (error) {
      faults.push(`${row.file}: ${error instanceof Error ? error.message : 'unreadable'}`)
    }
  }
  let orphans = 0
  for (const name of blobNames(db.dir)) if (!named.has(name)) orphans += 1
  const left =
    orphans > 0
      ? `, ${orphans} that no record names (harmless; removed when the office is opened after a stop in the middle)`
      : ''
  if (faults.length > 0)
    return { ok: false, detail: `${faults.length} of ${named.size} files cannot be read: ${faults.slice(0, 5).join('; ')}` }
  return { ok: true, detail: `${named.size} files, all readable${left}` }
}

/** What is to be sent is, byte for byte, what was stored. */
function outbox(db: ReadDb) {
  const changed: number[] = []
  let items = 0
  for (const [id, content, sha256] of db.each<[number, string, Uint8Array]>('SELECT id, content, sha256 FROM outbox')) {
    items += 1
    if (!nodeSha256.digest(Buffer.from(content)).every((byte, index) => byte === sha256[index])) changed.push(id)
  }
  return changed.length === 0
    ? { ok: true, detail: `${items} items, as they were stored` }
    : { ok: false, detail: `${changed.length} of ${items} items are not as they were stored: ${changed.slice(0, 20).join(', ')}` }
}

/** Checks the whole office against itself. Reads every page, so it takes minutes on a large one. */
export function doctor(db: ReadDb): DoctorFinding[] {
  return [
    finding('integrity', () => integrity(db)),
    finding('foreign_keys', () => foreignKeys(db)),
    finding('search_index', () => searchIndex(db)),
    finding('badges', () => badgeCounts(db)),
    finding('blobs', () => blobs(db)),
    finding('outbox', () => outbox(db)),
  ]
}
