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
  if (/^SQLITE_(READONLY|PERM)/.test(code)) return new ProblemError('read_only', {}, because)
  if (/^SQLITE_CANTOPEN/.test(code))
    return new ProblemError('file_unreadable', { path: 'office.db', detail: 'it cannot be opened' }, because)
  if (error instanceof Error && 'syscall' in error && 'path' in error) {
    // "ENOENT: no such file or directory, open '/a/b'": the path is said apart.
    const detail = error.message.split(', ')[0] ?? code
    return new ProblemError('file_unwritable', { path: String(error.path), detail }, because)
  }
  return new ProblemError('internal', { detail: error instanceof Error ? error.message : String(error) }, because)
}
