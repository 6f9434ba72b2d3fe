import { z } from 'zod'
import type { Checked, Client, Context, IncomingMetrics, IncomingProfile, Outgoing, Sent } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import { type BlueskySettings, type Problem, ProblemError } from '#shared/model/index.ts'
import type { Author } from '../message.ts'
import { Chat, isAbsent } from './chat.ts'
import { tidyHandle } from './identity.ts'
import { live as limits } from './limits.ts'
import { NOTIFICATIONS, Notifications } from './notifications.ts'
import { collections, Repository } from './repository.ts'
import { Sender, sendLimits } from './sender.ts'
import { AccountAuth, serverOf } from './session.ts'
import { Threads } from './threads.ts'
import { postCounts, toProfile } from './view.ts'
import { hostOf, Refused, Xrpc } from './xrpc.ts'

const POSTS = 'app.bsky.feed.post'

/** An account of the network on its own server, which hands on what is asked of the services behind it. */
export class BlueskyClient implements Client {
  private readonly context: Context<BlueskySettings>
  private readonly closing = new AbortController()
  private readonly xrpc: Xrpc
  private readonly did: string
  private readonly repository: Repository
  private readonly threads: Threads
  private readonly notifications: Notifications
  private readonly chat: Chat
  private readonly sender: Sender
  /** When a service was found absent, and when the account's own figures were last read; ms since 1970. */
  private readonly absent = new Map<'views' | 'chat', number>()
  private figuresAt = Number.NEGATIVE_INFINITY

  constructor(context: Context<BlueskySettings>, live: NonNullable<BlueskySettings['live']>) {
    this.context = context
    this.did = context.settings.userId ?? ''
    const server = serverOf(live)
    this.xrpc = new Xrpc(context, server, new AccountAuth(context, server, context))
    this.repository = new Repository(context, this.xrpc, this.did)
    this.threads = new Threads(context, this.xrpc, this.did)
    this.notifications = new Notifications(context, this.xrpc, this.did, this.threads)
    this.chat = new Chat(context, this.xrpc, this.did)
    this.sender = new Sender({ context, xrpc: this.xrpc, chat: this.chat, did: this.did, author: () => this.author() })
  }

  check(signal: AbortSignal): Promise<Checked> {
    return this.faults(async (within) => {
      const { handle } = await this.session(within)
      return { label: `@${handle}`, streams: [...collections, NOTIFICATIONS] }
    }, signal)
  }

  sync(signal: AbortSignal): Promise<Problem | null> {
    return this.faults(async (within) => {
      await this.repository.sync(within)
      await this.unlessAbsent('views', () => this.notifications.sync(within))
      await this.unlessAbsent('views', () => this.readAbout(within))
      const problem = await this.syncChat(within)
      this.context.limits(sendLimits(!this.absent.has('chat')))
      await this.figures(within)
      return problem
    }, signal)
  }

  /** There is no push for one account: the interval is slept out. */
  async wait(signal: AbortSignal): Promise<void> {
    await this.context.clock.sleep(limits.pollMs, AbortSignal.any([signal, this.closing.signal]))
  }

  act(): Promise<void> {
    // The network keeps one time up to which notifications were seen and no flags of messages; the engine asks only for what
    // `capabilities` offers.
    return Promise.resolve()
  }

  send(item: Outgoing, signal: AbortSignal): Promise<Sent> {
    return this.faults((within) => this.sender.send(item, within), signal)
  }

  find(item: Outgoing, signal: AbortSignal): Promise<Sent | null> {
    return this.faults((within) => this.sender.find(item, within), signal)
  }

  reread(remoteIds: string[], signal: AbortSignal): Promise<void> {
    return this.faults(async (within) => {
      const own = remoteIds.filter((id) => id.startsWith(`at://${this.did}/`))
      for (const collection of collections) {
        const uris = own.filter((uri) => uri.startsWith(`at://${this.did}/${collection}/`))
        if (uris.length > 0) await this.repository.reread(collection, uris, this.sender, within)
      }
      const posts = own.filter((uri) => uri.startsWith(`at://${this.did}/${POSTS}/`))
      const metrics = await this.postFigures(posts, within)
      if (metrics.length > 0) await this.tell(metrics, [])
    }, signal)
  }

  profile(handle: string, signal: AbortSignal): Promise<IncomingProfile | null> {
    return this.faults((within) => this.person(tidyHandle(handle) ?? handle, within), signal)
  }

  close(): Promise<void> {
    const host = hostOf(this.context.settings.live?.origin ?? '')
    this.closing.abort(new ConnectorFault('transient', 'connection_lost', { host }))
    return Promise.resolve()
  }

