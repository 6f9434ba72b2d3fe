import type { ImportRequest } from '#connectors/connector.ts'
import type { Ports } from '#ports/index.ts'
import { type ImportReport, type Network, ProblemError } from '#shared/model/index.ts'
import type { BatchResult, Store, StoredAccount } from '#store/store.ts'
import { accountContext, KeptFiles, type Moved } from './context.ts'
import type { JobControl } from './jobs.ts'
import { type Connectors, settingsOf } from './networks.ts'

/** Where an import goes, and who is told. */
export interface ImportInto {
  store: Store
  ports: Ports
  connectors: Connectors
  moved: (moved: Moved) => void
  committed: (result: BatchResult) => void
}

/** Brings messages of an account in from files. @throws `bad_request` when its network has no such import. */
export async function importInto<N extends Network>(
  account: StoredAccount,
  network: N,
  request: ImportRequest,
  control: JobControl,
  { store, ports, connectors, moved, committed }: ImportInto,
): Promise<ImportReport> {
  const connector = connectors[network]
  if (!connector.importFiles || !connector.capabilities.imports.includes(request.format))
    throw new ProblemError('bad_request', { detail: `${network} accounts take no ${request.format}` })
  const kept = new KeptFiles(store)
  const context = accountContext<N>({
    kept,
    store,
    ports,
    account,
    connector,
    settings: settingsOf(connector, account.settings),
    backfill: () => true,
    moved,
    committed,
    progress: (progress) => control.progress(progress.done, progress.total),
    // Files say nothing of what the network has.
    reaches: () => undefined,
    limits: () => undefined,
  })
  try {
    return await connector.importFiles(request, context, control.signal)
  } finally {
    kept.drop()
  }
}
