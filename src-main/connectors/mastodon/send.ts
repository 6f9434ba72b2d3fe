import { fieldsOf, textOf } from '#connectors/kit/shape.ts'
import type { MastodonSettings, OutgoingContent, RemoteAct } from '#shared/model/index.ts'
import type { Context, IncomingMessage, Outgoing, Sent, SourceMessage } from '../connector.ts'
import { ConnectorFault } from '../fault.ts'
import type { ApiAnswer } from './api.ts'
import { Refused } from './faults.ts'
import { answerOf } from './gather.ts'
import { piecesOf } from './pages.ts'
import { postMessage } from './post.ts'
import type { Session } from './session.ts'
import { idOf, refusal, statusOf } from './target.ts'
import { upload } from './upload.ts'
import { findAccount } from './who.ts'

type Publish = Extract<OutgoingContent, { do: 'publish' }>
type Edit = Extract<OutgoingContent, { do: 'edit' }>
type Act = Extract<OutgoingContent, { do: 'act' }>

const visibilities = { public: 'public', unlisted: 'unlisted', followers: 'private' } as const
const nothingKept: Sent = { message: null }

/** What is called on a post, on and off. */
const onPost: Partial<Record<RemoteAct, [string, string]>> = { like: ['favourite', 'unfavourite'], boost: ['reblog', 'unreblog'] }
/** What is called on an account. */
const onAccount: Partial<Record<RemoteAct, [string, string]>> = {
  follow: ['follow', 'unfollow'],
  mute: ['mute', 'unmute'],
  block: ['block', 'unblock'],
}

/** Hands items of the outbox to the server (docs.joinmastodon.org/methods/statuses and /accounts). */
export class Sender {
  readonly #context: Context<MastodonSettings>
  readonly #session: Session

  constructor(context: Context<MastodonSettings>, session: Session) {
    this.#context = context
    this.#session = session
  }

  /** @throws ConnectorFault `untaken` where the server certainly has nothing of it. */
  async send(item: Outgoing, signal: AbortSignal): Promise<Sent> {
    const { content } = item
    try {
      switch (content.do) {
        case 'publish':
          return await this.#publish(item, content, signal)
        case 'edit':
          return await this.#edit(item, content, signal)
        case 'delete':
          return await this.#delete(targetOf(item), signal)
        case 'act':
          return content.act === 'report' ? await this.#report(item, content, signal) : await this.#act(item, content, signal)
      }
    } catch (error) {
      // what the server understood and refused will be refused again
      if (error instanceof Refused) throw refusal(this.#session.api.host, error.detail)
      throw error
    }
  }

  async #publish(item: Outgoing, content: Publish, signal: AbortSignal): Promise<Sent> {
    const { api } = this.#session
    const body = await before(async () => ({
      ...(await this.#words(item, content, signal)),
      ...(item.target && { in_reply_to_id: await idOf(item.target, api, signal) }),
      ...(item.quote && { quoted_status_id: await idOf(item.quote, api, signal) }),
      ...visibilityOf(item, content),
      status: textWithNames(item, content, this.#session),
    }))
    const headers = { 'idempotency-key': item.key }
    return this.#kept(await api.call('POST', '/api/v1/statuses', { body, headers, signal }))
  }

  async #edit(item: Outgoing, content: Edit, signal: AbortSignal): Promise<Sent> {
    const { api } = this.#session
    const target = targetOf(item)
    const [id, words] = await before(async () => [await idOf(target, api, signal), await this.#words(item, content, signal)])
    const body = { ...words, status: content.text }
    return this.#kept(await api.call('PUT', `/api/v1/statuses/${encodeURIComponent(id)}`, { body, signal }))
  }

  async #delete(target: SourceMessage, signal: AbortSignal): Promise<Sent> {
    const { api } = this.#session
    const id = await before(() => idOf(target, api, signal))
    try {
      await api.call('DELETE', `/api/v1/statuses/${encodeURIComponent(id)}`, { signal })
    } catch (error) {
      if (!(error instanceof Refused) || (error.status !== 404 && error.status !== 410)) throw error
    }
    return nothingKept
  }

  async #act(item: Outgoing, { act, on, handle }: Act, signal: AbortSignal): Promise<Sent> {
    const { api } = this.#session
    const post = onPost[act]
    if (post) {
      const id = await before(() => idOf(targetOf(item), api, signal))
      const answer = await api.call('POST', `/api/v1/statuses/${encodeURIComponent(id)}/${post[on ? 0 : 1]}`, { signal })
      return act === 'boost' && on ? this.#kept(answer) : nothingKept
    }
    const person = onAccount[act]
    if (!person) throw refusal(api.host, act)
    const id = await before(() => this.#accountId(item, handle, signal))
    await api.call('POST', `/api/v1/accounts/${encodeURIComponent(id)}/${person[on ? 0 : 1]}`, { signal })
    return nothingKept
  }

  /** A report cannot be taken back, nor asked for. */
  async #report(item: Outgoing, { on, handle, comment }: Act, signal: AbortSignal): Promise<Sent> {
    const { api } = this.#session
    if (!on) throw refusal(api.host, 'a report cannot be taken back')
    const body = await before(async () => ({
      account_id: await this.#accountId(item, handle, signal),
      ...(item.target && { status_ids: [await idOf(item.target, api, signal)] }),
      comment: comment.slice(0, 1000),
      forward: false,
    }))
    await api.call('POST', '/api/v1/reports', { body, signal })
    return nothingKept
  }

  async #accountId({ target }: Outgoing, handle: string | null, signal: AbortSignal): Promise<string> {
    const { api, own } = this.#session
    const author = target && textOf(fieldsOf(statusOf(target)?.['account'])?.['id'])
    if (handle === null && author) return author
    const found = handle === null ? null : await findAccount(api, handle, own.domain, signal)
    const id = textOf(found?.account.fields['id'])
    if (id !== '') return id
    throw refusal(api.host, `nobody is known there by the name ${handle ?? ''}`)
  }

