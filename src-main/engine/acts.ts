import type { Client } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import type { Clock, Log } from '#ports/index.ts'
import type { AccountId } from '#shared/model/index.ts'
import type { Store } from '#store/store.ts'

/** Acts fetched at a time. */
const AT_ONCE = 100
/** After this many refusals by the network an act is given up; triage itself stays as the person set it. */
const MAX_TRIES = 5

export interface PushOptions {
  store: Store
  clock: Clock
  log: Log
  client: Client
  accountId: AccountId
  signal: AbortSignal
}

/**
 * Carries out the stored acts of an account on its network, oldest first. An act leaves the queue only when the network
 * took it, so a kill in between repeats it, and acts are safe to repeat.
 * @throws ConnectorFault when the connection or the login failed; the acts stay queued.
 */
export async function pushActs(options: PushOptions): Promise<void> {
  const { store, clock, log, client, accountId, signal } = options
  for (;;) {
    const acts = await store.read.pendingActs(accountId, AT_ONCE)
    for (const act of acts) {
      if (signal.aborted) return
      try {
        await client.act({ kind: act.kind, remoteId: act.remoteId, places: act.places, on: act.on }, signal)
        await store.write.finishAct(act.id)
      } catch (error) {
        const refused = error instanceof ConnectorFault && error.code === 'protocol'
        if (!refused) throw error
        log.warn('act.refused', { account: accountId, act: act.id, tries: act.tries })
        if (act.tries + 1 >= MAX_TRIES) await store.write.finishAct(act.id)
        else await store.write.failAct(act.id, new Date(clock.now()).toISOString())
      }
    }
    if (acts.length < AT_ONCE) return
  }
}
