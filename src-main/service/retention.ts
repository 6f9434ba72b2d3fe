import { implement } from '@orpc/server'
import { contract } from '#shared/contract/index.ts'
import type { ServiceOptions } from './service.ts'

/** Calls about keeping and letting go: holds, schedules, disposals. */
export function retentionCalls({ engine }: ServiceOptions) {
  const on = implement(contract).retention
  const { store, retention, ledgers, ports } = engine
  const now = () => new Date(ports.clock.now()).toISOString()
  return {
    retention: on.router({
      holds: on.holds.handler(({ input }) => store.read.holds(input.identityId, input.lifted)),
      setHold: on.setHold.handler(({ input }) => store.write.setHold({ ...input, at: now() })),
      liftHold: on.liftHold.handler(({ input }) => store.write.liftHold({ ...input, at: now() })),
      schedules: on.schedules.handler(({ input }) => store.read.schedules(input.identityId)),
      setSchedule: on.setSchedule.handler(({ input }) => store.write.setSchedule({ ...input, at: now() })),
      clearSchedule: on.clearSchedule.handler(async ({ input }) => {
        await store.write.clearSchedule({ ...input, at: now() })
        return {}
      }),
      due: on.due.handler(({ input }) => store.read.disposable(input.identityId, now())),
      disposals: on.disposals.handler(({ input }) => store.read.disposals(input.identityId)),
      disposal: on.disposal.handler(({ input }) => store.read.disposal(input.identityId, input.id)),
      disposalItems: on.disposalItems.handler(({ input }) =>
        store.read.disposalItems(input.identityId, input.id, input.after, input.limit),
      ),
      proposeDisposal: on.proposeDisposal.handler(({ input }) => retention.propose({ ...input, handle: null })),
      proposeErasure: on.proposeErasure.handler(({ input }) => retention.propose(input)),
      approveDisposal: on.approveDisposal.handler(({ input }) => store.write.approveDisposal({ ...input, at: now() })),
      withdrawDisposal: on.withdrawDisposal.handler(({ input }) => store.write.withdrawDisposal({ ...input, at: now() })),
      runDisposal: on.runDisposal.handler(async ({ input }) => ({
        job: await retention.carryOut(input.identityId, input.id),
      })),
      certificate: on.certificate.handler(async ({ input }) => {
        const certificate = await store.read.certificate(input.identityId, input.id)
        const key = certificate === null ? null : await ledgers.keyUnder(input.identityId, certificate)
        return certificate === null || key === null ? null : { certificate, key }
      }),
    }),
  }
}
