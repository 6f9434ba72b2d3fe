import type { DraftWords, SendLimits, Voice } from '#shared/model/index.ts'
import type { MessageKey } from '../../i18n/catalog.ts'
import type { Values } from '../../i18n/text.ts'
import { lengthOf } from './length.ts'
import { looksLikeMail, looksLikeNumber, parseRecipients } from './recipients.ts'

/** Files that are to be described in words. */
export const ALT_WANTED = /^(image|video|audio)\//

/** Something without which it cannot be sent. */
export interface Lack {
  key: MessageKey
  values?: Values
}

interface ReadyOptions {
  words: DraftWords
  limits: SendLimits | null
  voice: Voice
  by: string
}

/** What is missing before it can be sent, the first first. The engine judges again; this is so that nobody has to be told no. */
export function missing({ words, limits, voice, by }: ReadyOptions): Lack[] {
  const lacks: Lack[] = []
  if (words.kind === 'mail' || words.kind === 'sms') {
    const looksRight = words.kind === 'mail' ? looksLikeMail : looksLikeNumber
    const lines = [words.to, words.cc, words.bcc].map((line) => parseRecipients(line, looksRight))
    const wrong = lines.flatMap((line) => line.wrong)
    if (wrong[0] !== undefined) lacks.push({ key: 'compose.wrongRecipient', values: { text: wrong[0] } })
    else if (lines.every(({ parties }) => parties.length === 0)) lacks.push({ key: 'compose.lacks.recipient' })
  }
  if (words.text.trim() === '' && words.media.length === 0) lacks.push({ key: 'compose.lacks.text' })
  const count = lengthOf(words, limits)
  if (count?.over) lacks.push({ key: 'compose.over', values: { count: count.used - count.most } })
  if (limits && words.media.length > limits.media.most && words.kind !== 'mail')
    lacks.push({ key: 'compose.tooManyFiles', values: { count: limits.media.most } })
  const undescribed = words.media.some(({ alt, mediaType }) => alt.trim() === '' && ALT_WANTED.test(mediaType))
  if (voice === 'institutional' && undescribed && (limits?.media.mostAlt ?? 0) > 0) lacks.push({ key: 'compose.lacks.alt' })
  if (by.trim() === '') lacks.push({ key: 'compose.lacks.by' })
  return lacks
}
