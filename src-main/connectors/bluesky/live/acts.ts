import { z } from 'zod'
import type { Outgoing } from '#connectors/connector.ts'
import type { OutgoingContent, RemoteAct } from '#shared/model/index.ts'
import { refOf, refused } from './compose.ts'
import { isDid } from './identity.ts'
import { isNoRecord } from './threads.ts'
import { keyOfItem } from './tid.ts'
import { parseJson } from './values.ts'
import { Refused, type Xrpc } from './xrpc.ts'

/** What can be done there to a post or a person. */
export const acts: RemoteAct[] = ['like', 'boost', 'follow', 'mute', 'block', 'report']
export type Act = Extract<OutgoingContent, { do: 'act' }>

/** Acts that are records of the account: taking one back removes its record. */
const records: Partial<Record<RemoteAct, string>> = {
  like: 'app.bsky.feed.like',
  boost: 'app.bsky.feed.repost',
  follow: 'app.bsky.graph.follow',
  block: 'app.bsky.graph.block',
}
const REASON = 'com.atproto.moderation.defs#reasonOther'

export interface ActTools {
  xrpc: Xrpc
  /** The account's own DID. */
  did: string
  resolve(handle: string): Promise<string | null>
  /** Milliseconds since 1970. */
  now: number
  signal: AbortSignal
}

/** Carries an act out, or takes it back. Repeating it changes nothing, but for a report, which is made again. */
export async function carryOut(item: Outgoing, act: Act, tools: ActTools): Promise<void> {
  const collection = records[act.act]
  const { xrpc, signal } = tools
  if (collection !== undefined) {
    if (act.on) await addRecord(item, act, collection, tools)
    else await removeRecord(item, act, tools)
  } else if (act.act === 'mute') {
    const method = act.on ? 'app.bsky.graph.muteActor' : 'app.bsky.graph.unmuteActor'
    await xrpc.procedure(method, { body: { actor: await personOf(item, act, tools) }, signal })
  } else if (act.act === 'report' && act.on) {
    const subject =
      item.target === null
        ? { $type: 'com.atproto.admin.defs#repoRef', did: await personOf(item, act, tools) }
        : { $type: 'com.atproto.repo.strongRef', ...refOf(item.target) }
    await xrpc.procedure('com.atproto.moderation.createReport', {
      body: { reasonType: REASON, reason: act.comment, subject },
      signal,
    })
  } else throw refused(`${act.act} ${act.on ? 'on' : 'off'} is not known there`)
}

/** Whether an act whose outcome is not known is there as it was meant. */
export async function isDone(item: Outgoing, act: Act, tools: ActTools): Promise<boolean> {
  const collection = records[act.act]
  if (collection !== undefined && act.on) return hasRecord(tools, collection, keyOfItem(item))
  if (act.act === 'mute') {
    const muted = (await viewerOf(await personOf(item, act, tools), tools)).muted ?? false
    return muted === act.on
  }
  if (act.on) return false
  return (await ownRecord(item, act, tools)) === null
}

async function addRecord(item: Outgoing, act: Act, collection: string, tools: ActTools): Promise<void> {
  const { xrpc, did, signal } = tools
  const about = act.act === 'like' || act.act === 'boost'
  if (about && item.target === null) throw refused('nothing that it is about')
  const subject = about && item.target !== null ? refOf(item.target) : await personOf(item, act, tools)
  const record = { $type: collection, subject, createdAt: new Date(tools.now).toISOString() }
  await xrpc.procedure('com.atproto.repo.createRecord', {
    body: { repo: did, collection, rkey: keyOfItem(item), record },
    signal,
  })
}

async function removeRecord(item: Outgoing, act: Act, tools: ActTools): Promise<void> {
  const uri = await ownRecord(item, act, tools)
  if (uri !== null) await deleteRecord(uri, tools)
}

/** Removes an own record; one that is not there is no fault. */
export async function deleteRecord(uri: string, { xrpc, did, signal }: Pick<ActTools, 'xrpc' | 'did' | 'signal'>): Promise<void> {
  const [repo, collection, rkey] = uri.slice('at://'.length).split('/')
  if (repo !== did) throw refused('a record of somebody else')
  await xrpc.procedure('com.atproto.repo.deleteRecord', { body: { repo, collection, rkey }, signal })
}

export async function hasRecord(
  { xrpc, did, signal }: Pick<ActTools, 'xrpc' | 'did' | 'signal'>,
  collection: string,
  rkey: string,
): Promise<boolean> {
  try {
    await xrpc.query('com.atproto.repo.getRecord', { params: { repo: did, collection, rkey }, signal })
    return true
  } catch (error) {
    if (error instanceof Refused && isNoRecord(error)) return false
    throw error
  }
}

const Viewer = z.object({
  like: z.string().optional(),
  repost: z.string().optional(),
  following: z.string().optional(),
  blocking: z.string().optional(),
  muted: z.boolean().optional(),
})
type Viewer = z.infer<typeof Viewer>

/** The own record that an act left, whoever made it; null where there is none. */
async function ownRecord(item: Outgoing, act: Act, tools: ActTools): Promise<string | null> {
  if (act.act === 'like' || act.act === 'boost') {
    if (item.target === null) throw refused('nothing that it is about')
    const { value } = await tools.xrpc.query('app.bsky.feed.getPosts', {
      params: { uris: [item.target.remoteId] },
      signal: tools.signal,
    })
    const viewer = z.object({ posts: z.array(z.object({ viewer: Viewer.optional() })) }).safeParse(value).data?.posts[0]?.viewer
    return (act.act === 'like' ? viewer?.like : viewer?.repost) ?? null
  }
  const viewer = await viewerOf(await personOf(item, act, tools), tools)
  return (act.act === 'follow' ? viewer.following : viewer.blocking) ?? null
}

async function viewerOf(did: string, { xrpc, signal }: ActTools): Promise<Viewer> {
  const { value } = await xrpc.query('app.bsky.actor.getProfile', { params: { actor: did }, signal })
  return z.object({ viewer: Viewer }).safeParse(value).data?.viewer ?? {}
}

/** Whom an act is about: the handle that was named, else who wrote the message, whose DID its bytes have. */
async function personOf(item: Outgoing, act: Act, tools: ActTools): Promise<string> {
  if (act.handle !== null) {
    const handle = act.handle.trim().replace(/^@/, '')
    const did = isDid(handle) ? handle : await tools.resolve(handle)
    if (did === null) throw refused(`nobody is called ${handle}`)
    return did
  }
  const { target } = item
  if (target === null) throw refused('nobody that it is about')
  const Said = z.object({ author: z.object({ did: z.string() }).optional(), sender: z.object({ did: z.string() }).optional() })
  const said = Said.safeParse(parseJson(target.raw)).data
  const did = said?.author?.did ?? said?.sender?.did ?? /^at:\/\/(did:[^/]+)\//.exec(target.remoteId)?.[1]
  if (did === undefined) throw refused('nobody that it is about')
  return did
}
