/** An archive of Mastodon in the shape that it writes (ActivityStreams 2.0); every word in it is made up. */
export const actorId = 'https://social.example/users/house'
const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public'
export const picture = Buffer.from('ffd8ffe0', 'hex')

export const actor = {
  '@context': ['https://www.w3.org/ns/activitystreams'],
  id: actorId,
  type: 'Person',
  preferredUsername: 'house',
  name: 'House of Examplia',
  summary: '<p>The House</p>',
  icon: { type: 'Image', mediaType: 'image/png', url: 'avatar.png' },
  outbox: 'outbox.json',
}

export function note(n: number, content: string, more: Record<string, unknown> = {}) {
  const id = `${actorId}/statuses/11${n}`
  return {
    id: `${id}/activity`,
    type: 'Create',
    actor: actorId,
    published: '2024-03-01T09:00:00Z',
    to: [PUBLIC],
    cc: [`${actorId}/followers`],
    object: {
      id,
      type: 'Note',
      summary: null,
      inReplyTo: null,
      published: '2024-03-01T09:00:00Z',
      url: `https://social.example/@house/11${n}`,
      attributedTo: actorId,
      to: [PUBLIC],
      cc: [`${actorId}/followers`],
      sensitive: false,
      conversation: `tag:social.example,2024-03-01:objectId=${n}:objectType=Conversation`,
      content,
      contentMap: { en: content },
      attachment: [],
      tag: [],
      replies: { id: `${id}/replies`, type: 'Collection', first: {} },
      ...more,
    },
  }
}

const bob = { type: 'Mention', href: 'https://elsewhere.example/users/bob', name: '@bob@elsewhere.example' }

export const activities: unknown[] = [
  note(1, '<p>The gallery is open<br>at two</p><p>Come &amp; see</p>', {
    attachment: [
      {
        type: 'Document',
        mediaType: 'image/jpeg',
        url: '/media_attachments/files/1/original/gallery.jpg',
        name: 'Rows of seats',
        width: 4,
        height: 3,
      },
    ],
  }),
  note(2, '<p>Yes, on Tuesday</p>', { inReplyTo: 'https://elsewhere.example/users/bob/statuses/5', tag: [bob] }),
  note(3, '<p>Only for you</p>', { to: [bob.href], cc: [], tag: [bob], newfangled: true }),
  note(4, '<p>Harm is described below</p>', { summary: 'Report on harm', sensitive: true }),
  note(5, '<p>When shall we sit?</p>', {
    type: 'Question',
    oneOf: [
      { type: 'Note', name: 'At two', replies: { type: 'Collection', totalItems: 7 } },
      { type: 'Note', name: 'At six', replies: { type: 'Collection', totalItems: 2 } },
    ],
    endTime: '2024-03-02T09:00:00Z',
  }),
  {
    id: `${actorId}/statuses/116/activity`,
    type: 'Announce',
    actor: actorId,
    published: '2024-03-01T10:00:00Z',
    to: [PUBLIC],
    cc: [],
    object: 'https://elsewhere.example/users/clerk/statuses/9',
  },
]

export function outbox(items: readonly unknown[] = activities): string {
  return JSON.stringify({
    '@context': 'https://www.w3.org/ns/activitystreams',
    id: 'outbox.json',
    type: 'OrderedCollection',
    totalItems: items.length,
    orderedItems: items,
  })
}

export function files(items: readonly unknown[] = activities): Record<string, string | Uint8Array> {
  return {
    'media_attachments/files/1/original/gallery.jpg': picture,
    'outbox.json': outbox(items),
    'likes.json': JSON.stringify({ orderedItems: ['https://elsewhere.example/1'] }),
    'bookmarks.json': JSON.stringify({ orderedItems: [] }),
    'actor.json': JSON.stringify(actor),
    'avatar.png': Buffer.from('avatar'),
  }
}
