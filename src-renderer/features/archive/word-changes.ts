import { diffArrays } from 'diff'

/** A piece of text that is in both versions, only in the later one, or only in the earlier one. */
export interface Change {
  kind: 'same' | 'added' | 'removed'
  text: string
}

/** Texts that have little in common are compared by lines, and in the end not at all: nobody reads such a comparison. */
const MOST_WORDS = 1000
const MOST_LINES = 1500
/** Around a change, this much of what stayed is shown. */
const AROUND = 240

/** What was changed from one text to the next, word by word, in any script. */
export function wordChanges(before: string, after: string, locale: string): Change[] {
  if (before === after) return before === '' ? [] : [{ kind: 'same', text: before }]
  const words = new Intl.Segmenter(locale, { granularity: 'word' })
  const wordsOf = (text: string) => Array.from(words.segment(text), ({ segment }) => segment)
  const parts =
    diffArrays(wordsOf(before), wordsOf(after), { maxEditLength: MOST_WORDS }) ??
    diffArrays(linesOf(before), linesOf(after), { maxEditLength: MOST_LINES })
  if (parts === undefined) {
    return [
      { kind: 'removed', text: before },
      { kind: 'added', text: after },
    ]
  }
  return parts.map(({ added, removed, value }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value.join(''),
  }))
}

/** Lines with what ends them. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

/** As `Change`, with long stretches that stayed left out. */
export type Shown = Change | { kind: 'skipped'; count: number }

/** Leaves out what stayed, but for what is around a change. Texts are cut at blanks where there are any. */
export function fold(changes: readonly Change[]): Shown[] {
  return changes.flatMap((change, index): Shown[] => {
    if (change.kind !== 'same') return [change]
    const head = index === 0 ? '' : change.text.slice(0, AROUND).replace(/\S*$/, '')
    const tail = index === changes.length - 1 ? '' : change.text.slice(-AROUND).replace(/^\S*/, '')
    const count = change.text.length - head.length - tail.length
    if (change.text.length <= 2 * AROUND || count < AROUND || changes.length === 1) return [change]
    const shown: Shown[] = [
      { kind: 'same', text: head },
      { kind: 'skipped', count },
      { kind: 'same', text: tail },
    ]
    return shown.filter((one) => one.kind !== 'same' || one.text !== '')
  })
}
