/** An export of Facebook to the shape that it hands out, written by ourselves. */

/** JSON as Facebook writes it: the bytes of UTF-8 each as a character, escaped. */
export function brokenJson(value: unknown): string {
  const latin = Buffer.from(JSON.stringify(value, null, 2), 'utf8').toString('latin1')
  return latin.replace(/[\x80-\xff]/g, (byte) => `\\u00${byte.charCodeAt(0).toString(16)}`)
}

export const OWNER = 'Zoë Ŧest'

export const profile = {
  profile_v2: {
    name: { full_name: OWNER, first_name: 'Zoë' },
    username: 'zoe.test',
    profile_uri: 'https://www.facebook.com/zoe.test',
  },
}

export const posts = [
  {
    timestamp: 1700000000,
    attachments: [
      {
        data: [
          {
            media: {
              uri: 'your_facebook_activity/posts/media/a_1.jpg',
              creation_timestamp: 1699999999,
              description: 'Die Straße – gesperrt',
            },
          },
          { external_context: { url: 'https://parliament.example/étude', name: 'Étude' } },
        ],
      },
    ],
    data: [{ post: 'Répondez à l’enquête 😀' }, { update_timestamp: 1700000500 }],
    title: 'Zoë Ŧest a partagé un lien.',
  },
  { timestamp: 1700001000, data: [{ post: 'Only words' }] },
  { timestamp: -4000000000, data: [{ post: 'Before there was a network' }] },
  { timestamp: 7000000000, data: [{ post: 'From the future' }] },
]

export const comments = {
  comments_v2: [
    {
      timestamp: 1700002000,
      data: [{ comment: { timestamp: 1700002000, comment: 'Merci à tous', author: OWNER } }],
      title: 'Zoë Ŧest commented on Ana’s post.',
    },
  ],
}

export const reactions = {
  reactions_v2: [
    { timestamp: 1700003000, data: [{ reaction: { reaction: 'LIKE', actor: OWNER } }], title: 'Zoë Ŧest likes Ana’s post.' },
  ],
}

export const thread = {
  participants: [{ name: 'Ana Ñandú' }, { name: OWNER }],
  messages: [
    {
      sender_name: OWNER,
      timestamp_ms: 1700004001000,
      content: 'Gerne, um zwölf',
      reactions: [{ reaction: '❤', actor: 'Ana Ñandú' }],
      is_geoblocked_for_viewer: false,
    },
    {
      sender_name: 'Ana Ñandú',
      timestamp_ms: 1700004000000,
      content: '¿Comemos?',
      photos: [{ uri: 'your_facebook_activity/messages/inbox/ana_1234567890/photos/p_1.jpg', creation_timestamp: 1700004000 }],
      share: { link: 'https://food.example/' },
    },
  ],
  title: 'Ana Ñandú',
  is_still_participant: true,
  thread_path: 'inbox/ana_1234567890',
  magic_words: [],
}

/** The layout of today. */
export const nested: Record<string, string> = {
  'personal_information/profile_information/profile_information.json': brokenJson(profile),
  'your_facebook_activity/posts/your_posts__check_ins__photos_and_videos_1.json': brokenJson(posts),
  'your_facebook_activity/posts/media/a_1.jpg': 'picture one',
  'your_facebook_activity/comments_and_reactions/comments.json': brokenJson(comments),
  'your_facebook_activity/comments_and_reactions/likes_and_reactions_1.json': brokenJson(reactions),
  'your_facebook_activity/messages/inbox/ana_1234567890/message_1.json': brokenJson(thread),
  'your_facebook_activity/messages/inbox/ana_1234567890/photos/p_1.jpg': 'picture two',
  'ads_information/advertisers.json': brokenJson({ advertisers_v2: [{ name: 'Somebody' }] }),
}

/** The layout before, flat, in a folder of its own. */
export const flat: Record<string, string> = Object.fromEntries(
  Object.entries(nested).map(([path, content]) => [
    `facebook-zoetest/${path.replace('personal_information/', '').replace('your_facebook_activity/', '').replace('__check_ins__photos_and_videos', '')}`,
    content.replaceAll('your_facebook_activity/', ''),
  ]),
)
