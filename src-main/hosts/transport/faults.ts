import { randomUUID } from 'node:crypto'
import { ORPCError, ValidationError } from '@orpc/server'
import type { Log } from '#ports/index.ts'
import { FAULT } from '#shared/contract/frames.ts'
import { describeProblem, type Problem, ProblemError } from '#shared/model/index.ts'

/** A problem as the one error that the contract knows. */
export function toFault(problem: Problem): ORPCError<typeof FAULT, Problem> {
  return new ORPCError(FAULT, { status: 422, message: describeProblem(problem), data: problem })
}

/**
 * What a call may answer when it failed. Problems pass as they are; arguments that do not fit name the place, never the
 * value; everything else becomes `internal` with a number that finds the entry in the log.
 */
export function faultOf(error: unknown, call: string, log: Log): ORPCError<string, unknown> {
  if (error instanceof ProblemError) return toFault(error.toProblem())
  if (error instanceof ORPCError) {
    if (error.code === FAULT) return error
    if (error.code === 'BAD_REQUEST') return toFault({ code: 'bad_request', params: { detail: places(error.cause) } })
  }
  const id = randomUUID().slice(0, 8)
  const { name, text, stack } = summary(error)
  log.error('call_failed', { call, id, name, text, stack })
  return toFault({ code: 'internal', params: { detail: id } })
}

/** Where the arguments do not fit, as `filter.view: invalid_value; limit: too_big`. Holds no values. */
function places(cause: unknown): string {
  if (!(cause instanceof ValidationError)) return 'the arguments could not be read'
  const found = cause.issues.slice(0, 5).map((issue) => {
    const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.')
    const code = 'code' in issue && typeof issue.code === 'string' ? issue.code : 'invalid'
    return `${path || 'arguments'}: ${code}`
  })
  return found.join('; ')
}

function summary(error: unknown): { name: string; text: string; stack: string } {
  if (!(error instanceof Error)) return { name: typeof error, text: '', stack: '' }
  const cause = error.cause instanceof ValidationError ? ` (${places(error.cause)})` : ''
  const stack = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '))
  return { name: error.name, text: error.message.slice(0, 500) + cause, stack: stack.slice(0, 8).join(' | ') }
}
