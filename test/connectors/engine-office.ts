import { connectors } from '#connectors/registry.ts'
import { Engine } from '#engine/engine.ts'
import type { Account, ArchiveNetwork } from '#shared/model/index.ts'
import { type TestOffice, testOffice } from '../support/office.ts'

/** A real office with the real engine and one account for exports of a network. */
export async function engineOffice(network: ArchiveNetwork, handle: string | null = null) {
  const office: TestOffice = await testOffice()
  const engine = new Engine({ store: office.store, ports: office.ports, connectors, autostart: false, random: () => 0 })
  await engine.open()
  const identity = await office.store.write.addIdentity({
    name: 'Press office',
    voice: 'institutional',
    shape: 'square',
    color: 'blue',
  })
  const control = { signal: new AbortController().signal, progress: () => undefined }
  const account: Account = await engine.accounts.addArchive({
    identityId: identity.id,
    label: null,
    network,
    handle,
    server: null,
  })
  return {
    office,
    engine,
    account,
    bring: (path: string) =>
      engine.accounts.importFiles(account.id, identity.id, { format: 'archive', path, parts: [] }, control),
    remove: async () => {
      await engine.close()
      await office.remove()
    },
  }
}