  /** @returns null where the network knows nobody by that name. */
  private async person(actor: string, signal: AbortSignal): Promise<IncomingProfile | null> {
    try {
      const { value, bytes, endpoint } = await this.xrpc.query('app.bsky.actor.getProfile', { params: { actor }, signal })
      return toProfile(value, bytes, endpoint, new Date(this.context.clock.now()).toISOString())
    } catch (error) {
      if (error instanceof Refused && error.status === 400) return null
      throw error
    }
  }

  /** Who the server says it is; a changed handle is kept. */
  private async session(signal: AbortSignal): Promise<{ handle: string }> {
    const { value } = await this.xrpc.query('com.atproto.server.getSession', { signal })
    const session = z.object({ did: z.string(), handle: z.string() }).safeParse(value).data
    if (session === undefined)
      throw new ConnectorFault('transient', 'protocol', { host: this.xrpc.host, detail: 'a session of another shape' })
    if (session.did !== this.did)
      throw new ConnectorFault('decision', 'account_other', { found: `@${session.handle}`, expected: `@${this.author().handle}` })
    return session
  }

  /** What own new posts answer or quote. */
  private async readAbout(signal: AbortSignal): Promise<void> {
    const messages = await this.threads.parents(this.repository.takeAbout(), new Set(), signal)
    if (messages.length === 0) return
    const cursor = (await this.context.cursor(POSTS)) ?? ''
    await this.context.commit({ stream: POSTS, cursor, messages, marks: [], gone: [] })
  }

  private async syncChat(signal: AbortSignal): Promise<Problem | null> {
    try {
      await this.unlessAbsent('chat', () => this.chat.sync(signal))
      return null
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof ConnectorFault) || error.kind === 'decision') throw error
      // A service of its own: where it never answered, it is not there for this account; else a person should know.
      if (!(await this.chat.isKnown())) {
        this.absent.set('chat', this.context.clock.now())
        return null
      }
      return error.toProblem()
    }
  }

  /** Leaves out, for a time, what the server does not have. */
  private async unlessAbsent(service: 'views' | 'chat', work: () => Promise<void>): Promise<void> {
    const since = this.absent.get(service)
    if (since !== undefined && this.context.clock.now() - since < limits.absentMs) return
    try {
      await work()
      this.absent.delete(service)
    } catch (error) {
      const gone = service === 'chat' ? isAbsent(error) : error instanceof Refused
      if (!gone) throw error
      this.absent.set(service, this.context.clock.now())
      this.context.log.info('bluesky.absent', { service, host: this.xrpc.host })
    }
  }

  /** The account's own figures and those of its newest posts, and whether its handle changed; once an hour. */
  private async figures(signal: AbortSignal): Promise<void> {
    const now = this.context.clock.now()
    if (now - this.figuresAt < limits.figuresMs || this.absent.has('views')) return
    const own = await this.person(this.did, signal)
    this.figuresAt = now
    // The view service does not know an account that is new.
    if (own === null) return
    const handle = tidyHandle(own.profile.handle)
    const { settings } = this.context
    if (handle !== null && handle !== 'handle.invalid' && handle !== settings.handle)
      await this.context.setSettings({ ...settings, handle })
    const account = { remoteId: null, at: own.profile.at, counts: own.profile.counts }
    await this.tell([account, ...(await this.postFigures(this.repository.newest(POSTS, limits.atOnce), signal))], [own])
  }

  private async postFigures(uris: string[], signal: AbortSignal): Promise<IncomingMetrics[]> {
    if (uris.length === 0 || this.absent.has('views')) return []
    const at = new Date(this.context.clock.now()).toISOString()
    const posts = await this.threads.posts(uris, signal)
    return posts.map(({ view }) => ({ remoteId: view.uri, at, counts: postCounts(view) }))
  }

  /** Keeps figures and profiles; the place in the stream stays. */
  private async tell(metrics: IncomingMetrics[], profiles: IncomingProfile[]): Promise<void> {
    const cursor = (await this.context.cursor(POSTS)) ?? ''
    await this.context.commit({ stream: POSTS, cursor, messages: [], marks: [], gone: [], metrics, profiles })
  }

  private author(): Author {
    return this.repository.author('')
  }

  /** Runs work within the life of the client. What the server refused for a reason that nobody expected passes, as far as anyone can say. */
  private async faults<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    const within = AbortSignal.any([signal, this.closing.signal])
    try {
      within.throwIfAborted()
      return await work(within)
    } catch (error) {
      if (signal.aborted) throw signal.reason
      const { host } = this.xrpc
      if (error instanceof Refused) {
        const detail = error.detail || error.reason || `HTTP ${error.status}`
        throw new ConnectorFault('transient', 'server_error', { host, detail }, { cause: error, untaken: true })
      }
      if (error instanceof ProblemError && !(error instanceof ConnectorFault))
        throw new ConnectorFault('transient', error.code, error.params, { cause: error })
      throw error
    }
  }
}
