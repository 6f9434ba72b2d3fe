import type { z } from 'zod'
import type { Output } from './output.ts'
import type { MessageShape, MessageSummaryShape } from './shapes.ts'
import { blockText, oneLine, pad } from './text.ts'
import { localTime } from './time.ts'

type Summary = z.infer<typeof MessageSummaryShape>

function party({ name, handle }: Summary['from']): string {
  return oneLine(name === '' || name === handle ? handle : `${name} <${handle}>`)
}

/** The head of a message: one line for each thing there is to say. */
export function tellHead(out: Output, message: Summary): void {
  const line = (title: string, value: string) => {
    if (value !== '') out.line(`${out.bold(pad(`${title}:`, 11, false))} ${value}`)
  }
  line('Subject', oneLine(message.subject))
  line('From', party(message.from))
  line('To', message.to.map(party).join(', '))
  line('Cc', message.cc.map(party).join(', '))
  line('When', localTime(message.at))
  line(
    'Identity',
    `${oneLine(message.identityName)}, ${oneLine(message.accountLabel)} (${message.network}, ${message.direction})`,
  )
  line('State', states(message))
  line('Link', message.link === null ? '' : oneLine(message.link))
  for (const { index, name, mediaType, size } of message.attachments) {
    line(`Attached ${index}`, `${oneLine(name)} (${oneLine(mediaType)}, ${size.toLocaleString('en')} bytes)`)
  }
  line('Id', `${message.id}, in conversation ${message.conversation}`)
}

export function tellMessage(out: Output, message: z.infer<typeof MessageShape>): void {
  tellHead(out, message)
  if (message.damaged) out.line('Some of this message could not be decoded; what could be read is shown.')
  out.line()
  out.line(blockText(message.text).trim())
}

function states({ read, answered, deletedAt, versions }: Summary): string {
  const parts = [read ? 'read' : 'unread']
  if (answered) parts.push('answered')
  if (versions > 1) parts.push(`${versions} versions`)
  if (deletedAt !== null) parts.push(`deleted at its source, noticed ${localTime(deletedAt)}`)
  return parts.join(', ')
}
