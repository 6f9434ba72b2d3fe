import type { Outgoing } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import type { RemoteAct, SendLimits } from '#shared/model/index.ts'
import { paragraphs } from '../kit/plain.ts'
import { type Item, itemIn } from './item.ts'
import { limits } from './limits.ts'

/** What WordPress calls each act on a comment, and what takes it back (`WP_REST_Comments_Controller::handle_status_param`). */
const statuses: Partial<Record<RemoteAct, { on: string; off: string }>> = {
  approve: { on: 'approved', off: 'hold' },
  hold: { on: 'hold', off: 'approved' },
  spam: { on: 'spam', off: 'unspam' },
  trash: { on: 'trash', off: 'untrash' },
}

/** Articles and comments. @param moderates Whether the user may decide about comments. */
export function sendLimits(moderates: boolean): SendLimits {
  return {
    kinds: ['post', 'comment'],
    acts: moderates ? ['approve', 'hold', 'spam', 'trash'] : [],
    edits: true,
    deletes: true,
    visibilities: [],
    warnings: false,
    quotes: false,
    text: { counting: 'code_points', most: null, mostBytes: limits.commentBytes },
    media: { most: 0, types: [], mostBytes: {}, mostAlt: 0 },
  }
}

/** One request that carries an item out. */
export type Request =
  | { method: 'POST'; route: string; body: Record<string, unknown>; makes: 'post' | 'comment' | null }
  | { method: 'DELETE'; route: string; makes: null }

/** @throws ConnectorFault untaken, for what a blog does not have. */
export function requestOf(item: Outgoing): Request {
  const { content, target } = item
  const about = target && itemIn(target.raw, target.mediaType)
  switch (content.do) {
    case 'publish': {
      if (content.media.length > 0) throw refused('files cannot be sent to a blog')
      if (content.text.trim() === '') throw refused('nothing is written')
      if (content.kind === 'post') return { method: 'POST', route: 'wp/v2/posts', body: article(content), makes: 'post' }
      if (content.kind !== 'comment' && content.kind !== 'reply') throw refused('neither an article nor a comment')
      if (about === null) throw refused('a comment belongs to an article')
      const parent = about.kind === 'comment' ? { parent: about.id } : {}
      const body = { post: about.post, ...parent, content: comment(content.text) }
      return { method: 'POST', route: 'wp/v2/comments', body, makes: 'comment' }
    }
    case 'edit': {
      const own = ownOf(about)
      const body = own.kind === 'post' ? article(content) : { content: comment(content.text) }
      return { method: 'POST', route: routeOf(own), body, makes: own.kind }
    }
    case 'delete':
      return { method: 'DELETE', route: routeOf(ownOf(about)), makes: null }
    case 'act': {
      const status = statuses[content.act]
      if (status === undefined || about?.kind !== 'comment') throw refused('not an act on a comment')
      return { method: 'POST', route: routeOf(about), body: { status: content.on ? status.on : status.off }, makes: 'comment' }
    }
  }
}

/** An article as it is sent: paragraphs of plain text as HTML. */
function article({ subject, text }: { subject: string; text: string }): Record<string, unknown> {
  return { title: subject, content: paragraphs(text), status: 'publish' }
}

function comment(text: string): string {
  const html = paragraphs(text)
    .replaceAll('</p><p>', '\n\n')
    .replace(/^<p>|<\/p>$/g, '')
    .replaceAll('<br>', '\n')
  if (Buffer.byteLength(html) > limits.commentBytes) throw refused('longer than a comment may be')
  return html
}

function ownOf(item: Item | null): Item {
  if (item === null) throw refused('there is nothing to change')
  return item
}

export function routeOf({ kind, id }: Pick<Item, 'kind' | 'id'>): string {
  return `wp/v2/${kind}s/${id}`
}

function refused(detail: string): ConnectorFault {
  return new ConnectorFault('decision', 'bad_request', { detail }, { untaken: true })
}
