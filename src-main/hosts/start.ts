import { connectors } from '#connectors/registry.ts'
import { Engine } from '#engine/engine.ts'
import type { Ports } from '#ports/index.ts'
import { createService, type ServiceRouter } from '#service/service.ts'
import type { SampleLoader } from '#service/tools.ts'
import type { OfficeStatus } from '#shared/contract/index.ts'
import type { Store } from '#store/store.ts'
import { accountTools } from './account-tools.ts'
import { openOfficeStore } from './open-store.ts'
import { withSampleFeeds } from './sample/http.ts'
import { packFilesThreadUrl, programRoot } from './threads.ts'
import { verifierFiles } from './verifier/files.ts'
import { version } from './version.ts'

export interface StartOptions {
  host: OfficeStatus['host']
  ports: Ports
  /** Make the office when the folder holds none; otherwise that is `office_missing`. */
  create: boolean
  /** The office's database, where the host began to open it before this was loaded. */
  opening?: Promise<Store>
}

/** The window reads its first lists before accounts connect: both would otherwise want the same processor. */
const SETTLE_MS = 1500

/** A running office: what the transports serve, and how to end it. */
export interface Office {
  router: ServiceRouter
  engine: Engine
  close(): Promise<void>
}

/**
 * Builds the one engine for all three hosts: store, connectors, engine and service out of the host's ports.
 * @throws `office_missing`, `office_key`, `office_locked`, `office_from_future`; the office is then as it was.
 */
export async function startOffice({ host, ports, create, opening }: StartOptions): Promise<Office> {
  // A command asks one thing after the other, and each thread costs it a part of its start.
  const store = await (opening ?? openOfficeStore({ ports, create, readers: host === 'cli' ? 1 : 2 }))
  const http = withSampleFeeds(ports.http, () => store.read.meta('sample'))
  const engine = new Engine({
    store,
    ports: { ...ports, http },
    connectors,
    autostart: host !== 'cli',
    settleMs: host === 'electron' ? SETTLE_MS : 0,
    random: Math.random,
  })
  const tools = accountTools(ports)
  try {
    await engine.open()
  } catch (error) {
    await engine.close()
    throw error
  }
  const sample: SampleLoader = async (control) => (await import('./sample/load.ts')).loadSample({ engine })(control)
  const packs = {
    program: `Dispatch Box ${version}`,
    verifier: async () => {
      const files = await verifierFiles(programRoot)
      return { script: files['verify.js'], page: files['verify.html'] }
    },
    filesThread: packFilesThreadUrl,
  }
  return {
    router: createService({ engine, tools, sample, packs, host, version }),
    engine,
    close: async () => {
      await tools.oauth.close()
      await engine.close()
    },
  }
}
