import { toBase64 } from '../base64.ts'
import { type Checkpoint, ledgerOrigin, openCheckpoint } from '../checkpoint.ts'
import type { PackLedger } from '../formats.ts'
import { type NoteKey, parseKey } from '../note.ts'
import { ledgerFiles } from '../pack-paths.ts'
import { leafHash } from '../tree/hash.ts'
import type { BagFiles } from './bag.ts'
import { InclusionChecker } from './inclusion.ts'
import type { BagIo, Primitives } from './io.ts'
import { readKeyLine, readObject } from './shapes.ts'
import { judgeStamp, type Stamped, unstamped } from './stamp.ts'
import type { Problems, Statement } from './verdict.ts'

/** The head of one ledger: what everything else is held against. */
export interface Head extends Stamped {
  /** As the file has it, when it can be read. */
  key: string | null
  /** Null unless it is well signed. */
  checkpoint: Checkpoint | null
}

/** Notes, keys and timestamps are a few hundred bytes, chains of certificates a few thousand. */
const mostBytes = 1 << 20

export interface HeadQuestion {
  io: BagIo
  primitives: Primitives
  files: BagFiles
  problems: Problems
  office: string
  ledger: PackLedger
  /** Keys that the reader was told of; without any, none is asked for. */
  trusted: readonly string[]
}

/** Reads and checks checkpoint, key and timestamp of one ledger. */
export async function checkHead(question: HeadQuestion): Promise<Head> {
  const { primitives, files, problems, ledger, trusted } = question
  const { sha, ed25519 } = primitives
  const paths = ledgerFiles(ledger.ledger)
  for (const path of Object.values(paths)) markKnown(files, path)
  const text = await readText(question, paths.key)
  const written = text?.endsWith('\n') ? text.slice(0, -1) : text
  const key = written === null ? null : parseKey(sha, written)
  if (key === null || !isOwn(key, question)) problems.add({ code: 'key', path: paths.key })
  if (trusted.length > 0 && (written === null || !trusted.includes(written))) problems.add({ code: 'other_key', path: paths.key })
  const note = await readText(question, paths.checkpoint)
  const opened = key === null || note === null || !isOwn(key, question) ? null : openCheckpoint(sha, ed25519, note, key)
  if (opened === null) problems.add({ code: 'checkpoint', path: paths.checkpoint })
  else if (opened.size !== ledger.size || toBase64(opened.root) !== ledger.root) {
    problems.add({ code: 'disagrees', path: 'data/pack.json', ledger: ledger.ledger })
  }
  if (key !== null && opened !== null && !(await namesKey(question, key, opened))) problems.add({ code: 'key', path: paths.keys })
  const stamped = await checkTimestamp(question, note)
  const shown = key === null ? null : written
  return { key: shown, checkpoint: opened, ...stamped, notLater: opened === null ? unsaid('no_checkpoint') : stamped.notLater }
}

const unsaid = (reason: Statement['reason']): Statement => ({ answer: 'cannot_say', reason })

/** The key is named after this ledger of this office, so that the head of one cannot stand for another. */
function isOwn(key: NoteKey, { office, ledger }: HeadQuestion): boolean {
  return key.name === ledgerOrigin(office, ledger.ledger)
}

/** Whether the ledger itself says that this key signs: the last of its entries of kind `key` does, and it is in the tree. */
async function namesKey(
  { io, files, primitives: { sha }, ledger }: HeadQuestion,
  key: NoteKey,
  { size, root }: Checkpoint,
): Promise<boolean> {
  const path = ledgerFiles(ledger.ledger).keys
  const file = files.get(path)
  if (file === undefined || file.actual === null) return false
  const checker = new InclusionChecker(sha, size, root)
  let named: unknown = null
  let before = -1
  for await (const lines of io.lines(path)) {
    for (const text of lines) {
      const line = readKeyLine(text)
      const entry = line === null ? null : readObject(line.entry)
      if (line === null || entry?.['kind'] !== 'key' || entry['seq'] !== line.seq || line.seq <= before) return false
      if (!checker.check(leafHash(sha, line.entry), line.seq, line.proof)) return false
      before = line.seq
      named = entry['publicKey']
    }
  }
  return named === toBase64(key.publicKey)
}

async function checkTimestamp(question: HeadQuestion, note: string | null): Promise<Stamped> {
  const { io, files, problems, ledger, primitives } = question
  const paths = ledgerFiles(ledger.ledger)
  if (!files.has(paths.timestamp)) return unstamped
  const token = await io.read(paths.timestamp, mostBytes)
  const stamped = await judgeStamp(primitives, note, token, await readText(question, paths.authority))
  if (stamped.notLater.answer === 'no') problems.add({ code: 'timestamp', path: paths.timestamp, ledger: ledger.ledger })
  return stamped
}

function markKnown(files: BagFiles, path: string): void {
  const file = files.get(path)
  if (file !== undefined) file.known = true
}

/** A small file of the bag, as text; null when it is not there. */
async function readText({ io, files }: HeadQuestion, path: string): Promise<string | null> {
  if (!files.has(path)) return null
  const bytes = await io.read(path, mostBytes)
  return bytes === null ? null : new TextDecoder().decode(bytes)
}
