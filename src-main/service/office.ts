import { implement } from '@orpc/server'
import { examine } from '#engine/doctor.ts'
import { contract } from '#shared/contract/index.ts'
import { defaultMark, ProblemError } from '#shared/model/index.ts'
import type { ServiceOptions } from './service.ts'

const SAMPLE = 'sample'

/** Calls about the office itself, its identities and its running jobs. */
export function officeCalls({ engine, sample, host, version }: ServiceOptions) {
  const on = implement(contract)
  const { store, changes, jobs, ports } = engine
  return {
    office: on.office.router({
      status: on.office.status.handler(async () => ({
        dir: ports.paths.office,
        version,
        host,
        key: ports.secrets.kind,
        readOnly: store.readOnly,
        warnings: engine.warnings(),
        sample: (await store.read.meta(SAMPLE)) !== null,
      })),
      changes: on.office.changes.handler(({ signal }) => changes.listen(signal)),
      backup: on.office.backup.handler(({ input }) => engine.backup(input.file)),
      doctor: on.office.doctor.handler(() => examine(engine)),
      sample: on.office.sample.handler(async () => {
        if (engine.accounts.list().length > 0) throw new ProblemError('has_accounts')
        const job = jobs.start('sample', SAMPLE, async (control) => {
          await store.write.setMeta(SAMPLE, new Date(ports.clock.now()).toISOString())
          const result = await sample(control)
          changes.publish({ kind: 'identities' })
          changes.publish({ kind: 'office' })
          return result
        })
        return { job }
      }),
      preferences: on.office.preferences.handler(() => store.read.preferences()),
      setPreference: on.office.setPreference.handler(async ({ input }) => {
        await store.write.setPreference(input.name, input.value)
        return {}
      }),
    }),
    identities: on.identities.router({
      list: on.identities.list.handler(() => store.read.identities()),
      add: on.identities.add.handler(async ({ input }) => {
        const mark = defaultMark[input.voice]
        const { name, voice } = input
        return await engine.addIdentity({
          name,
          voice,
          shape: input.shape ?? mark.shape,
          color: input.color ?? mark.color,
        })
      }),
      update: on.identities.update.handler(async ({ input }) => {
        const identity = await store.write.updateIdentity(input)
        changes.publish({ kind: 'identities' })
        return identity
      }),
    }),
    jobs: on.jobs.router({
      list: on.jobs.list.handler(() => jobs.list()),
      cancel: on.jobs.cancel.handler(({ input }) => {
        jobs.cancel(input.id)
        return {}
      }),
    }),
  }
}
