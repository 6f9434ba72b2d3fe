import { fromBase64 } from '../base64.ts'
import { commit } from '../commit.ts'
import type { RecordLine } from '../formats.ts'
import { mediaFile, recordFile } from '../pack-paths.ts'
import type { Sha256 } from '../sha256.ts'
import { leafHash } from '../tree/hash.ts'
import type { BagFile, BagFiles } from './bag.ts'
import type { InclusionChecker } from './inclusion.ts'
import { type KnownManifest, readManifest, readObject } from './shapes.ts'
import type { Reason, Statement } from './verdict.ts'

/** What three of the statements say of one record; the fourth is one for all of its ledger. */
export interface RecordVerdict {
  received: Statement
  unchanged: Statement
  notLater: Statement
  /** The entry is in the tree of a good checkpoint. */
  inLedger: boolean
}

/** Statements are shared: there are few, and records are many. */
const yes = (reason: Reason): Statement => ({ answer: 'yes', reason })
const no = (reason: Reason): Statement => ({ answer: 'no', reason })
const unsaid = (reason: Reason): Statement => ({ answer: 'cannot_say', reason })
const said = {
  committed: yes('committed'),
  proved: yes('proved'),
  notInLedger: no('not_in_ledger'),
  noCheckpoint: no('no_checkpoint'),
  withoutCheckpoint: unsaid('no_checkpoint'),
  outsideLedger: unsaid('not_in_ledger'),
  imported: unsaid('imported'),
  redacted: unsaid('redacted'),
} as const

export interface RecordJudge {
  sha: Sha256
  files: BagFiles
  ledger: string
  /** Null without a good checkpoint. */
  checker: InclusionChecker | null
  notLater: Statement
}

export function judgeRecord(judge: RecordJudge, line: RecordLine): RecordVerdict {
  const { checker, sha } = judge
  const inLedger = checker?.check(leafHash(sha, line.entry), line.seq, line.proof) ?? false
  const notLater = checker === null ? said.withoutCheckpoint : inLedger ? judge.notLater : said.outsideLedger
  const entry = readObject(line.entry)
  const fault = findFault(judge, line, entry)
  if (line.manifest === null) return { ...judgeRedacted(checker !== null, inLedger, fault), notLater, inLedger }
  return { received: received(judge, entry, inLedger, fault), unchanged: unchanged(judge, inLedger, fault), notLater, inLedger }
}

function judgeRedacted(hasCheckpoint: boolean, inLedger: boolean, fault: Reason | null) {
  const wrong = fault !== null ? no(fault) : hasCheckpoint && !inLedger ? said.notInLedger : null
  return { received: wrong ?? (hasCheckpoint ? said.redacted : said.withoutCheckpoint), unchanged: wrong ?? said.redacted }
}

type Entry = Record<string, unknown> | null

function received(judge: RecordJudge, entry: Entry, inLedger: boolean, fault: Reason | null): Statement {
  if (judge.checker === null) return said.withoutCheckpoint
  if (fault === 'manifest' || fault === 'entry') return no(fault)
  if (!inLedger) return said.notInLedger
  return entry?.['origin'] === 'sync' ? said.committed : said.imported
}

function unchanged(judge: RecordJudge, inLedger: boolean, fault: Reason | null): Statement {
  if (fault !== null) return no(fault)
  if (judge.checker === null) return said.noCheckpoint
  return inLedger ? said.proved : said.notInLedger
}

/** What is wrong with the record itself, wherever its entry is; null for nothing. */
function findFault({ sha, files, ledger }: RecordJudge, line: RecordLine, entry: Entry): Reason | null {
  // Looked up first: the line speaks of this file, whatever else is wrong.
  const own = take(files, ledger, line)
  const kind = entry?.['version'] === 1 ? 'capture' : 'edit'
  if (entry === null || entry['seq'] !== line.seq || entry['kind'] !== kind) return 'entry'
  if (line.manifest === null || line.salt === null) return null
  const salt = fromBase64(line.salt)
  const manifest = readManifest(line.manifest)
  if (salt === null || manifest === null || commit(sha, salt, line.manifest) !== entry['commitment']) return 'manifest'
  if (!agrees(entry, manifest, ledger)) return 'entry'
  // Each file is looked at, so that none of them is taken for one that nothing vouches for.
  const bytes = isWhole(own, manifest.sha256)
  const media = manifest.media.map(({ sha256 }) => isWhole(mark(files.get(mediaFile(sha256))), sha256))
  return !bytes ? 'bytes' : media.includes(false) ? 'media' : null
}

const shared = ['account', 'message', 'network', 'origin', 'record', 'version'] as const

function agrees(entry: Record<string, unknown>, manifest: KnownManifest, ledger: string): boolean {
  return manifest.identity === ledger && shared.every((name) => entry[name] === manifest[name])
}

/** The record's own file, if it is where a record of this number has to be. */
function take(files: BagFiles, ledger: string, { file, seq }: RecordLine): BagFile | undefined {
  const start = `records/${recordFile(ledger, seq, '')}`
  if (file === null || !file.startsWith(start) || !/^[a-z]+$/.test(file.slice(start.length))) return undefined
  return mark(files.get(`data/${file}`))
}

function mark(file: BagFile | undefined): BagFile | undefined {
  if (file !== undefined) file.known = true
  return file
}

function isWhole(file: BagFile | undefined, sha256: string): boolean {
  return file?.actual === sha256
}
