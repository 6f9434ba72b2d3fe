import { type Problem, ProblemError } from '#shared/model/index.ts'

/** What a rejected call stands for, ready for its sentence (`error.<code>`). */
export function toProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.toProblem()
  return { code: 'internal', params: { detail: error instanceof Error ? error.message : String(error) } }
}
