import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTransport, type Transport } from '#hosts/transport/serve.ts'
import { type Client, type Connection, connect } from '#shared/contract/client.ts'
import { frameBytes } from '#shared/contract/frames.ts'
import { contract, MAX_CALL_BYTES, MAX_OPEN_CALLS } from '#shared/contract/index.ts'
import type { Wire } from '#shared/contract/wire.ts'
import { ProblemError } from '#shared/model/index.ts'
import { type Fake, fakeService, memoryLog } from './fake.ts'
import { everyByte, row, samples } from './samples.ts'

/** A way from a client to a transport. */
export interface Way {
  /** The client's end of a new connection that the transport serves. */
  open(): Promise<Wire>
  close(): Promise<void>
}

/** What every transport owes: the same answers, the same refusals, and nothing left behind. */
export function contractSuite(name: string, build: (transport: Transport) => Promise<Way>): void {
  describe(name, () => {
    let fake: Fake
    let log: ReturnType<typeof memoryLog>
    let transport: Transport
    let way: Way
    let wire: Wire
    let connection: Connection
    let client: Client

    beforeEach(async () => {
      fake = fakeService()
      log = memoryLog()
      transport = createTransport(fake.router, log)
      way = await build(transport)
      wire = await way.open()
      connection = connect(wire)
      client = connection.client
    })
    afterEach(async () => {
      connection.close()
      transport.close()
      await way.close()
    })

    const calls = Object.entries(contract).flatMap(([topic, inside]) => Object.keys(inside).map((call) => [topic, call] as const))
    const plain = calls.filter(([, call]) => call !== 'changes')
    test.each(plain)('answers %s.%s', async (topic, call) => {
      const sample = pick<{ input: unknown; output: unknown }>(samples, topic, call)
      const answer = await pick<(input: unknown) => Promise<unknown>>(client, topic, call)(sample.input)
      expect(await unblob(answer)).toEqual(await unblob(sample.output))
    })

    test('refuses a call that does not exist', async () => {
      const problem = await problemOf(pick<(input: unknown) => Promise<unknown>>(client, 'office', 'explode')({}))
      expect(problem.toProblem()).toEqual({ code: 'unknown_call', params: { name: 'office.explode' } })
      await expect(client.identities.list()).resolves.toHaveLength(1)
    })

    test.each(['__proto__', 'constructor', 'hasOwnProperty'])('refuses the inherited name %s', async (call) => {
      const problem = await problemOf(pick<(input: unknown) => Promise<unknown>>(client, 'office', call)({}))
      expect(problem.code).toBe('unknown_call')
    })

    test('refuses arguments that do not fit, and names the place but never the value', async () => {
      const given = {
        text: 'Geheimnis'.repeat(60_000),
        typing: false,
        timeZone: 'UTC',
        order: 'newest' as const,
        limit: 999,
        after: null,
      }
      const problem = await problemOf(client.search.find(given))
      expect(problem.code).toBe('bad_request')
      expect(problem.params['detail']).toBe('text: too_big; limit: too_big')
      expect(JSON.stringify(log.entries) + problem.message).not.toContain('Geheimnis')
    })

    test('passes a problem of the service with its code and values', async () => {
      fake.doctor = () => {
        throw new ProblemError('voice_mismatch', { what: 'conversation' })
      }
      const problem = await problemOf(client.office.doctor())
      expect(problem.toProblem()).toEqual({ code: 'voice_mismatch', params: { what: 'conversation' } })
    })

    test('turns everything unforeseen into a number that the log knows', async () => {
      fake.doctor = () => {
        throw new TypeError('password=hunter2')
      }
      const problem = await problemOf(client.office.doctor())
      expect(problem.code).toBe('internal')
      expect(JSON.stringify(problem.params) + problem.message).not.toContain('hunter2')
      const entry = log.entries.find(({ event }) => event === 'call_failed')
      expect(entry?.fields).toMatchObject({ call: 'office.doctor', id: problem.params['detail'], name: 'TypeError' })
    })

    test('never sends an answer that does not fit the contract', async () => {
      fake.doctor = () => [{ check: 'integrity', ok: 'Geheimnis', detail: '' }]
      const problem = await problemOf(client.office.doctor())
      expect(problem.code).toBe('internal')
      expect(JSON.stringify(log.entries)).toContain('0.ok: invalid_type')
      expect(JSON.stringify(log.entries)).not.toContain('Geheimnis')
    })

    test('does not send a call over the limit', async () => {
      const problem = await problemOf(client.search.save({ name: 'x'.repeat(MAX_CALL_BYTES), text: 'x' }))
      expect(problem.code).toBe('too_large')
      expect(problem.params['limit']).toBe(String(MAX_CALL_BYTES))
    })

    test('takes a frame at the limit, refuses one byte more, and goes on', async () => {
      const raw = rawClient(await way.open())
      const frame = (size: number) => padded('1', '/office/status', size)
      expect(frameBytes(frame(MAX_CALL_BYTES))).toBe(MAX_CALL_BYTES)
      expect((await raw.ask(frame(MAX_CALL_BYTES))).s).toBeUndefined()
      const refused = await raw.ask(frame(MAX_CALL_BYTES + 1))
      expect(refused.b.json.data).toEqual({
        code: 'too_large',
        params: { size: String(MAX_CALL_BYTES + 1), limit: String(MAX_CALL_BYTES) },
      })
      expect((await raw.ask(frame(100))).s).toBeUndefined()
    })

    test('answers a frame that names its call but cannot be read', async () => {
      const raw = rawClient(await way.open())
      const refused = await raw.ask('{"i":"7","p":{"u":')
      expect(refused.b.json.data.code).toBe('bad_request')
      await expect(client.identities.list()).resolves.toHaveLength(1)
    })

    test.each(['', 'garbage', '[]', 'null', '{"i":1}', '\u0000', new Uint8Array([0xff, 0xfe]), '{"p":{"u":"/office/status"}}'])(
      'ends the connection of a frame that names no call: %j',
      async (frame) => {
        const other = await way.open()
        const ended = new Promise<void>((resolve) => other.onClose(resolve))
        other.onFrame(() => undefined)
        other.send(frame)
        await ended
        await expect(client.identities.list()).resolves.toHaveLength(1)
      },
    )

    test('keeps calls apart when they answer out of order', async () => {
      let release = (): void => undefined
      fake.doctor = () =>
        new Promise((resolve) => {
          release = () => resolve(samples.office.doctor.output)
        })
      const slow = client.office.doctor()
      expect(await client.office.preferences()).toEqual({ theme: 'dark' })
      release()
      expect(await slow).toEqual(samples.office.doctor.output)
    })

    test('tells the service when the caller gave up', async () => {
      const gone = new Promise<void>((resolve) => {
        fake.doctor = (signal) => new Promise(() => signal?.addEventListener('abort', () => resolve()))
      })
      const caller = new AbortController()
      const call = client.office.doctor(undefined, { signal: caller.signal })
      const reason = new Error('changed my mind')
      await until(() => transport.calls === 1)
      caller.abort(reason)
      await expect(call).rejects.toBe(reason)
      await gone
      await until(() => transport.calls === 0)
    })

    test('brings events in order and leaves nothing behind when the listener stops', async () => {
      const events = await client.office.changes()
      await listening()
      const sent = Array.from({ length: 50 }, (_, done) => ({
        kind: 'job' as const,
        job: { ...job, progress: { done, total: 50 } },
      }))
      for (const change of sent) fake.publish(change)
      const got: unknown[] = []
      for await (const change of events) {
        got.push(change)
        if (got.length === sent.length) break
      }
      expect(got).toEqual(sent)
      await quiet()
      expect(connection.open).toBe(0)
    })

    test('ends event streams of a caller that went away without a word, though no event comes', async () => {
      const events = await client.office.changes()
      const next = events.next()
      next.catch(() => undefined)
      await listening()
      wire.close()
      await quiet()
      expect(transport.connections).toBe(0)
    })

    test('serves many listeners and ends only the one that left', async () => {
      const other = connect(await way.open())
      const mine = await client.office.changes()
      const theirs = await other.client.office.changes()
      const [first, second] = [mine.next(), theirs.next()]
      await until(() => fake.listeners === 2)
      fake.publish({ kind: 'badges' })
      expect([(await first).value, (await second).value]).toEqual([{ kind: 'badges' }, { kind: 'badges' }])
      const after = problemOf(theirs.next())
      other.close()
      expect((await after).code).toBe('disconnected')
      await until(() => fake.listeners === 1)
      const last = mine.next()
      fake.publish({ kind: 'conversations', arrived: [row], changed: [], more: false })
      expect((await last).value).toEqual({ kind: 'conversations', arrived: [row], changed: [], more: false })
    })

    test('tells waiting callers when the engine has gone', async () => {
      fake.doctor = () => new Promise(() => undefined)
      const waiting = problemOf(client.office.doctor())
      const events = await client.office.changes()
      const next = problemOf(events.next())
      await until(() => transport.calls === 2)
      transport.close()
      expect((await waiting).code).toBe('disconnected')
      expect((await next).code).toBe('disconnected')
      await connection.closed
      expect((await problemOf(client.identities.list())).code).toBe('disconnected')
      expect(connection.open).toBe(0)
    })

    test('stops a caller that opens calls without end', async () => {
      fake.doctor = () => new Promise(() => undefined)
      const kept = Array.from({ length: MAX_OPEN_CALLS }, () => client.office.doctor())
      for (const call of kept) call.catch(() => undefined)
      await until(() => transport.calls === MAX_OPEN_CALLS)
      const problem = await problemOf(client.office.status())
      expect(problem.code).toBe('bad_request')
    })

    test('carries bytes as they are', async () => {
      const { bytes } = await client.messages.source({ id: samples.messages.source.input.id })
      expect(new Uint8Array(await bytes.arrayBuffer())).toEqual(everyByte)
    })

    const listening = () => until(() => fake.listeners === 1)
    const quiet = () => until(() => fake.listeners === 0 && transport.calls === 0)
  })
}

