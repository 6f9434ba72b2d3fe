import type { Attachment, Direction, Party } from '#shared/model/index.ts'
import type { Doc } from './partitions.ts'

interface Searchable {
  direction: Direction
  from: Party
  to: Party[]
  subject: string
  text: string
  attachments: Pick<Attachment, 'name'>[]
}

/** What can be found of a message: the other side, the subject, the text and the names of files. */
export function docOf(id: number, message: Searchable, tokens: string): Doc {
  const parties = message.direction === 'inbound' ? [message.from] : [message.from, ...message.to.slice(0, 50)]
  const names = message.attachments.slice(0, 100).map((attachment) => attachment.name)
  return {
    id,
    who: parties.map((party) => `${party.name} ${party.handle}`).join(' '),
    subject: message.subject,
    body: names.length > 0 ? `${message.text}\n${names.join('\n')}` : message.text,
    f: tokens,
  }
}

/** What never changes about a message and narrows a search: account, identity, voice. */
export function tokensOf(accountId: number, identityId: number, voice: string): string {
  return `a${accountId} i${identityId} v${voice}`
}
