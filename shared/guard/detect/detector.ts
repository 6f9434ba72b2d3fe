import type { GuardContext, GuardRange, GuardVariant } from '../model.ts'
import type { Cut } from '../tokens.ts'

/** What a detector looks at. */
export interface Looked {
  variant: GuardVariant
  context: GuardContext
  text: string
  cut: Cut
  /** Counts the work. */
  steps: { count: number }
}

export interface Detection {
  ranges: GuardRange[]
  /** For the sentences, beside `{words}`. */
  params?: Record<string, string>
}

/** Finds one kind of thing. Takes time in proportion to the text, and never throws. */
export type Detector = (looked: Looked) => Detection[]

export const rangeOf = (from: number, length: number): GuardRange => ({ from, to: from + length })

/** Matches of an expression whose repetitions are all bounded, each tested by `accept`. */
export function each(text: string, pattern: RegExp, accept: (match: RegExpExecArray) => boolean): Detection[] {
  const found: Detection[] = []
  for (const match of text.matchAll(pattern)) if (accept(match)) found.push({ ranges: [rangeOf(match.index, match[0].length)] })
  return found
}
