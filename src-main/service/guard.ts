import { implement } from '@orpc/server'
import { contract } from '#shared/contract/index.ts'
import type { ServiceOptions } from './service.ts'

/** Calls about what should not leave. */
export function guardCalls({ engine }: ServiceOptions) {
  const on = implement(contract).guard
  return { guard: on.router({ check: on.check.handler(({ input }) => engine.guarding.check(input)) }) }
}
