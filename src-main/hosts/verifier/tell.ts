import { type Problem, type Statement, type Statements, statementNames, type Verdict } from '#archive/verify/verdict.ts'
import type { Words } from './words/words.ts'

/** A verdict in words: the same for the terminal and the page. */
export interface Told {
  valid: boolean
  headline: string
  about: string
  sections: ToldSection[]
}

export interface ToldSection {
  heading: string
  lines: string[]
  /** Statement, answer, why; null where there is no table. */
  table: [string, string, string][] | null
}

/** The most that is listed of anything: the rest is in the JSON. */
const mostListed = 200

export function tell(words: Words, verdict: Verdict): Told {
  const { pack, records, redacted } = verdict
  const aboutPack = pack === null ? words.noPack : fill(words, words.pack, { ...pack, records, redacted })
  const ledgers = verdict.ledgers.map((ledger): ToldSection => {
    const { identity, key, stampedAt: time, stampedBy: signer } = ledger
    const signed = key === null ? [] : [fill(words, words.key, { key }), words.keyHelp]
    const stamped = time === null || signer === null ? [] : [fill(words, words.stampedBy, { time, signer })]
    return { heading: fill(words, words.ledger, { identity }), lines: [...signed, ...stamped], table: tableOf(words, ledger) }
  })
  return {
    valid: verdict.valid,
    headline: verdict.valid ? words.valid : words.invalid,
    about: aboutPack,
    sections: [
      { heading: words.problems, lines: tellProblems(words, verdict), table: null },
      { heading: words.whole, lines: [], table: tableOf(words, verdict.whole) },
      ...ledgers,
      { heading: words.records, lines: tellRuns(words, verdict), table: null },
      { heading: words.limits, lines: [words.limitsText], table: null },
    ],
  }
}

function tableOf(words: Words, statements: Statements): [string, string, string][] {
  return statementNames.map((name) => [
    words.statements[name],
    words.answers[statements[name].answer],
    words.reasons[statements[name].reason],
  ])
}

function tellProblems(words: Words, { problems, problemsLeftOut }: Verdict): string[] {
  if (problems.length === 0) return [words.noProblems]
  return shortened(
    words,
    problems.map((problem) => tellProblem(words, problem)),
    problemsLeftOut,
  )
}

function tellProblem(words: Words, { code, path, listedIn, line, seq, reason }: Problem): string {
  const text = words.problemTexts[code]
  // Where the sentence itself does not speak of the line, it follows the path.
  const number = line === undefined ? '' : String(line)
  const where = number === '' || code === 'manifest_malformed' ? number : `:${number}`
  return fill(words, text, { path, listedIn, line: where, seq, reason: reason === undefined ? '' : words.reasons[reason] })
}

function tellRuns(words: Words, { runs, ledgers }: Verdict): string[] {
  if (runs.length < 2) return [runs.length === 0 ? words.reasons.no_records : words.allAlike]
  const names = new Map(ledgers.map(({ ledger, identity }) => [ledger, identity]))
  const lines = runs.map((run) => {
    const identity = names.get(run.ledger) ?? run.ledger
    return `${fill(words, words.run, { ...run, identity })}: ${tellStatements(words, run)}`
  })
  return shortened(words, lines, 0)
}

function tellStatements(words: Words, run: Statements): string {
  const each = (name: (typeof statementNames)[number], { answer }: Statement) =>
    `${words.statements[name]}: ${words.answers[answer]}`
  return statementNames.map((name) => each(name, run[name])).join('; ')
}

function shortened(words: Words, lines: string[], leftOut: number): string[] {
  const beyond = lines.length - mostListed + leftOut
  return lines.length > mostListed || leftOut > 0
    ? [...lines.slice(0, mostListed), fill(words, words.more, { count: Math.max(beyond, leftOut) })]
    : lines
}

/** What a terminal would obey, or what would turn the order of letters around: a pack may come from anyone. */
const unsafe = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

/** Puts values into a sentence. Where that runs from right to left, each keeps its own direction (Unicode's isolates). */
export function fill({ direction }: Words, text: string, values: Readonly<Record<string, unknown>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(values[name] ?? '').replace(unsafe, ' ')
    return direction === 'rtl' && value !== '' ? `\u2068${value}\u2069` : value
  })
}

/** For a terminal. */
export function plainText({ headline, about, sections }: Told): string {
  const blocks = sections.map(({ heading, lines, table }) => {
    const rows = (table ?? []).map(([statement, answer, why]) => `${statement}: ${answer}. ${why}`)
    return [heading, ...[...lines, ...rows].map((line) => `  ${line}`)].join('\n')
  })
  return `${[`${headline}\n${about}`, ...blocks].join('\n\n')}\n`
}
