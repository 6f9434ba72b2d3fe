import type { File, Notification, Person, Post, World } from './world.ts'

/** The server's JSON, by docs.joinmastodon.org/entities. */

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const mentionHtml = (name: string) =>
  `<span class="h-card"><a href="https://x.example/@${name}" class="u-url mention">@<span>${name}</span></a></span>`
const linkHtml = (url: string) =>
  `<a href="${url}" rel="nofollow"><span class="invisible">${url.slice(0, 8)}</span><span class="ellipsis">${url.slice(8, 30)}</span><span class="invisible">${url.slice(30)}</span></a>`

export function contentOf(world: World, text: string): string {
  const linked = escaped(text).replace(/(https?:\/\/\S+)|(^|\s)@([\w.-]+)(?:@[\w.-]+)?/g, (_, url, before, name) =>
    url === undefined ? `${before}${mentionHtml(name)}` : linkHtml(url),
  )
  const parts = linked.split(/\n{2,}/).map((part) => part.replaceAll('\n', '<br />'))
  return world.ways.markup === 'p' ? parts.map((part) => `<p>${part}</p>`).join('') : `<div>${parts.join('</div><div>')}</div>`
}

export function account(world: World, person: Person): object {
  const acct = person.domain === '' ? person.name : `${person.name}@${person.domain}`
  const base = person.domain === '' ? world.origin : `https://${person.domain}`
  const posts = world.posts.filter(({ by }) => by === person).length
  return {
    id: person.id,
    username: person.name,
    acct,
    display_name: person.display,
    locked: false,
    bot: false,
    group: false,
    discoverable: true,
    indexable: true,
    created_at: '2019-03-01T00:00:00.000Z',
    note: '<p>What is said here is said here.</p>',
    url: `${base}/@${person.name}`,
    ...(world.ways.accountUri && { uri: `${base}/users/${person.name}` }),
    avatar: `${world.origin}/avatar.png`,
    avatar_static: `${world.origin}/avatar.png`,
    header: `${world.origin}/header.png`,
    header_static: `${world.origin}/header.png`,
    followers_count: 12,
    following_count: 3,
    statuses_count: posts,
    last_status_at: '2026-01-01',
    emojis: [],
    fields: [{ name: 'Web', value: '<a href="https://www.example.org">www.example.org</a>', verified_at: null }],
  }
}

export function credentials(world: World): object {
  return {
    ...account(world, world.own),
    source: {
      note: '',
      fields: [],
      privacy: 'public',
      sensitive: false,
      follow_requests_count: 0,
      indexable: true,
      language: 'en',
    },
    role: { id: '-99', name: '', color: '', highlighted: false, permissions: '65536' },
  }
}

export function file(world: World, { id, type, alt, busy }: File): object {
  const kind = type.startsWith('image/') ? 'image' : type.startsWith('video/') ? 'video' : 'unknown'
  const url = busy > 0 ? null : `${world.origin}/media/${id}.${type.split('/')[1] ?? 'bin'}`
  return {
    id,
    type: kind,
    url,
    preview_url: url,
    remote_url: null,
    meta: {},
    description: alt === '' ? null : alt,
    blurhash: null,
  }
}

export function status(world: World, post: Post, depth = 0): Record<string, unknown> {
  const { answers, poll } = post
  const emoji = [...post.text.matchAll(/:(\w+):/g)].map(([, name]) => ({
    shortcode: name,
    url: `https://files.elsewhere.example/${name}.png`,
    static_url: `https://files.elsewhere.example/${name}.png`,
    visible_in_picker: true,
  }))
  return {
    id: post.id,
    uri: post.uri,
    url: post.boosts ? post.uri : post.uri.replace('/users/', '/@').replace('/statuses/', '/'),
    created_at: post.at.toISOString(),
    ...(world.ways.edits && { edited_at: post.edited?.toISOString() ?? null }),
    account: account(world, post.by),
    content: post.boosts ? '' : contentOf(world, post.text),
    visibility: post.visibility,
    sensitive: post.warning !== '',
    spoiler_text: post.warning,
    media_attachments: post.media.flatMap((id) => {
      const found = world.files.get(id)
      return found ? [file(world, found)] : []
    }),
    mentions: post.mentions.map((person) => ({
      id: person.id,
      username: person.name,
      acct: person.domain === '' ? person.name : `${person.name}@${person.domain}`,
      url: `https://${person.domain || world.host}/@${person.name}`,
    })),
    tags: [],
    emojis: emoji,
    reblogs_count: post.reblogs,
    favourites_count: post.likes,
    replies_count: world.posts.filter((one) => one.answers === post).length,
    quotes_count: 0,
    in_reply_to_id: answers?.id ?? null,
    in_reply_to_account_id: answers?.by.id ?? null,
    reblog: post.boosts ? status(world, post.boosts, depth + 1) : null,
    ...(post.quotes && depth === 0 && { quote: { state: 'accepted', quoted_status: status(world, post.quotes, depth + 1) } }),
    poll:
      poll.length === 0
        ? null
        : {
            id: post.id,
            expires_at: null,
            expired: false,
            multiple: false,
            votes_count: poll.length,
            voters_count: null,
            options: poll.map((title) => ({ title, votes_count: 1 })),
            emojis: [],
          },
    card: null,
    language: post.language,
    favourited: post.liked,
    reblogged: post.reblogged,
    muted: false,
    bookmarked: false,
  }
}

