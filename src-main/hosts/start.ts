import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { connectors } from '#connectors/registry.ts'
import { Engine } from '#engine/engine.ts'
import type { Ports } from '#ports/index.ts'
import { createService, type ServiceRouter } from '#service/service.ts'
import type { OfficeStatus } from '#shared/contract/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import { openStore } from '#store/open.ts'
import { accountTools } from './account-tools.ts'
import { createOfficeFile, officeKey, readOfficeFile } from './office-file.ts'
import { withSampleFeeds } from './sample/http.ts'
import { loadSample } from './sample/load.ts'
import { packFilesThreadUrl, programRoot, storeThreadUrl } from './threads.ts'
import { verifierFiles } from './verifier/files.ts'
import { version } from './version.ts'

export interface StartOptions {
  host: OfficeStatus['host']
  ports: Ports
  /** Make the office when the folder holds none; otherwise that is `office_missing`. */
  create: boolean
}

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
export async function startOffice({ host, ports, create }: StartOptions): Promise<Office> {
  const dir = ports.paths.office
  if (create) await createOfficeFile(dir, ports.clock.now())
  else if ((await readOfficeFile(dir)) === null) throw new ProblemError('office_missing', { dir })
  const hasDatabase = await access(join(dir, 'office.db')).then(
    () => true,
    () => false,
  )
  const key = await officeKey(ports.secrets, create && !hasDatabase)
  const nativeBinding = process.env['DISPATCH_SQLITE_NATIVE']
  const store = await openStore({
    dir,
    key,
    create,
    log: ports.log,
    threadUrl: storeThreadUrl,
    // A command asks one thing after the other, and each thread costs it a part of its start.
    readers: host === 'cli' ? 1 : 2,
    ...(nativeBinding ? { nativeBinding } : {}),
  })
  const http = withSampleFeeds(ports.http, () => store.read.meta('sample'))
  const engine = new Engine({
    store,
    ports: { ...ports, http },
    connectors,
    autostart: host !== 'cli',
    random: Math.random,
  })
  const tools = accountTools(ports)
  try {
    await engine.open()
  } catch (error) {
    await engine.close()
    throw error
  }
  const sample = loadSample({ engine })
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
