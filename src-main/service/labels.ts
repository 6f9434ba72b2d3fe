import { implement } from '@orpc/server'
import { contract } from '#shared/contract/index.ts'
import type { ServiceOptions } from './service.ts'

/** Calls about labels, topics and notes. */
export function labelCalls({ engine }: ServiceOptions) {
  const on = implement(contract)
  const { store, labels } = engine
  return {
    labels: on.labels.router({
      list: on.labels.list.handler(({ input }) => store.read.labels(input.identityId)),
      add: on.labels.add.handler(({ input }) => labels.add(input)),
      update: on.labels.update.handler(({ input }) => labels.update(input)),
      merge: on.labels.merge.handler(({ input }) => labels.merge(input)),
      remove: on.labels.remove.handler(({ input }) => labels.remove(input)),
      put: on.labels.put.handler(({ input }) => labels.put(input.targets, input.add, input.remove)),
    }),
    notes: on.notes.router({
      list: on.notes.list.handler(({ input }) => store.read.notes(input.conversationId)),
      add: on.notes.add.handler(({ input }) => labels.addNote(input)),
      edit: on.notes.edit.handler(({ input }) => labels.editNote(input)),
      withdraw: on.notes.withdraw.handler(({ input }) => labels.editNote({ ...input, text: null })),
    }),
  }
}
