import { createHash } from 'node:crypto'
import type { Outgoing, SourceMessage } from '#connectors/connector.ts'
import type { ConnectorFault } from '#connectors/fault.ts'

let made = 0

/** An item of the outbox that sends a text. Each has a key of its own. */
export function outgoing(to: string, text: string, change: Partial<Outgoing> = {}): Outgoing {
  return {
    key: createHash('sha256').update(`${process.pid}/${made++}`).digest('hex').slice(0, 32),
    queuedAt: new Date().toISOString(),
    content: {
      do: 'publish',
      kind: 'sms',
      text,
      subject: '',
      warning: '',
      language: null,
      media: [],
      to: to === '' ? [] : [{ name: '', handle: to }],
      cc: [],
      bcc: [],
      visibility: null,
    },
    target: null,
    quote: null,
    // biome-ignore lint/correctness/useYield: a text has no files
    open: async function* () {
      throw new Error('a text has no files')
    },
    ...change,
  }
}

/** The fault that work ends with. @throws when it ends well, or with anything else. */
export async function faultOf(work: Promise<unknown>): Promise<ConnectorFault> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof Error) || error.name !== 'ConnectorFault') throw new Error(`no ConnectorFault, but ${error}`)
  return error as ConnectorFault
}

export function never(): AbortSignal {
  return new AbortController().signal
}

export function target(source: SourceMessage | null): Partial<Outgoing> {
  if (source === null) throw new Error('there is no such message')
  return { target: source }
}
