import { ProblemError } from '#shared/model/index.ts'

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** Puts what SQLite or the file system threw into the words of the problem list. */
export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  const code = codeOf(error)
  const because = { cause: error }
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') return new ProblemError('disk_full', {}, because)
  if (/^SQLITE_(BUSY|LOCKED|PROTOCOL)/.test(code)) return new ProblemError('database_busy', {}, because)
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return new ProblemError('office_corrupt', {}, because)
  if (/^SQLITE_(READONLY|PERM|CANTOPEN)/.test(code) || code === 'EROFS') return new ProblemError('read_only', {}, because)
  return new ProblemError('internal', { detail: error instanceof Error ? error.message : String(error) }, because)
}
