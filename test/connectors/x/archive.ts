import { type ZipFile, zip } from '../../support/zip.ts'

/** An archive of X in the shape that X documents and hands out; every word in it is made up. */
export const own = { accountId: '1100000000000000001', username: 'HouseOfExamplia', accountDisplayName: 'House of Examplia' }

export function tweet(id: string, text: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    tweet: {
      edit_info: {
        initial: { editTweetIds: [id], editableUntil: '2024-03-01T10:00:00.000Z', editsRemaining: '5', isEditEligible: true },
      },
      retweeted: false,
      source: '<a href="https://example.org" rel="nofollow">Desk</a>',
      entities: { hashtags: [], symbols: [], user_mentions: [], urls: [] },
      display_text_range: ['0', String(text.length)],
      favorite_count: '3',
      id_str: id,
      truncated: false,
      retweet_count: '1',
      id,
      created_at: 'Fri Mar 01 09:00:00 +0000 2024',
      favorited: false,
      full_text: text,
      lang: 'en',
      ...more,
    },
  }
}

/** One pixel. */
export const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
)

/** A file of the archive: a list that is assigned to a variable. */
export function script(name: string, list: unknown): string {
  return `window.YTD.${name}.part0 = ${JSON.stringify(list, null, 2)}`
}

export const tweets = [
  tweet('1763500000000000001', 'The House sits at two &amp; the gallery is open https://t.co/a', {
    entities: {
      urls: [
        {
          url: 'https://t.co/a',
          expanded_url: 'https://parliament.example/visit',
          display_url: 'parliament.example',
          indices: ['0', '1'],
        },
      ],
    },
    extended_entities: {
      media: [{ media_url_https: 'https://pbs.twimg.com/media/Fgallery.png', type: 'photo', ext_alt_text: 'The public gallery' }],
    },
  }),
  tweet('1763500000000000002', '@ada The ferry bill is on Tuesday', {
    in_reply_to_status_id_str: '1763400000000000009',
    in_reply_to_user_id_str: '42',
    in_reply_to_screen_name: 'ada',
    entities: { user_mentions: [{ id_str: '42', screen_name: 'ada', name: 'Ada Writer' }] },
  }),
  tweet('1763500000000000003', 'RT @clerks: The papers are out', { new_in_2030: 1 }),
]

const dm = (id: string, senderId: string, recipientId: string, text: string, more: Record<string, unknown> = {}) => ({
  messageCreate: {
    recipientId,
    reactions: [],
    urls: [],
    text,
    mediaUrls: [],
    senderId,
    id,
    createdAt: '2024-03-02T08:00:00.000Z',
    ...more,
  },
})

export const conversations = [
  {
    dmConversation: {
      conversationId: `42-${own.accountId}`,
      messages: [
        dm('9007199254740993', '42', own.accountId, 'May I visit with my class?', {
          mediaUrls: ['https://ton.twitter.com/dm/9007199254740993/1/class.png'],
        }),
        dm('9007199254740995', own.accountId, '42', 'You are welcome'),
        { joinConversation: { initiatingUserId: '42', participantsSnapshot: ['42'], createdAt: '2024-03-02T07:00:00.000Z' } },
      ],
    },
  },
]

/** Files of a whole archive, by path. */
export function files(change: Record<string, string | Uint8Array> = {}): Record<string, string | Uint8Array> {
  return {
    'Your archive.html': '<html></html>',
    'data/account.js': script('account', [
      { account: { email: 'x@parliament.example', createdAt: '2019-01-01T00:00:00.000Z', ...own } },
    ]),
    'data/tweets.js': script('tweets', tweets),
    'data/deleted-tweets.js': script('deleted_tweets', [
      tweet('1763500000000000004', 'A slip', { deleted_at: 'Sat Mar 02 09:00:00 +0000 2024' }),
    ]),
    'data/direct-messages.js': script('direct_messages', conversations),
    'data/like.js': script('like', [{ like: { tweetId: '5', fullText: 'A liked remark on harbours' } }]),
    'data/tweets_media/1763500000000000001-Fgallery.png': picture,
    'data/direct_messages_media/9007199254740993-class.png': Buffer.from('class'),
    ...change,
  }
}

export function archive(change: Record<string, string | Uint8Array> = {}, more: readonly ZipFile[] = []): Buffer {
  return zip([...Object.entries(files(change)).map(([name, content]) => ({ name, content })), ...more])
}
