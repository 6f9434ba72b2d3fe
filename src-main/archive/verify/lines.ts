import type { PackLedger, RecordLine } from '../formats.ts'
import { ledgerFiles, recordFile, recordLines } from '../pack-paths.ts'
import { leafHash } from '../tree/hash.ts'
import type { BagFiles } from './bag.ts'
import { InclusionChecker } from './inclusion.ts'
import type { BagIo, Primitives } from './io.ts'
import type { Head } from './ledger.ts'
import type { Pace } from './pace.ts'
import { RangeChecker } from './range.ts'
import { judgeRecord, type RecordVerdict } from './records.ts'
import { readObject, readRecordLine } from './shapes.ts'
import type { Problems, RecordRun, Statement } from './verdict.ts'

/** What the lines of one ledger came to. */
export interface LinesVerdict {
  records: number
  redacted: number
  runs: RecordRun[]
}

export interface LinesQuestion {
  io: BagIo
  primitives: Primitives
  files: BagFiles
  problems: Problems
  ledger: PackLedger
  head: Head
  pace: Pace
}

/** Records that follow one another and have the same verdict, before it is known whether the ledger is complete. */
interface OpenRun extends RecordVerdict {
  from: number
  to: number
  count: number
}

/** One record's place and proof: where the entries begin and end. */
type End = Pick<RecordLine, 'seq' | 'proof'> & { inLedger: boolean }

/** Judges every record of one ledger, then the entries between the first and the last. */
export async function checkLines(question: LinesQuestion): Promise<LinesVerdict> {
  const { ledger, problems } = question
  const read = await checkRecords(question)
  const complete = await checkEntries(question, read.first, read.last)
  const agreed = read.records === ledger.records && (read.first?.seq ?? null) === ledger.first
  if (!agreed || (read.last?.seq ?? null) !== ledger.last) {
    problems.add({ code: 'disagrees', path: 'data/pack.json', ledger: ledger.ledger })
  }
  const runs = read.runs.map(({ from, to, count, received, unchanged, notLater }) => {
    return { ledger: ledger.ledger, from, to, count, received, unchanged, notLater, complete }
  })
  return { records: read.records, redacted: read.redacted, runs }
}

async function checkRecords(question: LinesQuestion) {
  const { io, primitives, files, problems, ledger, head, pace } = question
  const path = recordLines(ledger.ledger)
  const result = { records: 0, redacted: 0, runs: [] as OpenRun[], first: null as End | null, last: null as End | null }
  const file = files.get(path)
  if (file === undefined || file.actual === null) {
    if (ledger.records > 0) problems.add({ code: 'missing', path })
    return result
  }
  file.known = true
  const { checkpoint, notLater } = head
  const checker = checkpoint === null ? null : new InclusionChecker(primitives.sha, checkpoint.size, checkpoint.root)
  const judge = { sha: primitives.sha, files, ledger: ledger.ledger, checker, notLater }
  let number = 0
  for await (const lines of io.lines(path)) {
    await pace.rest()
    for (const text of lines) {
      number++
      const line = readRecordLine(text)
      if (line === null || (result.last !== null && line.seq <= result.last.seq)) {
        problems.add({ code: 'malformed', path, line: number })
        continue
      }
      const verdict = judgeRecord(judge, line)
      result.records++
      if (line.manifest === null) {
        result.redacted++
        const derived = files.get(`data/derived/${recordFile(ledger.ledger, line.seq, 'txt')}`)
        if (derived !== undefined) derived.known = true
      }
      result.last = { seq: line.seq, proof: line.proof, inLedger: verdict.inLedger }
      result.first ??= result.last
      addToRuns(result.runs, line.seq, verdict)
      nameFaults(problems, ledger.ledger, line, verdict, path, number)
    }
  }
  return result
}

function addToRuns(runs: OpenRun[], seq: number, verdict: RecordVerdict): void {
  const last = runs.at(-1)
  const same = (name: 'received' | 'unchanged' | 'notLater') =>
    last?.[name].answer === verdict[name].answer && last[name].reason === verdict[name].reason
  if (last !== undefined && same('received') && same('unchanged') && same('notLater')) {
    last.to = seq
    last.count++
  } else runs.push({ ...verdict, from: seq, to: seq, count: 1 })
}

/** A record of which something is denied, by the file that it is about. */
function nameFaults(
  problems: Problems,
  ledger: string,
  line: RecordLine,
  verdict: RecordVerdict,
  path: string,
  number: number,
): void {
  const denied = [verdict.unchanged, verdict.received].find(({ answer }) => answer === 'no')
  if (denied === undefined) return
  const about = denied.reason === 'bytes' && line.file !== null ? { path: `data/${line.file}` } : { path, line: number }
  problems.add({ code: 'record', ...about, ledger, seq: line.seq, reason: denied.reason })
}

const unsaid = (reason: Statement['reason']): Statement => ({ answer: 'cannot_say', reason })

/** Whether every entry from the first to the last record is there, once and in its place. */
async function checkEntries(question: LinesQuestion, first: End | null, last: End | null): Promise<Statement> {
  const { io, primitives, files, problems, ledger, head, pace } = question
  const path = ledgerFiles(ledger.ledger).entries
  const file = files.get(path)
  if (!ledger.entries && file === undefined) return unsaid('entries_left_out')
  const deny = (reason: Statement['reason'], line?: number): Statement => {
    problems.add({ code: 'entries', path, ledger: ledger.ledger, reason, ...(line === undefined ? {} : { line }) })
    return { answer: 'no', reason }
  }
  if (file === undefined || file.actual === null || !ledger.entries) return deny('gap')
  if (first === null || last === null) return unsaid('no_records')
  if (head.checkpoint === null) return unsaid('no_checkpoint')
  if (!first.inLedger || !last.inLedger) return deny('not_in_ledger')
  const { size, root } = head.checkpoint
  const range = new RangeChecker(primitives.sha, first.seq, size, first.proof)
  let count = 0
  for await (const lines of io.lines(path)) {
    await pace.rest()
    for (const text of lines) range.add(leafHash(primitives.sha, text))
    count += lines.length
  }
  // The tree says what stands where: only when it does not hold, the entries themselves are asked what is wrong.
  if (range.gives(root, size, last.proof) && count === last.seq - first.seq + 1) return { answer: 'yes', reason: 'every_entry' }
  const gap = await findGap(io, path, first.seq, last.seq)
  return gap === null ? deny('not_in_ledger') : deny('gap', gap)
}

/** The line where the numbers do not go on; null when they all do. */
async function findGap(io: BagIo, path: string, first: number, last: number): Promise<number | null> {
  let line = 0
  for await (const lines of io.lines(path)) {
    for (const text of lines) {
      line++
      if (readObject(text)?.['seq'] !== first + line - 1) return line
    }
  }
  return first + line - 1 === last ? null : line + 1
}
