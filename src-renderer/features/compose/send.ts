import type { Account, Draft, DraftWords, OutgoingContent } from '#shared/model/index.ts'
import { type App, useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { type Call, useCall } from '../accounts/use-call.ts'
import { goOn } from './answering.ts'
import { looksLikeMail, looksLikeNumber, parseRecipients } from './recipients.ts'
import type { Writing } from './writing.ts'

/** What is sent of what was written: the words as they stand, with the recipients understood. */
export function contentOf(words: DraftWords): OutgoingContent {
  const { kind, text, subject, warning, language, media, visibility } = words
  const looksRight = kind === 'sms' ? looksLikeNumber : looksLikeMail
  const typed = kind === 'mail' || kind === 'sms'
  const parties = (line: string) => (typed ? parseRecipients(line, looksRight).parties : [])
  return {
    do: 'publish',
    kind,
    text,
    subject,
    warning,
    language,
    media,
    visibility,
    to: parties(words.to),
    cc: parties(words.cc),
    bcc: parties(words.bcc),
  }
}

interface SendOptions {
  writing: Writing
  account: Account
  by: string
  onDone: () => void
}

/** Sends what was written, now or at a time. Until it goes out it can be taken back, and is then a draft again. */
export function useSend({ writing, account, by, onDone }: SendOptions): Call<string | null, unknown> {
  const app = useApp()
  return useCall(async (at: string | null) => {
    await writing.flush()
    const { identityId, accountId, target } = writing.place
    const { words } = writing.state.get()
    const item = await app.engine.client.outbox.queue({
      identityId,
      accountId,
      content: contentOf(words),
      target,
      by,
      at,
      draft: writing.draft?.id ?? null,
    })
    writing.end()
    onDone()
    const takeBack = () => {
      app.engine.client.outbox
        .cancel({ id: item.id, identityId, by })
        .then(() => app.engine.client.drafts.add({ identityId, accountId, target, words, by }))
        .then(
          (draft: Draft) => reopen(app, draft),
          (error: unknown) => app.notices.fail(toProblem(error)),
        )
    }
    app.notices.tell(at === null ? 'compose.sending' : 'compose.scheduled', { account: account.label }, takeBack)
    return item
  })
}

/** Shows a text that was taken back where it was written. */
function reopen(app: App, draft: Draft): void {
  app.notices.tell('compose.takenBack')
  goOn(app, draft)
}
