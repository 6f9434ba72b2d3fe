import type { Account, ConversationId, ConversationRow, Draft, Message } from '#shared/model/index.ts'
import type { App } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { focusPlace } from '../commands/navigation.ts'
import { answered, answerKind, answerWords, newKind, signed } from './answer.ts'
import { noWords, Writing } from './writing.ts'

/** Texts that are being written in this window, by the conversation that they answer, and one that answers nothing. */
export interface Compose {
  answers: ReadonlyMap<ConversationId, Writing>
  fresh: Writing | null
}

export const noCompose: Compose = { answers: new Map(), fresh: null }

/** Says who wrote and when, above what is quoted; in the person's language. */
export type Intro = (message: Message) => string

/** Begins an answer to the newest message of a conversation, or goes on with the one that was begun. */
export async function answer(app: App, row: ConversationRow, options: { all: boolean; intro: Intro }): Promise<void> {
  app.screen.set((now) => ({ ...now, pane: 'conversation' }))
  if (app.compose.get().answers.has(row.id)) return focusPlace('answer')
  // Its code is on its way while the message is read.
  void import('./composer.tsx')
  const { client } = app.engine
  try {
    const [{ messages }, drafts, accounts, identities] = await Promise.all([
      client.conversations.get({ id: row.id }),
      client.drafts.list({ identityId: row.identityId }),
      client.accounts.list({}),
      client.identities.list({}),
    ])
    const account = accounts.find(({ id }) => id === row.accountId)
    const message = answered(messages)
    if (!account?.capabilities.sends || !message) {
      app.notices.tell('compose.cannotAnswer')
      return
    }
    const begun = drafts.find(({ targetConversation }) => targetConversation === row.id)
    if (begun) return goOn(app, begun)
    const quote =
      answerKind(message) === 'mail'
        ? { text: (await client.messages.content({ id: message.id })).text, intro: options.intro(message) }
        : null
    const signature = identities.find(({ id }) => id === row.identityId)?.signature ?? ''
    const words = answerWords({ message, own: account.address, all: options.all, quote, signature })
    const place = { identityId: row.identityId, accountId: row.accountId, target: message.id }
    open(app, row.id, new Writing({ ...hands(app), place, words, draft: null }))
  } catch (error) {
    app.notices.fail(toProblem(error))
  }
}

/** Begins a text that answers nothing. */
export function write(app: App, account: Pick<Account, 'id' | 'identityId' | 'network'>, signature: string): void {
  const place = { identityId: account.identityId, accountId: account.id, target: null }
  const kind = newKind(account.network)
  const words = { ...noWords, kind, text: kind === 'mail' ? signed(signature) : '' }
  open(app, null, new Writing({ ...hands(app), place, words, draft: null }))
}

/** Goes on with a text that was begun. */
export function goOn(app: App, draft: Draft): void {
  const { identityId, accountId, target, words } = draft
  open(app, draft.targetConversation, new Writing({ ...hands(app), place: { identityId, accountId, target }, words, draft }))
}

/** Takes a text off the screen: it was sent or thrown away. */
export function close(app: App, writing: Writing): void {
  app.compose.set((now) => ({
    answers: new Map([...now.answers].filter(([, one]) => one !== writing)),
    fresh: now.fresh === writing ? null : now.fresh,
  }))
}

function open(app: App, conversation: ConversationId | null, writing: Writing): void {
  void app.compose.get().fresh?.flush()
  app.screen.set((now) => ({ ...now, name: 'inbox', pane: 'conversation' }))
  app.compose.set((now) =>
    conversation === null
      ? { ...now, fresh: writing }
      : { answers: new Map([...now.answers, [conversation, writing]]), fresh: null },
  )
}

const hands = (app: App) => ({ client: () => app.engine.client, by: () => app.preferences.store.get().person })
