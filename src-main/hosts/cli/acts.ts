import type { Client } from '#shared/contract/client.ts'
import type { Acted, Target } from '#shared/contract/index.ts'
import { ConversationId } from '#shared/model/index.ts'
import { findIdentity } from './names.ts'

/** Conversations that one act takes (the contract's most). */
const AT_ONCE = 5000

/**
 * Does one act to conversations, each named together with its identity.
 * @param identity Id or name that all of them must belong to; without it, each one's own.
 * @throws `not_found`, `voice_mismatch`; nothing was changed.
 */
export async function act(
  client: Client,
  ids: readonly string[],
  identity: string | undefined,
  run: (targets: Target[]) => Promise<Acted>,
): Promise<{ ids: string[]; changed: number }> {
  const named = identity === undefined ? null : findIdentity(await client.identities.list(), identity).id
  const targets: Target[] = []
  for (const text of new Set(ids)) {
    const id = ConversationId.parse(text)
    targets.push({ id, identityId: named ?? (await client.conversations.get({ id })).row.identityId })
  }
  let changed = 0
  for (let at = 0; at < targets.length; at += AT_ONCE) changed += (await run(targets.slice(at, at + AT_ONCE))).changed
  return { ids: targets.map((target) => target.id), changed }
}

/** `1 conversation` or `3 conversations`. */
export function conversations(count: number): string {
  return count === 1 ? '1 conversation' : `${count} conversations`
}
