import { type AccountId, type Draft, DraftId, type IdentityId, type MessageId } from '#shared/model/index.ts'
import type { Samples } from './samples.ts'

/** A text that is being written. */
const draftWords: Draft['words'] = {
  kind: 'mail',
  text: 'Dear Ada,\n\n',
  subject: 'Re: Pêche 議会',
  warning: '',
  language: 'fr',
  media: [{ sha256: 'ab'.repeat(32), size: 12, name: 'plan.png', mediaType: 'image/png', alt: 'A plan' }],
  to: 'Ada <ada@constituent.example>, ',
  cc: '',
  bcc: '',
  visibility: null,
}

/** Questions and answers of the calls about what is being written, and what should not leave. */
export function draftSamples(about: {
  identityId: IdentityId
  accountId: AccountId
  target: MessageId
  at: string
}): Pick<Samples, 'drafts' | 'guard'> {
  const { identityId, accountId, target, at } = about
  const words = draftWords
  const id = DraftId.parse('11')
  const draft: Draft = {
    id,
    identityId,
    accountId,
    target,
    targetConversation: null,
    words,
    version: 2,
    by: 'Ada',
    savedAt: at,
  }
  return {
    drafts: {
      list: { input: { identityId: null }, output: [draft] },
      get: { input: { id }, output: draft },
      add: { input: { identityId, accountId, target, words, by: '' }, output: draft },
      save: { input: { id, identityId, version: 1, words, by: 'Ada' }, output: draft },
      discard: { input: { id, identityId }, output: draft },
    },
    guard: {
      check: {
        input: { identityId, accountId, words, language: 'fr' },
        output: {
          remarks: [
            {
              rule: 'slogan',
              pack: 'institution',
              severity: 'stop',
              ranges: [{ from: 0, to: 4 }],
              why: 'Pêche 議会',
              todo: 'Leave it out.',
            },
          ],
          worst: 'stop',
        },
      },
    },
  }
}
