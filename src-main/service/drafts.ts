import { implement } from '@orpc/server'
import { contract } from '#shared/contract/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import type { ServiceOptions } from './service.ts'

/** Calls about what is being written. */
export function draftCalls({ engine }: ServiceOptions) {
  const on = implement(contract).drafts
  const { store, drafts } = engine
  return {
    drafts: on.router({
      list: on.list.handler(({ input }) => store.read.drafts(input.identityId)),
      get: on.get.handler(async ({ input }) => {
        const found = await store.read.draft(input.id)
        if (!found) throw new ProblemError('not_found', { what: 'draft', id: input.id })
        return found
      }),
      add: on.add.handler(({ input }) => drafts.add(input)),
      save: on.save.handler(({ input }) => drafts.save(input)),
      discard: on.discard.handler(({ input }) => drafts.discard(input)),
    }),
  }
}
