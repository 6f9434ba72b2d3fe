import { EventPublisher, implement } from '@orpc/server'
import type { OfficeRouter } from '#hosts/transport/serve.ts'
import type { Log } from '#ports/index.ts'
import { type Change, contract } from '#shared/contract/index.ts'
import { samples } from './samples.ts'

export interface Fake {
  router: OfficeRouter
  /** Sends a change to every listener. */
  publish(change: Change): void
  /** Listeners of `office.changes` that have not ended. */
  readonly listeners: number
  /** Makes the next call of `office.doctor` do this instead. */
  doctor: (signal: AbortSignal | undefined) => unknown
}

/** A service that answers every call with its sample. */
export function fakeService(): Fake {
  const publisher = new EventPublisher<{ change: Change }>()
  const os = implement(contract)
  const state = { listeners: 0 }
  const fake: Omit<Fake, 'router' | 'listeners'> = {
    publish: (change) => publisher.publish('change', change),
    doctor: () => samples.office.doctor.output,
  }
  const topics = Object.entries(samples).map(([topic, calls]) => {
    const made = Object.entries(calls).map(([call, sample]) => [call, answering(os, topic, call, () => sample.output)])
    return [topic, Object.fromEntries(made)] as const
  })
  const tree = Object.fromEntries(topics)
  tree['office'] = {
    ...tree['office'],
    doctor: answering(os, 'office', 'doctor', (signal) => fake.doctor(signal)),
    changes: os.office.changes.handler(async function* ({ signal }) {
      state.listeners++
      try {
        for await (const change of publisher.subscribe('change', signal ? { signal } : {})) yield change
      } finally {
        state.listeners--
      }
    }),
  }
  const router = os.router(tree as unknown as Parameters<typeof os.router>[0]) as OfficeRouter
  const listeners = { get: () => state.listeners }
  return Object.defineProperty(Object.assign(fake, { router, listeners: 0 }), 'listeners', listeners)
}

interface AnyImplementer {
  handler(act: (options: { signal?: AbortSignal }) => unknown): unknown
}

/** The samples are walked by name here; that each fits its call is what `Samples` holds them to. */
function answering(os: object, topic: string, call: string, act: (signal: AbortSignal | undefined) => unknown): unknown {
  const calls = (os as Record<string, Record<string, AnyImplementer>>)[topic]
  return calls?.[call]?.handler(({ signal }) => act(signal))
}

export interface Entry {
  level: string
  event: string
  fields: Record<string, string | number | boolean | null>
}

/** A log that keeps what it is told. */
export function memoryLog(): Log & { entries: Entry[] } {
  const entries: Entry[] = []
  const keep =
    (level: string) =>
    (event: string, fields: Entry['fields'] = {}) => {
      entries.push({ level, event, fields })
    }
  return { entries, debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') }
}
