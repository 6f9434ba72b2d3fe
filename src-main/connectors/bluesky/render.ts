import type { Rendered } from '#connectors/connector.ts'
import { escapeHtml, linkHtml, searchText } from '#connectors/kit/plain.ts'
import { tryDecode } from './car.ts'
import { type Blob, type Post, readPost, subjectOf, typeOf } from './record.ts'

/** What a person reads of one record, from its block alone. */
export function renderRecord(raw: Uint8Array): Rendered {
  const value = tryDecode(raw)
  const post = readPost(value)
  if (post !== null) return { html: postHtml(post), text: textOf(post), damaged: post.damaged, attachments: attachmentsOf(post) }
  const type = typeOf(value)
  return { html: null, text: actText(value), damaged: type === null, attachments: [] }
}

/** Text for search and for readers without HTML: the post, what its pictures show, its card and what it quotes. */
export function textOf(post: Post): string {
  const parts = [post.text, ...post.tags.map((tag) => `#${tag}`), ...post.blobs.map((blob) => blob.alt)]
  if (post.card !== null) parts.push(post.card.title, post.card.description, post.card.uri)
  if (post.quote !== null) parts.push(pageOf(post.quote) ?? post.quote)
  // Links whose text is a shortened address.
  for (const { href } of post.facets) if (!href.startsWith('https://bsky.app/') && !post.text.includes(href)) parts.push(href)
  return searchText(parts.filter((part) => part.trim() !== '').join('\n'))
}

/** An act of the account: its type and what it is about. */
export function actText(value: unknown): string {
  const subject = subjectOf(value)
  const parts = [typeOf(value) ?? '', subject === null ? '' : (pageOf(subject) ?? subject)]
  return searchText(parts.filter((part) => part !== '').join('\n'))
}

export function attachmentsOf(post: Post): Rendered['attachments'] {
  return post.blobs.map((blob, index) => ({
    index,
    name: fileNameOf(blob),
    mediaType: blob.mediaType,
    size: blob.size,
    contentId: null,
    inline: false,
  }))
}

/** A name with the ending that its type has. */
export function fileNameOf({ cid, mediaType }: Blob): string {
  const ending = /^(?:image|video)\/([a-z0-9]{1,10})$/.exec(mediaType)?.[1] ?? 'bin'
  return `${cid === '' ? 'blob' : cid}.${ending === 'jpeg' ? 'jpg' : ending}`
}

/** The web page of an account or post that an address (`at://did/collection/rkey`, or a DID) names; null where there is none. */
export function pageOf(address: string): string | null {
  const found = /^(?:at:\/\/)?(did:[a-z]+:[A-Za-z0-9._:%-]+)(?:\/([a-zA-Z0-9.-]+)\/([a-zA-Z0-9._:~-]+))?$/.exec(address)
  const [, did, collection, rkey] = found ?? []
  if (did === undefined) return null
  const account = `https://bsky.app/profile/${did}`
  if (collection === undefined) return account
  const kind = { 'app.bsky.feed.post': 'post', 'app.bsky.graph.list': 'lists', 'app.bsky.feed.generator': 'feed' }[collection]
  return kind === undefined ? null : `${account}/${kind}/${rkey}`
}

/** A post as a person reads it. */
export function postHtml(post: Post): string {
  const bytes = Buffer.from(post.text)
  const parts: string[] = []
  let at = 0
  for (const { start, end, href } of post.facets) {
    parts.push(escapeHtml(bytes.toString('utf8', at, start)))
    parts.push(linkHtml(href, bytes.toString('utf8', start, end)))
    at = end
  }
  parts.push(escapeHtml(bytes.toString('utf8', at)))
  const blocks = [`<p>${parts.join('').replaceAll('\n', '<br>')}</p>`]
  if (post.tags.length > 0) blocks.push(`<p>${escapeHtml(post.tags.map((tag) => `#${tag}`).join(' '))}</p>`)
  for (const { alt } of post.blobs) if (alt !== '') blocks.push(`<p><em>${escapeHtml(alt)}</em></p>`)
  if (post.card !== null) blocks.push(cardOf(post.card))
  const quoted = post.quote === null ? null : pageOf(post.quote)
  if (quoted !== null) blocks.push(`<p>${linkHtml(quoted)}</p>`)
  return blocks.join('')
}

function cardOf({ uri, title, description }: NonNullable<Post['card']>): string {
  // No quotation mark-up: readers fold that away, as the history below a mail.
  const head = linkHtml(uri, title === '' ? uri : title)
  return `<p>${head}${description === '' ? '' : `<br>${escapeHtml(description)}`}</p>`
}
