/** What mail programs put before the subject of an answer, in the languages of those who write here. */
const answered = /^(?:re|aw|sv|vs|antw|odp|r|rv|tr|ref|ynt|رد|回复|答复)(?:\[\d+\]|\^\d+)?\s*[:：]\s*/iu
/** The same of a mail that is passed on. */
const passedOn = /^(?:fwd?|wg|vl|i|enc|pd|إعادة توجيه|转发)\s*[:：]\s*/iu

function bare(subject: string, marks: RegExp[]): string {
  let rest = subject.trim()
  for (;;) {
    const shorter = marks.reduce((text, mark) => text.replace(mark, ''), rest)
    if (shorter === rest) return rest
    rest = shorter
  }
}

/** The subject of an answer: one `Re:` (RFC 5322 section 3.6.5), however many there are and in whatever language. */
export function replySubject(subject: string): string {
  return `Re: ${bare(subject, [answered])}`.trim()
}

/** The subject of a mail that is passed on. */
export function forwardSubject(subject: string): string {
  return `Fwd: ${bare(subject, [answered, passedOn])}`.trim()
}
