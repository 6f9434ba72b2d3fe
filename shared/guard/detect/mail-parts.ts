import { foldTerm } from '../fold.ts'
import type { Detection, Detector } from './detector.ts'

/** What belongs to a mail and not to a post: headers, quoted lines, marks of forwarding, the line above a signature. */

const header =
  /^(?:from|to|cc|bcc|subject|sent|date|reply-to|de|a|cci|objet|envoye|para|asunto|enviado|fecha|attachment|piece jointe|adjunto) ?: ?\S/
/** Headers that stand for a mail even when they are alone. */
const alone = /^(?:subject|objet|asunto|cc|attachment|piece jointe|adjunto) ?: ?\S/
const forwarded = /^(?:(?:re|fw|fwd|tr|rv|res|aw) ?: ?){1,10}\S/
const divider = /^(?:-{3,80} ?\p{L}[\p{L}' ]{2,60} ?-{3,80}|-- ?|_{3,80})$/u
const quoted = /^> ?\S/
const tag = /^\[(?:external|externe|externo|ext|spam|draft|brouillon|borrador)[^\]]{0,20}\]/
const begun = /^(?:begin forwarded message|debut du message transfere|inicio del mensaje reenviado) ?:/
const MOST_LINES = 5000

export const mailParts: Detector = ({ text, steps }) => {
  const found: Detection[] = []
  const headers: Detection[] = []
  let from = 0
  for (const line of text.split('\n', MOST_LINES)) {
    steps.count++
    // What tells a line stands at its beginning.
    const words = foldTerm(line.slice(0, 200).trim())
    const here: Detection = { ranges: [{ from, to: from + line.length }] }
    if (alone.test(words) || divider.test(words) || tag.test(words) || begun.test(words) || quoted.test(words)) found.push(here)
    else if (from === 0 && forwarded.test(words)) found.push({ ranges: [{ from, to: line.indexOf(':') + 1 }] })
    else if (header.test(words)) headers.push(here)
    from += line.length + 1
  }
  // `From: Monday` alone may be a time; two such lines are a mail's.
  const lines = headers.length >= 2 || (headers.length === 1 && found.length > 0) ? [...found, ...headers] : found
  return lines.filter(({ ranges }) => ranges.some(({ from, to }) => to > from))
}
