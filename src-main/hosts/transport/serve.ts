import { mapEventIterator } from '@orpc/client'
import { StandardRPCJsonSerializer, StandardRPCSerializer } from '@orpc/client/standard'
import type { Router } from '@orpc/server'
import { StandardRPCHandler } from '@orpc/server/standard'
import { createServerPeerHandleRequestFn } from '@orpc/server/standard-peer'
import { encodeResponseMessage, MessageType, ServerPeer } from '@orpc/standard-server-peer'
import type { Log } from '#ports/index.ts'
import { frameBytes, isEventStream } from '#shared/contract/frames.ts'
import type { Contract } from '#shared/contract/index.ts'
import { MAX_ANSWER_BYTES, MAX_CALL_BYTES, MAX_OPEN_CALLS } from '#shared/contract/index.ts'
import type { Frame, Wire } from '#shared/contract/wire.ts'
import type { Problem, ProblemCode } from '#shared/model/index.ts'
import { faultOf, toFault } from './faults.ts'

/** The service as transports see it: one implementation for every call of the contract. */
export type OfficeRouter = Router<Contract, Record<never, never>>

/** Serves the contract on any number of wires. */
export interface Transport {
  /** Answers calls on a wire until it closes. */
  serve(wire: Wire): void
  /** Wires being served. */
  readonly connections: number
  /** Calls and event streams that are open now, over all wires. */
  readonly calls: number
  /** Ends every wire. */
  close(): void
}

const serializer = new StandardRPCSerializer(new StandardRPCJsonSerializer())

/**
 * The guarded server side of the contract. It answers with a typed fault: calls that do not exist (`unknown_call`),
 * arguments that do not fit (`bad_request`), frames over the limit (`too_large`); problems of the service pass through
 * and everything unforeseen becomes `internal`. A frame that names no call ends its wire.
 */
export function createTransport(router: OfficeRouter, log: Log): Transport {
  return build(router, log, (name) => ({ code: 'unknown_call', params: { name } }))
}

/**
 * Answers every call with a problem: for an office that could not be opened, so that the window can say why.
 * @param problem Asked at each call, so that it can also be taken as the wish to try again.
 */
export function createRefusal(problem: () => Problem, log: Log): Transport {
  return build({}, log, problem)
}

type AnyRouter = OfficeRouter | Record<string, never>