  /** What posts and edits have in common. Files are given first: until the post names them nobody sees them. */
  async #words(item: Outgoing, { media, warning, language }: Publish | Edit, signal: AbortSignal) {
    const { api } = this.#session
    const { clock } = this.#context
    const ids: string[] = []
    for (const file of media) ids.push(await upload({ api, clock, open: item.open }, file, signal))
    return {
      ...(ids.length > 0 && { media_ids: ids }),
      spoiler_text: warning,
      ...(warning !== '' && { sensitive: true }),
      ...(language !== null && { language }),
    }
  }

  /** The message as the server has it now. */
  #kept(answer: ApiAnswer): Sent {
    const { api, own } = this.#session
    return { message: sentMessage(answer, this.#session, own.id, api.host), answer: answerOf(answer, this.#context.clock.now()) }
  }
}

/** The post in an answer. What the server took is taken, whatever it says of it: then the next reading brings it. */
function sentMessage(answer: ApiAnswer, { own }: Session, _id: string, host: string): IncomingMessage | null {
  const piece = piecesOf(answer, host, () => false).found[0]?.piece
  return piece ? postMessage(piece, own, { endpoint: answer.endpoint }) : null
}

/** Whatever goes wrong before the post itself is handed over: the server has nothing of it. */
async function before<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ConnectorFault) || error.untaken || error instanceof Refused) throw error
    const { kind, code, params, retryAt } = error
    throw new ConnectorFault(kind, code, params, { cause: error, untaken: true, ...(retryAt !== null && { retryAt }) })
  }
}

function targetOf({ target }: Outgoing): SourceMessage {
  if (!target) throw new ConnectorFault('decision', 'bad_request', { detail: 'it names no message' }, { untaken: true })
  return target
}

function visibilityOf({ target }: Outgoing, { kind, visibility }: Publish): { visibility?: string } {
  if (kind === 'direct') return { visibility: 'direct' }
  if (visibility !== null) return { visibility: visibilities[visibility] }
  // an answer is never seen by more than what it answers
  const theirs = target && textOf(statusOf(target)?.['visibility'])
  return theirs === 'private' || theirs === 'direct' || theirs === 'unlisted' ? { visibility: theirs } : {}
}

/**
 * The text with the names of those whom it is for, where it does not have them: the network delivers to nobody else. Who wrote what it
 * answers, then whom the item names.
 */
export function textWithNames({ target }: Outgoing, { text, to, kind }: Publish, { own }: Session): string {
  const author = target && target.direction === 'inbound' ? fieldsOf(statusOf(target)?.['account']) : null
  const acct = textOf(author?.['acct'])
  const named = kind === 'post' ? [] : to.map(({ handle }) => handle.replace(/^@/, ''))
  const handles = [...(acct === '' ? [] : [acct.includes('@') ? acct : `${acct}@${own.domain}`]), ...named]
  const missing = [...new Set(handles)].filter(
    (handle) => handle !== '' && handle !== own.party.handle && !mentions(text, handle, own.domain),
  )
  return [...missing.map((handle) => `@${shortened(handle, own.domain)}`), text].filter((part) => part !== '').join(' ')
}

function shortened(handle: string, domain: string): string {
  return handle.toLowerCase().endsWith(`@${domain}`) ? handle.slice(0, -domain.length - 1) : handle
}

function mentions(text: string, handle: string, domain: string): boolean {
  const escaped = [handle, shortened(handle, domain)].map((one) => one.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`(^|[^\\w@/])@(${escaped.join('|')})(?![\\w@]|\\.\\w)`, 'i').test(text)
}
