import type { Answer, ProblemCode, Reason, StatementName } from '#archive/verify/verdict.ts'

/** Every sentence of the verifier in one language. `{name}` is filled in. */
export interface Words {
  /** As the language calls itself. */
  language: string
  direction: 'ltr' | 'rtl'
  title: string
  what: string
  languageLabel: string
  choose: string
  drop: string
  checking: string
  failed: string
  usage: string
  valid: string
  invalid: string
  /** The pack in one line: {records}, {redacted}, {office}, {madeAt}, {madeBy}. */
  pack: string
  noPack: string
  whole: string
  statement: string
  answer: string
  why: string
  ledger: string
  key: string
  keyHelp: string
  stampedBy: string
  records: string
  /** Records {from} to {to} of {identity}'s ledger, {count} of them. */
  run: string
  allAlike: string
  more: string
  problems: string
  noProblems: string
  limits: string
  limitsText: string
  statements: Record<StatementName, string>
  answers: Record<Answer, string>
  reasons: Record<Reason, string>
  problemTexts: Record<ProblemCode, string>
}
