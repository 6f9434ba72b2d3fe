import { type Problem, ProblemError } from '#shared/model/index.ts'

/** Any thrown thing as a problem to show. What is not a `ProblemError` is a fault of ours: `internal`, with its name only. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.toProblem()
  const detail = error instanceof Error ? error.name : typeof error
  return new ProblemError('internal', { detail }).toProblem()
}
