import type { SavedSearch } from '#shared/contract/index.ts'
import { AccountId, ConversationId, IdentityId, MessageId } from '#shared/model/index.ts'
import type { Samples } from './samples.ts'

const at = '2026-02-03T04:05:06.789Z'
const identityId = IdentityId.parse('1')
const id = AccountId.parse('2')
const conversationId = ConversationId.parse('3')
const messageId = MessageId.parse('4')
const savedSearch: SavedSearch = { id: '1', name: 'Pensions', text: 'pension', savedAt: at }

/** The calls of search. */
export const searchSamples: Samples['search'] = {
  find: {
    input: { text: 'ana', typing: true, timeZone: 'UTC', order: 'best', limit: 200, after: null },
    output: {
      hits: [
        {
          id: messageId,
          conversationId,
          identityId,
          accountId: id,
          network: 'mail',
          kind: 'mail',
          direction: 'inbound',
          at,
          from: 'f',
          subject: '\ue000s\ue001',
          snippet: '\ue000a\ue001',
        },
      ],
      next: '4',
      problems: [{ code: 'unclosed_quote', span: { from: 0, to: 1 }, values: {} }],
      missing: [{ field: 'label', value: 'pensions', span: { from: 0, to: 14 } }],
      waiting: 0,
    },
  },
  facets: {
    input: { text: 'ana', timeZone: 'UTC', exact: false },
    output: {
      total: 1,
      exact: true,
      network: [{ value: 'mail', count: 1 }],
      account: [{ value: id, count: 1 }],
      identity: [{ value: identityId, count: 1 }],
      year: [{ value: '2026', count: 1 }],
      kind: [{ value: 'mail', count: 1 }],
    },
  },
  histogram: {
    input: { text: 'ana', timeZone: 'UTC' },
    output: { months: [{ month: '2026-02', count: 1 }], exact: true },
  },
  saved: { input: undefined, output: [savedSearch] },
  save: { input: { name: 'Pensions', text: 'pension' }, output: savedSearch },
  renameSaved: { input: { id: '1', name: 'Pensions' }, output: savedSearch },
  removeSaved: { input: { id: '1' }, output: {} },
}
