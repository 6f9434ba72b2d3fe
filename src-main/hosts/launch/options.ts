import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ProblemError } from '#shared/model/index.ts'
import { dataDir } from '../ports/paths.ts'

export interface LaunchOptions {
  /** Folder of the office; null: this person's default office. */
  office: string | null
  sample: boolean
  /** For the server host; 0: any free port. */
  port: number
  /** Open the browser on the server host. */
  open: boolean
  /** Do not try the desktop window. */
  server: boolean
}

/**
 * The flags of `npm start` and of both hosts.
 * @throws `bad_request` for a flag that does not exist or does not fit.
 */
export function readOptions(args: string[]): LaunchOptions {
  const values = parse(args)
  const port = values.port === undefined ? 0 : Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new ProblemError('bad_request', { detail: '--port takes a number' })
  const sample = values.sample ?? false
  // The sample is never mixed into a real office by default.
  const office = values.office ?? (sample ? join(dataDir(), 'offices', 'sample') : null)
  return { office, sample, port, open: !(values['no-open'] ?? false), server: values.server ?? false }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        office: { type: 'string' },
        sample: { type: 'boolean' },
        port: { type: 'string' },
        'no-open': { type: 'boolean' },
        server: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    throw new ProblemError('bad_request', { detail: error instanceof Error ? error.message : 'flags' }, { cause: error })
  }
}
