import type { MastodonSettings, Problem } from '#shared/model/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import type { Checked, Client, Context, IncomingProfile, Outgoing, Sent } from '../connector.ts'
import { ConnectorFault } from '../fault.ts'
import { type List, lists, readState, STREAM, type State } from './cursor.ts'
import { findSent } from './find.ts'
import { times } from './limits.ts'
import { Lists } from './lists.ts'
import { Pass, type Remembered } from './pass.ts'
import { accountCounts, profileOf } from './people.ts'
import { type News, Push } from './push.ts'
import { rereadPosts } from './reread.ts'
import { Sender } from './send.ts'
import { explain, openSession, type Session } from './session.ts'
import { findAccount } from './who.ts'

type Live = NonNullable<MastodonSettings['live']>

/** One account on Mastodon or a server like it. */
export class MastodonClient implements Client {
  readonly #context: Context<MastodonSettings>
  readonly #live: Live
  readonly #closing = new AbortController()
  readonly #remembered: Remembered = new Map()
  #session: Promise<Session> | null = null
  #lists: Lists | null = null
  #push: Push | null = null
  /** When the server is asked for its stream again, by the monotonic clock. */
  #tryStreamAt = 0
  /** The stream told what is to be looked at; else everything is. */
  #due: Set<List> | null = null
  /** The account itself was last read. */
  #figuresAt = Number.NEGATIVE_INFINITY
  /** Posts that the stream told of, until they are saved. */
  readonly #told: Pick<News, 'edited' | 'deleted'> = { edited: [], deleted: [] }
  /** What was sent, by its address: two of the same words are told apart. */
  readonly #sent = new Map<string, string>()

  constructor(context: Context<MastodonSettings>, live: Live) {
    this.#context = context
    this.#live = live
  }

  check(signal: AbortSignal): Promise<Checked> {
    return this.#with(signal, async ({ own }) => ({ label: `@${own.party.handle}`, streams: [...lists] }))
  }

  sync(signal: AbortSignal): Promise<Problem | null> {
    return this.#with(signal, async (session, stop) => {
      this.#lists ??= new Lists(session)
      const state = readState(await this.#context.cursor(STREAM))
      const parts = { context: this.#context, session, lists: this.#lists, signal: stop, remembered: this.#remembered, state }
      const pass = new Pass(parts)
      const due = this.#due
      this.#due = null
      await this.#pushed(pass, state)
      await this.#figures(pass, session, state, stop)
      for (const list of lists) if (due === null || due.has(list)) await pass.look(list)
      for (const list of lists) if (state[list]?.older != null) await pass.older(list)
      if (pass.leftOut === 0) return null
      const params = { host: session.api.host, count: pass.leftOut, folder: 'posts' }
      return new ProblemError('messages_left_out', params).toProblem()
    })
  }

  wait(signal: AbortSignal): Promise<void> {
    return this.#with(signal, async (session, stop) => {
      const { clock } = this.#context
      this.#push ??= new Push(this.#context, session)
      const push = this.#push
      if (!push.open) {
        const now = clock.monotonic()
        if (now >= this.#tryStreamAt) {
          this.#tryStreamAt = now + times.poll
          // what came before it was open was not told
          if (await push.connect(stop)) return
        }
        await clock.sleep(times.poll, stop)
        return
      }
      await push.wait(times.pass, stop)
      const told = push.open ? push.take() : null
      if (!told) return
      const { edited, deleted } = told
      this.#told.edited.push(...edited)
      this.#told.deleted.push(...deleted)
      // without a word from the stream it is time to look at everything
      if (told.urgent || told.lists.size > 0 || deleted.length > 0) this.#due = told.lists
    })
  }

  act(): Promise<void> {
    // The network keeps no flags, so nothing of triage is sent to it.
    return Promise.resolve()
  }

  send(item: Outgoing, signal: AbortSignal): Promise<Sent> {
    return this.#with(signal, async (session, stop) => {
      const sent = await new Sender(this.#context, session).send(item, stop)
      if (sent.message) this.#sent.set(sent.message.remoteId, item.key)
      return sent
    })
  }

  find(item: Outgoing, signal: AbortSignal): Promise<Sent | null> {
    return this.#with(signal, async (session, stop) => {
      const found = await findSent(this.#context, session, item, this.#sent, stop)
      if (found?.message) this.#sent.set(found.message.remoteId, item.key)
      return found
    })
  }

  reread(remoteIds: string[], signal: AbortSignal): Promise<void> {
    return this.#with(signal, (session, stop) => rereadPosts(this.#context, session, remoteIds, stop))
  }

  profile(handle: string, signal: AbortSignal): Promise<IncomingProfile | null> {
    return this.#with(signal, async (session, stop) => {
      const found = await findAccount(session.api, handle, session.own.domain, stop)
      const at = new Date(this.#context.clock.now()).toISOString()
      return found && profileOf(found.account, session.own, at, found.endpoint)
    })
  }

  close(): Promise<void> {
    this.#closing.abort()
    this.#push?.close()
    return Promise.resolve()
  }

  /** What the stream told of posts that are there. */
  async #pushed(pass: Pass, state: State): Promise<void> {
    const { edited, deleted } = this.#told
    if (edited.length > 0) {
      const endpoint = `${this.#live.origin}/api/v1/streaming`
      const posts = edited.map((status) => ({ status, standing: { endpoint } }))
      await pass.gather.posts(posts, true)
    }
    // A deletion that is of no post of the account changes nothing.
    pass.gather.gone(deleted)
    if (!pass.gather.empty) await pass.gather.save(state)
    await pass.gather.end()
    this.#told.edited.length = 0
    this.#told.deleted.length = 0
  }

  /** What the server counts of the account, and who it is. */
  async #figures(pass: Pass, session: Session, state: State, signal: AbortSignal): Promise<void> {
    const { clock } = this.#context
    const now = clock.monotonic()
    if (now - this.#figuresAt < times.figures) return
    if (this.#figuresAt > 0) {
      const next = await openSession(this.#context, this.#live, signal)
      session.account = next.account
      session.instance = next.instance
    }
    this.#context.limits(session.instance.limits)
    const { settings } = this.#context
    const { username } = session.account
    if (settings.handle !== username) await this.#context.setSettings({ ...settings, handle: username })
    const at = new Date(clock.now()).toISOString()
    pass.gather.metrics([{ remoteId: null, at, counts: accountCounts(session.account.fields) }])
    await pass.gather.save(state)
    await pass.gather.end()
    this.#figuresAt = now
  }

  /** Work on the network: ends when the client is closed, and a refused token is told as one. */
  async #with<Result>(signal: AbortSignal, work: (session: Session, stop: AbortSignal) => Promise<Result>): Promise<Result> {
    const stop = AbortSignal.any([signal, this.#closing.signal])
    let session: Session | null = null
    try {
      stop.throwIfAborted()
      session = await this.#open(stop)
      return await work(session, stop)
    } catch (error) {
      if (signal.aborted) throw signal.reason
      const host = new URL(this.#live.origin).host
      if (this.#closing.signal.aborted) throw new ConnectorFault('transient', 'connection_lost', { host }, { cause: error })
      throw session ? await explain(error, session.api, stop) : error
    }
  }

  #open(signal: AbortSignal): Promise<Session> {
    const opening = this.#session ?? openSession(this.#context, this.#live, signal)
    this.#session = opening
    return opening.catch((error: unknown) => {
      if (this.#session === opening) this.#session = null
      throw error
    })
  }
}