const job = pick<(typeof samples.jobs.list.output)[number]>(samples, 'jobs', 'list', 'output', '0')

/** Waits for something that other processes or queues bring about, and fails when it does not come. */
async function until(holds: () => boolean): Promise<void> {
  await expect.poll(holds, { timeout: 5000, interval: 5 }).toBe(true)
}

async function problemOf(call: Promise<unknown>): Promise<ProblemError> {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ProblemError)
  return error as ProblemError
}

/** Walks down by names. */
function pick<Value>(from: unknown, ...names: string[]): Value {
  let at = from
  for (const name of names) at = (at as Record<string, unknown>)[name]
  return at as Value
}

/** Bytes inside an answer as arrays, so that answers can be compared. */
async function unblob(value: unknown): Promise<unknown> {
  if (value instanceof Blob) return [value.type, [...new Uint8Array(await value.arrayBuffer())]]
  if (Array.isArray(value)) return await Promise.all(value.map(unblob))
  if (typeof value !== 'object' || value === null) return value
  const parts = await Promise.all(Object.entries(value).map(async ([name, part]) => [name, await unblob(part)] as const))
  return Object.fromEntries(parts)
}

interface RawAnswer {
  s?: number
  b: { json: { data: { code: string } } }
}

/** Speaks frames instead of calls, one at a time. */
function rawClient(wire: Wire): { ask(frame: string): Promise<RawAnswer> } {
  let answered: (answer: RawAnswer) => void = () => undefined
  wire.onFrame((frame) => answered((JSON.parse(String(frame)) as { p: RawAnswer }).p))
  return {
    ask: (frame) =>
      new Promise((resolve) => {
        answered = resolve
        wire.send(frame)
      }),
  }
}

/** A well-formed call of exactly so many bytes, counting what is not ASCII. */
function padded(id: string, call: string, size: number): string {
  const frame = (fill: string) => JSON.stringify({ i: id, p: { u: call, b: {}, h: { fill: `€${fill}` } } })
  return frame('x'.repeat(size - frameBytes(frame(''))))
}
