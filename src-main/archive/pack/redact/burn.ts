import type { Shown } from '../source.ts'
import type { RedactedField, Redaction } from './file.ts'
import { fold, type Span, spansOf } from './fold.ts'
import { saysHidden } from './hidden.ts'

/** What stands for everything that was blacked out. Always as long, so that it tells nothing of the length. */
export const BLOCK = '████████'

/** A record's text as the pack may show it. */
export interface Burned {
  shown: Shown
  /** Those that found nothing to black out, although they name words. */
  idle: Redaction[]
}

/**
 * Blacks out a record's text. Words go wherever they stand, in every field; a field that is named goes as a whole. The link
 * goes always: it leads to what was blacked out.
 */
export function burn(shown: Shown, redactions: readonly Redaction[]): Burned {
  const whole = redactions.some((redaction) => redaction.whole === true)
  const fields = new Set(redactions.flatMap((redaction) => redaction.fields ?? []))
  const words = redactions.flatMap((redaction) => (redaction.find === undefined ? [] : [fold(redaction.find).trim()]))
  const hide = (field: RedactedField, text: string) => (whole || fields.has(field) ? BLOCK : blackOut(text, words))
  const hideFiles = whole || fields.has('attachments')
  return {
    shown: {
      ...shown,
      from: hide('from', shown.from),
      to: whole || fields.has('to') ? [BLOCK] : shown.to.map((to) => blackOut(to, words)),
      subject: hide('subject', shown.subject),
      text: hide('text', shown.text),
      link: null,
      attachments: hideFiles
        ? [{ name: BLOCK, mediaType: '', size: 0 }]
        : shown.attachments.map((file) => ({
            ...file,
            name: blackOut(file.name, words),
            mediaType: blackOut(file.mediaType, words),
          })),
    },
    idle: redactions.filter(({ find }) => find !== undefined && !says(shown, [fold(find).trim()])),
  }
}

/** Everything of a record that a person may read, one after the other. */
function* texts(shown: Shown): Generator<string> {
  yield shown.from
  yield* shown.to
  yield shown.subject
  yield shown.text
  if (shown.link !== null) yield shown.link
  for (const file of shown.attachments) yield file.name
}

/** @param words Folded. @returns whether one of them stands in the record. */
export function says(shown: Shown, words: readonly string[]): boolean {
  for (const text of texts(shown)) {
    const folded = fold(text)
    if (words.some((word) => folded.includes(word))) return true
  }
  return false
}

/** @param words Folded, without white space at the ends. */
export function blackOut(text: string, words: readonly string[]): string {
  if (words.length === 0) return text
  const spans = [...spansOf(text, words), ...hiddenIn(text, words)].sort((a, b) => a.start - b.start)
  let out = ''
  let at = 0
  for (const { start, end } of spans) {
    if (end <= at) continue
    // Two that touch are one: how many there were is nobody's business.
    if (start > at || at === 0) out += text.slice(at, start) + BLOCK
    at = end
  }
  return out + text.slice(at)
}

function hiddenIn(text: string, words: readonly string[]): Span[] {
  const spans: Span[] = []
  for (const token of text.matchAll(/\S+/g)) {
    if (saysHidden(token[0], words)) spans.push({ start: token.index, end: token.index + token[0].length })
  }
  return spans
}
