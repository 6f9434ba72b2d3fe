import type { MastodonSettings } from '#shared/model/index.ts'
import type { Context } from '../connector.ts'
import { readState, STREAM } from './cursor.ts'
import { Refused } from './faults.ts'
import { Gather } from './gather.ts'
import { piecesOf } from './pages.ts'
import type { Session } from './session.ts'
import { idOf } from './target.ts'

/** Reads messages again by their ids: for edits, deletions and figures. Commits what it finds. */
export async function rereadPosts(
  context: Context<MastodonSettings>,
  session: Session,
  remoteIds: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { api } = session
  const state = readState(await context.cursor(STREAM))
  const gather = new Gather(context, session, state, signal)
  for (const remoteId of remoteIds) {
    const source = await context.source(remoteId)
    if (!source) continue
    const id = await idOf(source, api, signal)
    try {
      const answer = await api.get(`/api/v1/statuses/${encodeURIComponent(id)}`, signal)
      const { found } = piecesOf(answer, api.host, () => false)
      const posts = found.map(({ piece }) => ({ status: piece, standing: { endpoint: answer.endpoint } }))
      await gather.posts(posts, true)
    } catch (error) {
      if (!(error instanceof Refused) || (error.status !== 404 && error.status !== 410)) throw error
      gather.gone(source.places)
    }
    if (gather.full) await gather.save(state)
  }
  if (!gather.empty) await gather.save(state)
  await gather.end()
}
