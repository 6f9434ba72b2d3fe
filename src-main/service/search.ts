import { implement } from '@orpc/server'
import { contract } from '#shared/contract/index.ts'
import type { ServiceOptions } from './service.ts'

/** Calls of search, and of searches that are kept. */
export function searchCalls({ engine }: ServiceOptions) {
  const on = implement(contract).search
  const { searches } = engine
  return {
    search: on.router({
      find: on.find.handler(({ input, signal }) => searches.find(input, signal)),
      facets: on.facets.handler(({ input, signal }) => searches.facets(input.text, input.timeZone, input.exact, signal)),
      histogram: on.histogram.handler(({ input, signal }) => searches.histogram(input.text, input.timeZone, signal)),
      saved: on.saved.handler(() => searches.saved()),
      save: on.save.handler(({ input }) => searches.save(input.name, input.text)),
      renameSaved: on.renameSaved.handler(({ input }) => searches.rename(input.id, input.name)),
      removeSaved: on.removeSaved.handler(async ({ input }) => {
        await searches.remove(input.id)
        return {}
      }),
    }),
  }
}
