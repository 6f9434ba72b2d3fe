import { Blob } from 'node:buffer'
import { implement } from '@orpc/server'
import { contract } from '#shared/contract/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import type { ServiceOptions } from './service.ts'

/** Calls about single messages: what they say, what is attached, and the network's own bytes. */
export function messageCalls({ engine }: ServiceOptions) {
  const on = implement(contract).messages
  return {
    messages: on.router({
      get: on.get.handler(async ({ input }) => {
        const message = await engine.store.read.message(input.id)
        if (!message) throw new ProblemError('not_found', { what: 'message', id: input.id })
        return message
      }),
      content: on.content.handler(({ input }) => engine.content(input.id)),
      attachment: on.attachment.handler(async ({ input }) => {
        const { name, mediaType, bytes } = await engine.attachment(input.id, input.index)
        return { attachment: { name, mediaType }, bytes: new Blob([bytes], { type: mediaType }) }
      }),
      source: on.source.handler(async ({ input }) => {
        const { mediaType, raw } = await engine.source(input.id, input.version ?? null)
        return { mediaType, bytes: new Blob([raw], { type: mediaType }) }
      }),
      metrics: on.metrics.handler(({ input }) => engine.store.read.messageMetrics(input.id)),
    }),
  }
}
