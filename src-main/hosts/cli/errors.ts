import { CommanderError } from 'commander'
import { type ProblemCode, ProblemError } from '#shared/model/index.ts'

/** How a command ended, for scripts. */
export const exit = {
  ok: 0,
  /** Something went wrong; stderr says what. */
  problem: 1,
  /** The command was not understood: a wrong option, a missing argument, a value that does not fit. Nothing was done. */
  usage: 2,
  /** Ended by Ctrl+C. */
  cancelled: 130,
} as const

/** A command that was not understood. The text says what to write instead. */
export class UsageError extends Error {}

/** A command was ended by a person; what was saved until then is kept. */
export class Cancelled extends Error {
  constructor(message = 'Cancelled. What had already been saved was kept.') {
    super(message)
  }
}

export interface Failure {
  code: ProblemCode
  message: string
  /** What to do about it at the command line, where there is something to say. */
  hint: string | null
  exit: number
}

/** What to tell about anything that was thrown. */
export function failureOf(error: unknown): Failure {
  if (error instanceof UsageError) return { code: 'bad_request', message: error.message, hint: null, exit: exit.usage }
  if (error instanceof CommanderError) {
    return { code: 'bad_request', message: usage(error), hint: 'dispatch --help lists the commands.', exit: exit.usage }
  }
  if (error instanceof Cancelled) return { code: 'cancelled', message: error.message, hint: null, exit: exit.cancelled }
  if (error instanceof ProblemError) {
    return { code: error.code, message: error.message, hint: hintFor(error), exit: exit.problem }
  }
  const system = systemProblem(error)
  if (system) return { code: system.code, message: system.message, hint: null, exit: exit.problem }
  const detail = error instanceof Error ? error.message : String(error)
  return { code: 'internal', message: new ProblemError('internal', { detail }).message, hint: null, exit: exit.problem }
}

/** Commander's sentence, as this program writes its own. */
function usage(error: CommanderError): string {
  // What it throws when a group is named without one of its commands.
  if (error.code === 'commander.help') return 'Name a command.'
  // It repeats what was written, which may be an address with a password in it.
  const text = error.message
    .replace(/^error: /, '')
    .replace(/\s+/g, ' ')
    .replace(/:\/\/[^\s/']*@/g, '://…@')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?)]$/.test(text) ? '' : '.'}`
}

/** The problem that an error of the file system stands for; null when it is not one. */
export function systemProblem(error: unknown): ProblemError | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') return new ProblemError('disk_full', {}, { cause: error })
  const path = 'path' in error && typeof error.path === 'string' ? error.path : null
  const detail = reasons[error.code]
  if (path === null || detail === undefined) return null
  const reading = 'syscall' in error && ['read', 'stat', 'lstat', 'scandir', 'access'].includes(String(error.syscall))
  return new ProblemError(reading ? 'file_unreadable' : 'file_unwritable', { path, detail }, { cause: error })
}

/** Why a file could not be used, by the system's code. */
const reasons: Record<string, string> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'you may not',
  EPERM: 'you may not',
  EROFS: 'the disk is read-only',
  EEXIST: 'it exists already',
  ENAMETOOLONG: 'the name is too long',
}

/** The words for a system error while reading a file. */
export function unreadable(path: string, error: unknown): ProblemError {
  return new ProblemError('file_unreadable', { path, detail: reasonOf(error) }, { cause: error })
}

/** The words for a system error while writing a file. */
export function unwritable(path: string, error: unknown): ProblemError {
  return new ProblemError('file_unwritable', { path, detail: reasonOf(error) }, { cause: error })
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return reasons[code] ?? (code || 'unknown')
}

function hintFor(problem: ProblemError): string | null {
  const { dir, fingerprint } = problem.params
  switch (problem.code) {
    case 'office_missing':
      return `Make one with: dispatch identity add --name NAME --voice institutional|mandate|personal --office ${dir}`
    case 'office_key':
      return 'If it was made with a passphrase, set DISPATCH_PASSPHRASE; if its key is in a keychain, unlock that.'
    case 'office_locked':
      return 'Try again when it has finished.'
    case 'tls_untrusted':
    case 'tls_changed':
      return `If whoever runs the server confirms that fingerprint, add: --accept-fingerprint ${fingerprint}`
    case 'login_failed':
    case 'login_expired':
    case 'secret_missing':
      return 'Give the password again with: dispatch account sign-in ID --password-env VARIABLE'
    case 'tls_missing':
      return 'For a server on this computer only, imap+insecure:// and smtp+insecure:// go without encryption.'
    default:
      return null
  }
}