export function edits(world: World, post: Post): object[] {
  const all = [...post.history, { text: post.text, warning: post.warning, at: post.edited ?? post.at }]
  return all.map(({ text, warning, at }) => ({
    content: contentOf(world, text),
    spoiler_text: warning,
    sensitive: warning !== '',
    created_at: at.toISOString(),
    account: account(world, post.by),
    media_attachments: [],
    emojis: [],
  }))
}

/** How Mastodon puts notifications in groups: likes and boosts of a post, followers, by the hour. */
export function groupKey({ id, type, post, at }: Notification): string {
  if (type !== 'favourite' && type !== 'reblog' && type !== 'follow') return `ungrouped-${id}`
  return `${type}-${post?.id ?? ''}-${Math.floor(at.getTime() / 3_600_000)}`
}

export function notification(world: World, one: Notification): object {
  return {
    id: one.id,
    type: one.type,
    created_at: one.at.toISOString(),
    group_key: groupKey(one),
    account: account(world, one.by),
    ...(one.post && { status: status(world, one.post) }),
  }
}

/** @param page newest first. */
export function grouped(world: World, page: Notification[]): object {
  const groups = new Map<string, Notification[]>()
  for (const one of page) groups.set(groupKey(one), [...(groups.get(groupKey(one)) ?? []), one])
  const people = new Map(page.map(({ by }) => [by.id, by]))
  const posts = new Map(page.flatMap(({ post }) => (post ? [[post.id, post] as const] : [])))
  return {
    accounts: [...people.values()].map((person) => account(world, person)),
    statuses: [...posts.values()].map((post) => status(world, post)),
    notification_groups: [...groups].map(([key, members]) => ({
      group_key: key,
      type: members[0]?.type,
      notifications_count: members.length,
      most_recent_notification_id: Number(members[0]?.id),
      page_min_id: members.at(-1)?.id,
      page_max_id: members[0]?.id,
      latest_page_notification_at: members[0]?.at.toISOString(),
      sample_account_ids: members.slice(0, 8).map(({ by }) => by.id),
      ...(members[0]?.post && { status_id: members[0].post.id }),
    })),
  }
}

export function instanceV2(world: World, streaming: string): object {
  return {
    domain: world.host,
    title: 'Examplia social',
    version: world.ways.version,
    source_url: 'https://github.com/mastodon/mastodon',
    description: '',
    usage: { users: { active_month: 3 } },
    thumbnail: { url: `${world.origin}/thumb.png` },
    icon: [],
    languages: ['en'],
    configuration: {
      urls: { streaming, status: null, about: `${world.origin}/about`, privacy_policy: null, terms_of_service: null },
      accounts: { max_featured_tags: 10, max_pinned_statuses: 5 },
      statuses: { max_characters: 600, max_media_attachments: 4, characters_reserved_per_url: 23 },
      media_attachments: {
        supported_mime_types: ['image/jpeg', 'image/png', 'video/mp4'],
        description_limit: 1500,
        image_size_limit: 16_777_216,
        image_matrix_limit: 33_177_600,
        video_size_limit: 103_809_024,
        video_frame_rate_limit: 120,
        video_matrix_limit: 8_294_400,
      },
      polls: { max_options: 4, max_characters_per_option: 50, min_expiration: 300, max_expiration: 2_629_746 },
      translation: { enabled: false },
      vapid: { public_key: 'x' },
      limited_federation: false,
    },
    registrations: { enabled: false, approval_required: false, message: null, url: null, min_age: null, reason_required: null },
    api_versions: { mastodon: 7 },
    contact: { email: 'a@example.org', account: null },
    rules: [],
  }
}

export function instanceV1(world: World): object {
  return {
    uri: world.host,
    title: 'Examplia social',
    version: world.ways.version,
    max_toot_chars: 5000,
    description_limit: 3000,
    upload_limit: 1_000_000,
    urls: {},
  }
}
