import type { PackInfo } from '../formats.ts'
import { packPaths } from '../pack-paths.ts'
import { type BagFiles, checkBag } from './bag.ts'
import type { BagIo, Primitives } from './io.ts'
import { checkHead } from './ledger.ts'
import { checkLines } from './lines.ts'
import { Pace, type Watch } from './pace.ts'
import { readPack } from './shapes.ts'
import { type LedgerVerdict, Problems, type RecordRun, statementNames, type Verdict, weakest } from './verdict.ts'

export interface VerifyOptions extends Watch {
  /** Keys that the reader was told of, in the form of docs/formats.md: a ledger that another one signed is a problem. */
  keys?: readonly string[]
}

/** `pack.json` names accounts and ledgers, not records. */
const mostPackBytes = 64 << 20

/**
 * Judges an evidence pack: the bag, then each ledger and its records (docs/formats.md). Never rejects for what is wrong with
 * the pack; rejects with the signal's reason when it is ended.
 */
export async function verifyPack(io: BagIo, primitives: Primitives, options: VerifyOptions = {}): Promise<Verdict> {
  const problems = new Problems()
  const pace = new Pace(options)
  const files = await checkBag(io, problems, pace)
  const pack = files === null ? null : await readPackFile(io, files, problems)
  const ledgers: LedgerVerdict[] = []
  const runs: RecordRun[] = []
  let redacted = 0
  if (files !== null && pack !== null) {
    const common = { io, primitives, files, problems, pace, office: pack.office, trusted: options.keys ?? [] }
    for (const ledger of pack.ledgers) {
      const head = await checkHead({ ...common, ledger })
      const lines = await checkLines({ ...common, ledger, head })
      for (const run of lines.runs) runs.push(run)
      redacted += lines.redacted
      const { key, checkpoint, stampedAt, stampedBy } = head
      const { identity, voice, size, root } = ledger
      const about = { ledger: ledger.ledger, identity, voice, key, checkpoint: checkpoint !== null, size, root }
      ledgers.push({ ...about, stampedAt, stampedBy, records: lines.records, ...weakest(lines.runs) })
    }
  }
  const records = ledgers.reduce((sum, ledger) => sum + ledger.records, 0)
  if (files !== null && pack !== null) {
    if (records !== pack.records || redacted !== pack.redacted) problems.add({ code: 'disagrees', path: packPaths.pack })
    nameUnexpected(files, problems)
  }
  const whole = weakest(runs)
  const denied = statementNames.some((name) => whole[name].answer === 'no')
  return {
    valid: pack !== null && !problems.any && !denied,
    pack: pack === null ? null : about(pack),
    records,
    redacted,
    whole,
    ledgers,
    runs,
    problems: problems.list,
    problemsLeftOut: problems.leftOut,
  }
}

function about({ id, office, madeAt, madeBy, program, query }: PackInfo) {
  return { id, office, madeAt, madeBy, program, query }
}

async function readPackFile(io: BagIo, files: BagFiles, problems: Problems): Promise<PackInfo | null> {
  const file = files.get(packPaths.pack)
  if (file === undefined) {
    problems.add({ code: 'missing', path: packPaths.pack })
    return null
  }
  const bytes = await io.read(packPaths.pack, mostPackBytes)
  const pack = bytes === null ? null : readPack(new TextDecoder().decode(bytes))
  const names = new Set(pack?.ledgers.map(({ ledger }) => ledger))
  if (pack !== null && names.size === pack.ledgers.length) return pack
  problems.add({ code: 'malformed', path: packPaths.pack })
  return null
}

/** Files of a pack that no record accounts for: the frame of the bag, and what is there to be read. */
const frame = new Set<string>(Object.values(packPaths))

/** Names every file that is in a manifest but that nothing in the pack vouches for. */
function nameUnexpected(files: BagFiles, problems: Problems): void {
  for (const [path, { known }] of files) {
    if (!known && !frame.has(path) && !path.startsWith('data/html/')) problems.add({ code: 'unexpected', path })
  }
}
