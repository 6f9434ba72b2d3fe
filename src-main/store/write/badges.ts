import type { WriteDb } from '../handle.ts'

interface Counted {
  account_id: number
  identity_id: number
  shelf: number
  unread: number
}

interface Delta {
  identityId: number
  all: [number, number, number, number]
  unread: [number, number, number, number]
}

/** Collects what a call changes in the counts, and writes it once, in the same transaction. */
export class BadgeChanges {
  readonly #byAccount = new Map<number, Delta>()

  /** Takes a conversation out of the counts (as it was) or puts it in (as it is). */
  count(conversation: Counted, by: 1 | -1): void {
    let delta = this.#byAccount.get(conversation.account_id)
    if (!delta) {
      delta = { identityId: conversation.identity_id, all: [0, 0, 0, 0], unread: [0, 0, 0, 0] }
      this.#byAccount.set(conversation.account_id, delta)
    }
    const shelf = conversation.shelf as 0 | 1 | 2 | 3
    delta.all[shelf] += by
    if (conversation.unread > 0) delta.unread[shelf] += by
  }

  write(db: WriteDb): void {
    for (const [accountId, { identityId, all, unread }] of this.#byAccount) {
      if ([...all, ...unread].every((change) => change === 0)) continue
      db.run('INSERT INTO badge (account_id, identity_id) VALUES (?, ?) ON CONFLICT DO NOTHING', accountId, identityId)
      db.run(
        `UPDATE badge SET all_0 = all_0 + ?, all_1 = all_1 + ?, all_2 = all_2 + ?, all_3 = all_3 + ?,
           unread_0 = unread_0 + ?, unread_1 = unread_1 + ?, unread_2 = unread_2 + ?, unread_3 = unread_3 + ?
         WHERE account_id = ?`,
        ...all,
        ...unread,
        accountId,
      )
    }
  }
}
