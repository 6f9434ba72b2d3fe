import { createORPCClient, mapEventIterator, ORPCError } from '@orpc/client'
import { StandardRPCLink } from '@orpc/client/standard'
import type { ContractRouterClient } from '@orpc/contract'
import { ClientPeer } from '@orpc/standard-server-peer'
import { ProblemError } from '../model/index.ts'
import type { Contract } from './contract.ts'
import { Fault } from './fault.ts'
import { FAULT, frameBytes, isEventStream } from './frames.ts'
import { MAX_CALL_BYTES } from './limits.ts'
import type { Frame, Wire } from './wire.ts'

/** Every call of the contract, typed. Calls reject with a `ProblemError`, or with the reason of the caller's own signal. */
export type Client = ContractRouterClient<Contract>

/** One connection to the engine. It does not come back by itself: whoever made the wire makes a new one. */
export interface Connection {
  readonly client: Client
  /** Resolves when the connection has ended. Calls that were waiting reject with `disconnected`. */
  readonly closed: Promise<void>
  /** Calls and event streams that are open now. */
  readonly open: number
  close(): void
}

/** Speaks the contract over a wire. */
export function connect(wire: Wire): Connection {
  let ended = false
  const peer = new ClientPeer(async (frame) => {
    if (ended) throw new ProblemError('disconnected')
    const size = frameBytes(frame as Frame)
    if (size > MAX_CALL_BYTES) throw new ProblemError('too_large', { size, limit: MAX_CALL_BYTES })
    wire.send(frame as Frame)
  })
  let finish: () => void = () => undefined
  const closed = new Promise<void>((resolve) => {
    finish = resolve
  })
  const end = () => {
    if (ended) return
    ended = true
    peer.close({ reason: new ProblemError('disconnected') })
    finish()
  }
  wire.onClose(end)
  wire.onFrame((frame) => {
    if (ended) return
    // A frame that cannot be read comes from a broken engine: what waits for it must not wait for ever.
    peer.message(frame as Frame).catch(() => {
      end()
      wire.close()
    })
  })

  const link = new StandardRPCLink<Record<never, never>>(
    {
      async call(request) {
        const response = await peer.request(request)
        return { ...response, body: () => Promise.resolve(response.body) }
      },
    },
    {
      url: 'http://orpc',
      interceptors: [
        async ({ next, signal }) => {
          try {
            const output = await next()
            return isEventStream(output)
              ? mapEventIterator(output, {
                  value: async (value) => value,
                  error: async (error) => toProblem(error, signal, ended),
                })
              : output
          } catch (error) {
            throw toProblem(error, signal, ended)
          }
        },
      ],
    },
  )
  return {
    client: createORPCClient(link),
    closed,
    get open() {
      return peer.length
    },
    close() {
      end()
      wire.close()
    },
  }
}

/** The part of an AbortSignal that is looked at; this layer has no DOM types. */
interface Signal {
  readonly aborted: boolean
  readonly reason: unknown
}

/** Turns what a call was rejected with into the problem it stands for; a caller's own abort stays as it is. */
function toProblem(error: unknown, signal: Signal | undefined, ended: boolean): unknown {
  if (error instanceof ProblemError) return error
  if (signal?.aborted) return signal.reason
  if (error instanceof ORPCError && error.code === FAULT) {
    const fault = Fault.safeParse(error.data)
    if (fault.success) return new ProblemError(fault.data.code, fault.data.params, { cause: error })
  }
  // Whatever the parts of a connection say to each other when it ends, to the caller it is one thing.
  if (ended) return new ProblemError('disconnected', {}, { cause: error })
  return new ProblemError('internal', { detail: error instanceof Error ? error.message : 'unknown' }, { cause: error })
}
