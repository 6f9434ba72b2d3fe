import type { Outgoing } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import type { SendLimits } from '#shared/model/index.ts'
import { smsLength } from '#shared/text/sms.ts'
import { limits } from './limits.ts'
import { readNumber } from './number.ts'
import type { Sms } from './sms.ts'

/** Texts to one number, and nothing else. */
export const sendLimits: SendLimits = {
  kinds: ['sms'],
  acts: [],
  edits: false,
  deletes: false,
  visibilities: [],
  warnings: false,
  quotes: false,
  text: { counting: 'sms', most: limits.sendSegments, mostBytes: null },
  media: { most: 0, types: [], mostBytes: {}, mostAlt: 0 },
}

export interface Text {
  /** E.164. */
  to: string
  text: string
}

/**
 * What an item of the outbox says to whom. Without a recipient it goes to the other side of the message that it answers.
 * @param read what the answered message's bytes say.
 * @throws ConnectorFault untaken, for what is no text to one number.
 */
export async function textOf(
  item: Outgoing,
  country: string | null,
  read: (raw: Uint8Array, mediaType: string) => Sms | null,
): Promise<Text> {
  const { content, target } = item
  if (content.do !== 'publish' || content.kind !== 'sms') throw refused('not a text message')
  if (content.media.length > 0) throw refused('files cannot be sent with a text message')
  if (content.cc.length > 0 || content.bcc.length > 0 || content.to.length > 1) throw refused('a text message goes to one number')
  if (content.text.trim() === '') throw refused('a text message without a text')
  if (content.text.length > limits.sendChars || smsLength(content.text).segments > limits.sendSegments) {
    throw refused(`longer than ${limits.sendSegments} segments`)
  }
  const answered = target && read(target.raw, target.mediaType)
  const side = content.to[0]?.handle ?? (answered?.direction === 'inbound' ? answered.from : answered?.to) ?? ''
  const to = readNumber(side, country)
  if (to === null) throw new ConnectorFault('decision', 'number_invalid', { number: side }, { untaken: true })
  return { to, text: content.text }
}

function refused(detail: string): ConnectorFault {
  return new ConnectorFault('decision', 'bad_request', { detail }, { untaken: true })
}
