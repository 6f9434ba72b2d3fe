import type { DoctorFinding } from '#shared/contract/index.ts'
import { blobNames, checkBlob } from '../blobs.ts'
import type { ReadDb } from '../handle.ts'
import { partitions, tableOf } from '../search/partitions.ts'

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
  let indexed = 0
  const list = partitions(db)
  list.forEach((partition, at) => {
    const above = list[at - 1]?.low ?? Number.MAX_SAFE_INTEGER
    const docs = db.value<number>(`SELECT count(*) FROM ${tableOf(partition)}_docsize`) ?? 0
    const messages = db.value<number>('SELECT count(*) FROM message WHERE id >= ? AND id < ?', partition.low, above) ?? 0
    if (docs !== messages || docs !== partition.rows) faults.push(`${tableOf(partition)} has ${docs} of ${messages} messages`)
    indexed += docs
  })
  const messages = db.value<number>('SELECT count(*) FROM message') ?? 0
  if (indexed !== messages) faults.push(`${indexed} of ${messages} messages can be searched`)
  return faults.length === 0
    ? { ok: true, detail: `${messages} messages in ${list.length} parts` }
    : { ok: false, detail: faults.join('; ') }
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

/** Checks the whole office against itself. Reads every page, so it takes minutes on a large one. */
export function doctor(db: ReadDb): DoctorFinding[] {
  return [
    finding('integrity', () => integrity(db)),
    finding('foreign_keys', () => foreignKeys(db)),
    finding('search_index', () => searchIndex(db)),
    finding('badges', () => badgeCounts(db)),
    finding('blobs', () => blobs(db)),
  ]
}
