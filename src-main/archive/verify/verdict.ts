/** What a verifier answers (docs/formats.md, "The four statements"). Codes, no sentences: whoever shows them has the words. */

export type Answer = 'yes' | 'no' | 'cannot_say'

export const statementNames = ['received', 'unchanged', 'notLater', 'complete'] as const
export type StatementName = (typeof statementNames)[number]

export type Reason =
  /** yes: the manifest opens the commitment of an entry of the ledger, and came by a connection. */
  | 'committed'
  /** yes: bytes, manifest, entry and checkpoint belong together. */
  | 'proved'
  /** yes: a timestamp by an authority holds. */
  | 'timestamp'
  /** yes: every entry between the first and the last record is there. */
  | 'every_entry'
  /** Manifest and salt do not give the commitment. */
  | 'manifest'
  /** The entry says something else than the manifest, or is not about a record. */
  | 'entry'
  /** The record's bytes are missing or are others. */
  | 'bytes'
  /** A file that came with it is missing or is another. */
  | 'media'
  /** The entry is not in the tree that the checkpoint signs. */
  | 'not_in_ledger'
  /** There is no checkpoint with a good signature. */
  | 'no_checkpoint'
  /** It was imported from a file: nobody saw it come. */
  | 'imported'
  | 'redacted'
  | 'no_timestamp'
  /** The timestamp does not hold. */
  | 'bad_timestamp'
  /** An entry is missing, doubled, or does not fit. */
  | 'gap'
  /** The entries between were left out of the pack. */
  | 'entries_left_out'
  /** There is no record to say it of. */
  | 'no_records'

export interface Statement {
  answer: Answer
  reason: Reason
}
export type Statements = Record<StatementName, Statement>

/** Records of one ledger that follow one another in the pack and about which the same is to be said. */
export interface RecordRun extends Statements {
  ledger: string
  /** `seq` of the first and the last of them. */
  from: number
  to: number
  count: number
}

export type ProblemCode =
  /** `bagit.txt` or a manifest is not there or is not one. */
  | 'not_a_bag'
  | 'missing'
  /** In the folder, and in no manifest. */
  | 'extra'
  /** Not as the manifest says. */
  | 'changed'
  /** A line that is not one of a manifest. */
  | 'manifest_malformed'
  /** Named twice in a manifest. */
  | 'named_twice'
  /** A link or a device where a file should be, or a file that could not be read. */
  | 'unreadable'
  /** `bag-info.txt` tells another number of files or bytes. */
  | 'oxum'
  /** In the manifest, but nothing that a pack has: nothing vouches for it. */
  | 'unexpected'
  /** Not of the form that it should have. */
  | 'malformed'
  /** `pack.json` says something else than what is there. */
  | 'disagrees'
  | 'checkpoint'
  /** The key is none, or not the one that the ledger names. */
  | 'key'
  /** Not the key that the reader was told of. */
  | 'other_key'
  | 'timestamp'
  /** Something is to be denied of a record: `reason` says why. */
  | 'record'
  /** The entries of the ledger have a gap or do not fit. */
  | 'entries'

/** Something that is wrong, and where. */
export interface Problem {
  code: ProblemCode
  /** From the top of the bag. */
  path: string
  /** The manifest that says otherwise: it may be that one which was changed. */
  listedIn?: string
  /** Line of the file, from 1. */
  line?: number
  ledger?: string
  seq?: number
  reason?: Reason
}

export interface LedgerVerdict extends Statements {
  ledger: string
  /** Name of the identity, as the pack has it. */
  identity: string
  voice: string
  /** What the checkpoint was signed with, in the form of docs/formats.md; null when it cannot be read. Whose it is, only a reader can know. */
  key: string | null
  checkpoint: boolean
  size: number
  /** Base64. */
  root: string
  /** The time that an authority vouches for (ISO 8601), and the name on its certificate. */
  stampedAt: string | null
  stampedBy: string | null
  records: number
}

export interface Verdict {
  /** Nothing is wrong with the bag and nothing is to be denied. */
  valid: boolean
  pack: { id: string; office: string; madeAt: string; madeBy: string; program: string; query: string } | null
  records: number
  redacted: number
  /** Of the whole: what is to be said of its weakest record. */
  whole: Statements
  ledgers: LedgerVerdict[]
  runs: RecordRun[]
  problems: Problem[]
  /** Problems beyond the first thousand. */
  problemsLeftOut: number
}

const rank: Record<Answer, number> = { no: 0, cannot_say: 1, yes: 2 }

/** The weaker of two statements; the first of two that are equally weak. */
export function weaker(a: Statement, b: Statement): Statement {
  return rank[b.answer] < rank[a.answer] ? b : a
}

/** What is to be said of all together. */
export function weakest(all: readonly Statements[]): Statements {
  const [first, ...others] = all
  if (first === undefined) return everywhere({ answer: 'cannot_say', reason: 'no_records' })
  const { received, unchanged, notLater, complete } = first
  const sum = { received, unchanged, notLater, complete }
  for (const other of others) for (const name of statementNames) sum[name] = weaker(sum[name], other[name])
  return sum
}

function everywhere(statement: Statement): Statements {
  return { received: statement, unchanged: statement, notLater: statement, complete: statement }
}

/** Beyond this a list of problems helps nobody. */
const mostProblems = 1000

/** Gathers problems. */
export class Problems {
  readonly list: Problem[] = []
  leftOut = 0

  add(problem: Problem): void {
    if (this.list.length < mostProblems) this.list.push(problem)
    else this.leftOut++
  }

  get any(): boolean {
    return this.list.length > 0
  }
}
