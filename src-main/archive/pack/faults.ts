import { ProblemError } from '#shared/model/index.ts'

/** Puts what the file system threw during an export into words. @param dir Folder that the bag becomes. */
export function exportProblem(error: unknown, dir: string): unknown {
  if (error instanceof ProblemError || !(error instanceof Error) || !('code' in error) || !('syscall' in error)) return error
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') return new ProblemError('export_disk_full', { dir }, { cause: error })
  // "EACCES: permission denied, open '/a/b'": the path is said apart.
  const detail = error.message.split(', ')[0] ?? String(error.code)
  return new ProblemError('file_unwritable', { path: 'path' in error ? String(error.path) : dir, detail }, { cause: error })
}
