import { implement } from '@orpc/server'
import { contract } from '#shared/contract/index.ts'
import type { ServiceOptions } from './service.ts'

/** Calls about what is on its way to networks, and about the people there. */
export function outboxCalls({ engine }: ServiceOptions) {
  const on = implement(contract)
  const { outbox, figures, store } = engine
  return {
    outbox: on.outbox.router({
      queue: on.outbox.queue.handler(({ input }) => outbox.queue(input)),
      list: on.outbox.list.handler(async ({ input }) => {
        const items = await store.read.outboxItems(input)
        return { items, next: items.length < input.limit ? null : (items.at(-1)?.id ?? null) }
      }),
      get: on.outbox.get.handler(({ input }) => store.read.outboxItem(input.id, input.identityId)),
      cancel: on.outbox.cancel.handler(({ input }) => outbox.cancel(input)),
      retry: on.outbox.retry.handler(({ input }) => outbox.retry(input)),
      confirm: on.outbox.confirm.handler(({ input }) => outbox.confirm(input)),
      settle: on.outbox.settle.handler(({ input }) => outbox.judge(input)),
      attach: on.outbox.attach.handler(({ input }) =>
        outbox.uploads.take({ ...input, bytes: Buffer.from(input.bytes, 'base64') }),
      ),
      attachPath: on.outbox.attachPath.handler(({ input }) => outbox.attachPath(input.identityId, input.path, input.mediaType)),
      limits: on.outbox.limits.handler(async ({ input }) => ({
        limits: await outbox.limits(input.accountId, input.identityId),
      })),
      run: on.outbox.run.handler(({ input, signal }) => outbox.run(input.accountId, signal)),
    }),
    people: on.people.router({
      profile: on.people.profile.handler(({ input, signal }) => figures.profile(input, signal)),
    }),
  }
}
