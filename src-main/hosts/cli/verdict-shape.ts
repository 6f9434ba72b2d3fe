import { z } from 'zod'
import { statementNames } from '#archive/verify/verdict.ts'

/** What `verify --json` prints: the verdict, as the verifier has it (docs/formats.md). */

const Statement = z.object({ answer: z.enum(['yes', 'no', 'cannot_say']), reason: z.string() })
const statements = Object.fromEntries(statementNames.map((name) => [name, Statement])) as Record<
  (typeof statementNames)[number],
  typeof Statement
>
const count = z.number().int()

export const VerdictShape = z.object({
  valid: z.boolean(),
  pack: z
    .object({
      id: z.string(),
      office: z.string(),
      madeAt: z.string(),
      madeBy: z.string(),
      program: z.string(),
      query: z.string(),
    })
    .nullable(),
  records: count,
  redacted: count,
  whole: z.object(statements),
  ledgers: z.array(
    z.object({
      ledger: z.string(),
      identity: z.string(),
      voice: z.string(),
      key: z.string().nullable(),
      checkpoint: z.boolean(),
      size: count,
      root: z.string(),
      stampedAt: z.string().nullable(),
      stampedBy: z.string().nullable(),
      records: count,
      ...statements,
    }),
  ),
  runs: z
    .array(z.object({ ledger: z.string(), from: count, to: count, count, ...statements }))
    .describe('records in a row about which the same is to be said, by the seq of the first and the last'),
  problems: z.array(
    z.object({
      code: z.string(),
      path: z.string(),
      listedIn: z.string().optional(),
      line: count.optional(),
      ledger: z.string().optional(),
      seq: count.optional(),
      reason: z.string().optional(),
    }),
  ),
  problemsLeftOut: count,
})
