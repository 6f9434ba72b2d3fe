import { implement, type Router } from '@orpc/server'
import type { Engine } from '#engine/engine.ts'
import type { PackTools } from '#engine/exports.ts'
import { type Contract, contract, type OfficeStatus } from '#shared/contract/index.ts'
import { accountCalls } from './accounts.ts'
import { archiveCalls } from './archive.ts'
import { draftCalls } from './drafts.ts'
import { guardCalls } from './guard.ts'
import { inboxCalls } from './inbox.ts'
import { labelCalls } from './labels.ts'
import { messageCalls } from './messages.ts'
import { officeCalls } from './office.ts'
import { outboxCalls } from './outbox.ts'
import { retentionCalls } from './retention.ts'
import { searchCalls } from './search.ts'
import type { AccountTools, SampleLoader } from './tools.ts'
import { voiceCalls } from './voices.ts'

export interface ServiceOptions {
  engine: Engine
  tools: AccountTools
  sample: SampleLoader
  packs: PackTools
  host: OfficeStatus['host']
  version: string
}

export type ServiceRouter = Router<Contract, Record<never, never>>

/** The implementation of the contract, by topic. Nothing outside the contract is callable. */
export function createService(options: ServiceOptions): ServiceRouter {
  return implement(contract).router({
    ...officeCalls(options),
    ...accountCalls(options),
    ...inboxCalls(options),
    ...messageCalls(options),
    ...labelCalls(options),
    ...outboxCalls(options),
    ...voiceCalls(options),
    ...draftCalls(options),
    ...guardCalls(options),
    ...archiveCalls(options),
    ...retentionCalls(options),
    ...searchCalls(options),
  })
}
