import {
  type ConversationRow,
  MessageId,
  OutboxId,
  type OutboxItem,
  type OutgoingMedia,
  type SendLimits,
} from '#shared/model/index.ts'
import type { Samples } from './samples.ts'

/** Questions and answers of the calls about the outbox and people. */
export function outboxSamples({
  identityId,
  accountId,
  id: conversation,
  at,
}: ConversationRow): Pick<Samples, 'outbox' | 'people'> {
  const id = OutboxId.parse('11')
  const by = 'Ada'
  const media: OutgoingMedia = { sha256: 'ab'.repeat(32), size: 256, name: '議会.png', mediaType: 'image/png', alt: 'Le quai' }
  const item: OutboxItem = {
    id,
    identityId,
    accountId,
    state: 'queued',
    content: {
      do: 'publish',
      kind: 'reply',
      text: 'La traversée est rétablie. ✓',
      subject: '',
      warning: '',
      language: 'fr',
      media: [media],
      to: [{ name: 'Ada', handle: 'ada@example.org' }],
      cc: [],
      bcc: [],
      visibility: 'unlisted',
    },
    target: MessageId.parse('4'),
    targetConversation: conversation,
    quote: null,
    after: null,
    leaves: 'done',
    by,
    queuedAt: at,
    notBefore: at,
    toConfirm: false,
    tries: 1,
    nextTryAt: at,
    reason: { code: 'rate_limited', params: { host: 'social.example' } },
    endedAt: null,
    message: null,
  }
  const limits: SendLimits = {
    kinds: ['post', 'reply'],
    acts: ['like'],
    edits: true,
    deletes: true,
    visibilities: ['public'],
    warnings: true,
    quotes: false,
    text: { counting: 'mastodon', most: 500, mostBytes: null },
    media: { most: 4, types: ['image/png'], mostBytes: { image: 16_777_216 }, mostAlt: 1500 },
  }
  const one = { id, identityId }
  const { content } = item
  return {
    outbox: {
      queue: { input: { identityId, accountId, content, by }, output: item },
      list: { input: { identityId: null }, output: { items: [item], next: null } },
      get: { input: one, output: item },
      cancel: { input: { ...one, by }, output: { ...item, state: 'cancelled' } },
      retry: { input: { ...one, by }, output: item },
      confirm: { input: { ...one, by }, output: item },
      settle: { input: { ...one, by, outcome: 'again' }, output: item },
      attach: {
        input: {
          identityId,
          name: media.name,
          mediaType: media.mediaType,
          upload: null,
          last: true,
          bytes: 'AP8=',
        },
        output: { upload: 'ab', media },
      },
      attachPath: { input: { identityId, path: '/srv/ferry.png', mediaType: 'image/png' }, output: media },
      limits: { input: { identityId, accountId }, output: { limits } },
      run: { input: { accountId: null }, output: { sent: 1, failed: 0, left: 2 } },
    },
    people: {
      profile: {
        input: { identityId, accountId, handle: '@ada@social.example' },
        output: [
          {
            profile: {
              handle: 'ada@social.example',
              userId: '7',
              name: 'Ada',
              about: 'Pêche 議会',
              link: null,
              since: at,
              automated: false,
              at,
              counts: { followers: 3 },
            },
            seenAt: at,
          },
        ],
      },
    },
  }
}