function build(router: AnyRouter, log: Log, unmatched: (name: string) => Problem): Transport {
  const handler = new StandardRPCHandler<Record<never, never>>(router, {
    rootInterceptors: [
      async ({ request, next }) => {
        const result = await next()
        if (result.matched) return result
        return { matched: true, response: faultResponse(unmatched(callName(request.url))) }
      },
    ],
    interceptors: [
      async ({ request, next }) => {
        try {
          return await next()
        } catch (error) {
          throw faultOf(error, callName(request.url), log)
        }
      },
    ],
    clientInterceptors: [
      async ({ path, signal, next }) => {
        const call = path.join('.')
        const output = await next()
        if (!isEventStream(output)) return output
        const failed = (error: unknown) =>
          log.warn('stream_end_failed', { call, name: error instanceof Error ? error.name : 'unknown' })
        return mapEventIterator(endWith(output, signal, failed), {
          value: async (value) => value,
          error: async (error) => faultOf(error, call, log),
        })
      },
    ],
  })
  const handle = createServerPeerHandleRequestFn(handler, { context: {} })
  const wires = new Map<Wire, ServerPeer>()

  async function receive(wire: Wire, peer: ServerPeer, frame: unknown): Promise<void> {
    if (typeof frame !== 'string' && !(frame instanceof Uint8Array)) return refuse(wire, null, 'bad_request', { detail: 'frame' })
    const size = frameBytes(frame)
    const id = callId(frame)
    if (id === null) return refuse(wire, null, 'bad_request', { detail: 'frame' })
    if (size > MAX_CALL_BYTES) return refuse(wire, id, 'too_large', { size: String(size), limit: String(MAX_CALL_BYTES) })
    if (peer.length >= MAX_OPEN_CALLS) {
      return refuse(wire, id, 'bad_request', { detail: `more than ${MAX_OPEN_CALLS} calls at one time` })
    }
    try {
      await peer.message(frame, handle)
    } catch (error) {
      if (!wires.has(wire)) return
      log.warn('frame_refused', { name: error instanceof Error ? error.name : 'unknown' })
      return refuse(wire, id, 'bad_request', { detail: 'the frame could not be read' })
    }
  }

  async function refuse(wire: Wire, id: string | null, code: ProblemCode, params: Record<string, string>): Promise<void> {
    if (id === null) {
      log.warn('wire_ended', { code })
      wire.close()
      return
    }
    wire.send(toFrame(await encodeResponseMessage(id, MessageType.RESPONSE, faultResponse({ code, params }))))
  }

  return {
    serve(wire) {
      const peer = new ServerPeer(async (encoded) => {
        const frame = toFrame(encoded)
        const size = frameBytes(frame)
        if (size <= MAX_ANSWER_BYTES) return wire.send(frame)
        log.warn('answer_too_large', { size })
        await refuse(wire, callId(frame), 'too_large', { size: String(size), limit: String(MAX_ANSWER_BYTES) })
      })
      wires.set(wire, peer)
      wire.onClose(() => {
        wires.delete(wire)
        peer.close()
      })
      wire.onFrame((frame) => {
        receive(wire, peer, frame).catch((error: unknown) => {
          // Answers to a wire that has just gone have nowhere to go; anything else is worth knowing.
          if (wires.has(wire)) log.error('wire_failed', { name: error instanceof Error ? error.message : 'unknown' })
        })
      })
    },
    get connections() {
      return wires.size
    },
    get calls() {
      let calls = 0
      for (const peer of wires.values()) calls += peer.length
      return calls
    },
    close() {
      for (const [wire, peer] of wires) {
        peer.close()
        wire.close()
      }
      wires.clear()
    },
  }
}

function faultResponse(problem: Problem) {
  const fault = toFault(problem)
  return { status: fault.status, headers: {}, body: serializer.serialize(fault.toJSON()) }
}

function callName(url: URL): string {
  return url.pathname.slice(1, 101).replaceAll('/', '.')
}

/** The call a frame belongs to, read without parsing the frame. Callers write it first. */
function callId(frame: string | Uint8Array): string | null {
  const head = typeof frame === 'string' ? frame.slice(0, 40) : new TextDecoder().decode(frame.subarray(0, 40))
  return /^\{"i":"([0-9a-z]{1,20})"/.exec(head)?.[1] ?? null
}

function toFrame(encoded: string | ArrayBufferLike | Uint8Array): Frame {
  if (typeof encoded === 'string') return encoded
  // Made by the encoder just now from a Blob: never shared memory, which is all that the wider types would allow.
  return encoded instanceof Uint8Array ? (encoded as Uint8Array<ArrayBuffer>) : new Uint8Array(encoded as ArrayBuffer)
}

/** An event stream that ends at once when its listener has gone, also while it waits for an event that may never come. */
async function* endWith<Event>(
  events: AsyncIterator<Event> & AsyncIterable<Event>,
  signal: AbortSignal | undefined,
  failed: (error: unknown) => void,
): AsyncGenerator<Event, unknown, void> {
  let stop: () => void = () => undefined
  const gone = new Promise<IteratorReturnResult<undefined>>((resolve) => {
    stop = () => resolve({ done: true, value: undefined })
  })
  signal?.addEventListener('abort', stop, { once: true })
  try {
    while (!signal?.aborted) {
      const result = await Promise.race([events.next(), gone])
      if (result.done) return result.value
      yield result.value
    }
    return undefined
  } finally {
    signal?.removeEventListener('abort', stop)
    // Not awaited: a generator that waits for its next event answers only after it.
    events.return?.().catch(failed)
  }
}
