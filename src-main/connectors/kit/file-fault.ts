import { ConnectorFault } from '../fault.ts'

const reasons: Record<string, string> = {
  ENOENT: 'it is not there',
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
  EIO: 'the disk failed',
  EMFILE: 'too many files are open',
}

/** A fault of the disk in words, as `file_unreadable`; anything else as it is. */
export function fileFault(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return error
  const code = String(error.code)
  return unreadable(path, reasons[code] ?? code, error)
}

/** That a file cannot be read, and why. */
export function unreadable(path: string, detail: string, cause?: Error): ConnectorFault {
  return new ConnectorFault('decision', 'file_unreadable', { path, detail }, cause ? { cause } : {})
}
