import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Log, Ports, Secrets } from '#ports/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import { openStore } from '#store/open.ts'
import type { Store } from '#store/store.ts'
import { FakeClock } from './clock.ts'

export const quietLog: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

/** Secrets in memory, for tests that are not about keeping them. */
export function memorySecrets(): Secrets {
  const kept = new Map<string, string>()
  return {
    kind: 'keychain',
    get: (name) => Promise.resolve(kept.get(name) ?? null),
    set: (name, value) => {
      kept.set(name, value)
      return Promise.resolve()
    },
    delete: (name) => {
      kept.delete(name)
      return Promise.resolve()
    },
    look: () => Promise.resolve({ ok: true, detail: 'in memory' }),
  }
}

export interface TestOffice {
  dir: string
  key: Uint8Array
  store: Store
  ports: Ports
  clock: FakeClock
  /** Closes the store and removes the folder. */
  remove(): Promise<void>
}

/** A new office on disk with the real store, a clock that the test moves, and no network. */
export async function testOffice(): Promise<TestOffice> {
  const dir = await mkdtemp(join(tmpdir(), 'dispatch-test-'))
  const key = randomBytes(32)
  const threadUrl = new URL('../../src-main/store/thread.ts', import.meta.url)
  const store = await openStore({ dir, key, create: true, log: quietLog, threadUrl, readers: 1 })
  const clock = new FakeClock()
  const ports: Ports = {
    secrets: memorySecrets(),
    clock,
    http: { fetch: (request) => Promise.reject(new ProblemError('host_unreachable', { host: new URL(request.url).host })) },
    sockets: { connect: (request) => Promise.reject(new ProblemError('host_unreachable', { host: new URL(request.url).host })) },
    log: quietLog,
    notify: { show: () => undefined, badge: () => undefined },
    paths: { office: dir, data: dir },
  }
  return {
    dir,
    key,
    store,
    ports,
    clock,
    remove: async () => {
      await store.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
