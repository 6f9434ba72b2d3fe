import { basename } from 'node:path'
import { implement } from '@orpc/server'
import { exportOffice } from '#engine/exports.ts'
import { readHistory } from '#engine/history.ts'
import { readQuery } from '#engine/searches.ts'
import { contract } from '#shared/contract/index.ts'
import type { ServiceOptions } from './service.ts'

/** Calls of the archive: ledgers, their checkpoints and proofs. */
export function archiveCalls({ engine, packs }: ServiceOptions) {
  const on = implement(contract).archive
  const { ledgers } = engine
  return {
    archive: on.router({
      ledgers: on.ledgers.handler(() => ledgers.list()),
      checkpoint: on.checkpoint.handler(({ input }) => ledgers.checkpoint(input.identityId)),
      authority: on.authority.handler(async () => ({ url: (await ledgers.timestamps.authority())?.url ?? null })),
      setAuthority: on.setAuthority.handler(async ({ input }) => {
        await ledgers.timestamps.choose(input.authority)
        return { url: input.authority?.url ?? null }
      }),
      verify: on.verify.handler(({ input }) => ledgers.verify(input.identityId, input.carry, input.payloads)),
      prove: on.prove.handler(({ input }) => ledgers.prove(input.messageId)),
      history: on.history.handler(({ input }) => readHistory(engine, input.messageId)),
      count: on.count.handler(async ({ input }) => ({
        records: await engine.store.read.countRecords(readQuery(input.query, engine.ports.clock.now()), input.identityIds),
      })),
      export: on.export.handler(({ input }) => ({
        job: engine.jobs.start('export', basename(input.dir), async (control) => ({
          exported: await exportOffice(engine, packs, input, control),
        })),
      })),
      coverage: on.coverage.handler(({ input }) => engine.coverage.ask(input)),
      consistency: on.consistency.handler(({ input }) => ledgers.consistency(input.identityId, input.oldSize, input.newSize)),
    }),
  }
}
