import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { exportPack } from '#archive/pack/export.ts'
import { Redactions, readRedactions } from '#archive/pack/redact/file.ts'
import type { ExportSummary } from '#shared/contract/index.ts'
import { type IdentityId, ProblemError } from '#shared/model/index.ts'
import type { Engine } from './engine.ts'
import type { JobControl } from './jobs.ts'
import { OfficePackSource } from './pack-source.ts'

/** What writing an evidence pack needs from the host. */
export interface PackTools {
  /** Name and version of this program. */
  program: string
  /** The stand-alone verifier that comes with every pack. */
  verifier: () => Promise<{ script: Uint8Array; page: Uint8Array }>
  /** What the thread that writes small files runs. */
  filesThread: URL
}

export interface ExportRequest {
  query: string
  identityIds: readonly IdentityId[] | null
  dir: string
  redactions: string | null
  by: string
}

/**
 * Writes an evidence pack. The ledger of each identity that is in it says so before anything is written, so that nothing leaves unsaid.
 * @throws what `exportPack` throws, `redactions_invalid`, `file_unreadable`
 */
export async function exportOffice(
  engine: Engine,
  tools: PackTools,
  request: ExportRequest,
  { signal, progress }: JobControl,
): Promise<ExportSummary> {
  const { store, ports, ledgers } = engine
  const redactions = request.redactions === null ? new Redactions([]) : await redactionsIn(request.redactions)
  const source = new OfficePackSource(store, {
    query: request.query,
    identityIds: request.identityIds,
    by: request.by,
    program: tools.program,
    now: () => ports.clock.now(),
    newId: randomUUID,
    render: async (network, raw, mediaType) => (await engine.render(network, raw, mediaType)).text,
    checkpoint: (id) => ledgers.checkpoint(id),
    coverage: async (ids) => {
      const known = await engine.coverage.known({ identityIds: [...ids], accountIds: null, from: null, to: null })
      return known.flatMap(({ accountId, intervals }) => intervals.map((interval) => ({ account: accountId, ...interval })))
    },
  })
  const made = await exportPack({
    source,
    dir: request.dir,
    redactions,
    verifier: await tools.verifier(),
    filesThread: tools.filesThread,
    signal,
    onProgress: ({ records, total }) => progress(records, total),
  })
  const { dir, id, records, redacted, bytes, files, idle } = made
  return { dir, id, records, redacted, bytes, files, damaged: made.damaged.length, stillThere: made.stillThere.length, idle }
}

async function redactionsIn(path: string): Promise<Redactions> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ProblemError('file_unreadable', { path, detail: error instanceof Error ? error.message : '' }, { cause: error })
  })
  return readRedactions(text, path)
}
