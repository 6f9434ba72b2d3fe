import { z } from 'zod'
import type { Context, IncomingMessage, IncomingProfile } from '#connectors/connector.ts'
import type { BlueskySettings } from '#shared/model/index.ts'
import { readPost } from '../record.ts'
import { live } from './limits.ts'
import { inModel } from './own.ts'
import { membersOf } from './values.ts'
import { contextMessage, type Notification, PostView, toProfile } from './view.ts'
import { Refused, type Xrpc } from './xrpc.ts'

const POSTS = 'app.bsky.feed.getPosts'
const PROFILES = 'app.bsky.actor.getProfiles'

/** What stands around messages: the posts that they answer, and the people who wrote them. */
export class Threads {
  private readonly office: Context<BlueskySettings>
  private readonly xrpc: Xrpc
  private readonly did: string
  /** When a profile was last asked for, by DID. */
  private readonly asked = new Map<string, number>()

  constructor(office: Context<BlueskySettings>, xrpc: Xrpc, did: string) {
    this.office = office
    this.xrpc = xrpc
    this.did = did
  }

  /** Posts that lead to these messages and that the office does not have, and who wrote to us. */
  async around(
    messages: IncomingMessage[],
    views: Notification[],
    signal: AbortSignal,
  ): Promise<{ context: IncomingMessage[]; profiles: IncomingProfile[] }> {
    const words = views.filter(({ reason }) => ['mention', 'reply', 'quote'].includes(reason))
    if (words.length === 0) return { context: [], profiles: [] }
    const wanted = words.flatMap(({ record }) => leadingTo(record))
    const context = await this.parents(wanted, new Set(messages.map(({ remoteId }) => remoteId)), signal)
    return { context, profiles: await this.people([...new Set(words.map(({ author }) => author.did))], signal) }
  }

  /** Towards the beginning of each thread, a step of all threads at a time. What is deleted ends its thread there. */
  async parents(from: string[], here: Set<string>, signal: AbortSignal): Promise<IncomingMessage[]> {
    const found: IncomingMessage[] = []
    let wanted = from
    for (let step = 0; step < live.contextSteps; step++) {
      const open = [...new Set(wanted)].filter((uri) => !here.has(uri) && !uri.startsWith(`at://${this.did}/`))
      const have = await this.office.has(open)
      const ask = open.filter((uri) => !have.has(uri))
      for (const uri of ask) here.add(uri)
      const posts = await this.posts(ask, signal)
      if (posts.length === 0 || found.length + posts.length > live.contextPosts) break
      for (const { view, raw } of posts) found.push(contextMessage(view, raw, this.xrpc.address(POSTS, {})))
      wanted = posts.flatMap(({ view }) => leadingTo(view.record))
    }
    return found
  }

  /** Posts as the network shows them now; those that are gone or hidden are not among them. */
  async posts(uris: string[], signal: AbortSignal): Promise<{ view: PostView; raw: Uint8Array }[]> {
    const found: { view: PostView; raw: Uint8Array }[] = []
    for (let at = 0; at < uris.length; at += live.atOnce) {
      const params = { uris: uris.slice(at, at + live.atOnce) }
      const { value, bytes } = await this.xrpc.query(POSTS, { params, signal })
      const list = z.object({ posts: z.array(z.unknown()) }).safeParse(value).data?.posts ?? []
      const exact = membersOf(bytes, 'posts')
      for (const [index, entry] of list.entries()) {
        const view = PostView.safeParse(entry).data
        const raw = exact[index]
        if (view !== undefined && raw !== undefined) found.push({ view, raw })
      }
    }
    return found
  }

  /** Profiles of people that were not asked for lately. Nothing depends on them: a service that fails here fails nothing. */
  async people(dids: string[], signal: AbortSignal): Promise<IncomingProfile[]> {
    const now = this.office.clock.now()
    const due = dids.filter((did) => now - (this.asked.get(did) ?? Number.NEGATIVE_INFINITY) > live.profileMs)
    const found: IncomingProfile[] = []
    for (let at = 0; at < due.length; at += live.atOnce) {
      const actors = due.slice(at, at + live.atOnce)
      const { value, bytes } = await this.xrpc.query(PROFILES, { params: { actors }, signal })
      const list = z.object({ profiles: z.array(z.unknown()) }).safeParse(value).data?.profiles ?? []
      const exact = membersOf(bytes, 'profiles')
      for (const did of actors) this.asked.set(did, now)
      for (const [index, entry] of list.entries()) {
        const profile = toProfile(
          entry,
          exact[index] ?? new Uint8Array(),
          this.xrpc.address(PROFILES, {}),
          new Date(now).toISOString(),
        )
        if (profile !== null) found.push(profile)
      }
    }
    return found
  }

  /** Whether a record is no longer in its repository. What cannot be said counts as there. */
  async isGone(uri: string, signal: AbortSignal): Promise<boolean> {
    const [repo, collection, rkey] = uri.slice('at://'.length).split('/')
    try {
      await this.xrpc.query('com.atproto.repo.getRecord', { params: { repo, collection, rkey }, signal })
      return false
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return isNoRecord(error)
    }
  }
}

/** How servers say that a record is not there: by name, and in words only where they are older. */
export function isNoRecord({ reason, detail }: Refused): boolean {
  return reason === 'RecordNotFound' || /could not locate record/i.test(detail)
}

/** Posts that a post answers or quotes. @param record in the server's JSON. */
export function leadingTo(record: unknown): string[] {
  const post = readPost(inModel(record))
  if (post === null) return []
  const all = [post.reply?.parent, post.reply?.root, post.quote]
  return all
    .filter((uri) => typeof uri === 'string')
    .filter((uri) => /^at:\/\/did:[^/]+\/app\.bsky\.feed\.post\/[^/]+$/.test(uri))
}
