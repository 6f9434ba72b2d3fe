import type { DraftWords, SendLimits } from '#shared/model/index.ts'
import { lengthOf as counted } from '#shared/text/length.ts'

export interface Length {
  used: number
  most: number
  over: boolean
}

/** How long a text is, as its network counts; null where nothing is counted. */
export function lengthOf(words: DraftWords, limits: SendLimits | null): Length | null {
  if (!limits || limits.text.most === null || limits.text.counting === 'sms') return null
  const { counting, most } = limits.text
  const used = counted(words.text, counting) + counted(words.warning, counting)
  return { used, most, over: used > most }
}
