import type { OutgoingContent, OutgoingMedia, Problem, ProblemCode, SendLimits } from '../model/index.ts'
import { countBytes, countGraphemes, lengthOf } from './length.ts'

const problem = (code: ProblemCode, params: Record<string, string | number> = {}): Problem => ({
  code,
  params: Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)])),
})
const notOffered = (what: string): Problem => problem('send_not_offered', { what })

/**
 * Why something cannot be sent by an account, as its server's limits say; null when it can.
 * @param limits Null where the server has not said them yet: then only what is wrong anywhere is told.
 */
export function fits(content: OutgoingContent, limits: SendLimits | null, quotes = false): Problem | null {
  if (content.do === 'delete') return limits && !limits.deletes ? notOffered('delete') : null
  if (content.do === 'act') return limits && !limits.acts.includes(content.act) ? notOffered(content.act) : null
  if (content.text.trim() === '' && content.media.length === 0) return problem('send_empty')
  if (content.do === 'publish' && isForNobody(content)) return problem('send_empty')
  if (limits === null) return null
  return offered(content, limits, quotes) ?? textFits(content, limits) ?? mediaFits(content.media, limits)
}

type Words = Extract<OutgoingContent, { do: 'publish' | 'edit' }>

/** A text message names its number; a mail may name whom it is for only by what it answers. */
function isForNobody(content: Words): boolean {
  return content.do === 'publish' && content.kind === 'sms' && content.to.length === 0
}

function offered(content: Words, limits: SendLimits, quotes: boolean): Problem | null {
  if (content.do === 'edit') return limits.edits ? null : notOffered('edit')
  if (!limits.kinds.includes(content.kind)) return notOffered(content.kind)
  if (content.visibility !== null && !limits.visibilities.includes(content.visibility)) return notOffered(content.visibility)
  if (quotes && !limits.quotes) return notOffered('quote')
  return content.warning !== '' && !limits.warnings ? notOffered('warning') : null
}

function textFits({ text, warning }: Words, { text: { counting, most, mostBytes } }: SendLimits): Problem | null {
  const bytes = mostBytes === null ? 0 : countBytes(text)
  if (mostBytes !== null && bytes > mostBytes) return problem('send_too_long', { count: bytes, limit: mostBytes })
  // Segments of text messages are counted where they are made.
  if (most === null || counting === 'sms') return null
  const count = lengthOf(text, counting) + lengthOf(warning, counting)
  return count > most ? problem('send_too_long', { count, limit: most }) : null
}

function mediaFits(media: readonly OutgoingMedia[], { media: limits }: SendLimits): Problem | null {
  if (media.length > limits.most) return problem('send_too_many_files', { count: media.length, limit: limits.most })
  for (const file of media) {
    const { name, mediaType: type, size, alt } = file
    if (limits.types.length > 0 && !limits.types.some((taken) => takes(taken, type)))
      return problem('send_file_refused', { name, type })
    const limit = limits.mostBytes[type.split('/')[0] ?? ''] ?? limits.mostBytes['*']
    if (limit !== undefined && size > limit) return problem('send_file_too_large', { name, size, limit })
    const count = countGraphemes(alt)
    if (count > limits.mostAlt) return problem('send_alt_too_long', { name, count, limit: limits.mostAlt })
  }
  return null
}

/** Whether a type such as `image/*` or `image/png` takes a file's. */
function takes(taken: string, type: string): boolean {
  return taken === '*/*' || taken === type || (taken.endsWith('/*') && type.startsWith(taken.slice(0, -1)))
}
