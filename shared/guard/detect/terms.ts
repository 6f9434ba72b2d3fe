import { cut, type Token } from '../tokens.ts'
import type { Detection, Detector } from './detector.ts'

/** Names and terms that the office lists, found whatever their case, accents and disguise. */
class Terms {
  /** By their first word; each the words of a term. */
  private readonly byFirst = new Map<string, string[][]>()

  constructor(terms: readonly string[]) {
    for (const term of terms) {
      const words = cut(term).tokens.map(({ forms }) => forms[0] ?? '')
      const [first] = words
      if (first === undefined || words.length > 20) continue
      const list = this.byFirst.get(first) ?? []
      list.push(words)
      this.byFirst.set(first, list)
    }
  }

  find(tokens: readonly Token[], steps: { count: number }): Detection[] {
    const found: Detection[] = []
    for (let at = 0; at < tokens.length; at++) {
      let longest = 0
      for (const form of tokens[at]?.forms ?? []) {
        for (const words of this.byFirst.get(form) ?? []) {
          steps.count++
          if (words.length > longest && words.every((word, next) => next === 0 || tokens[at + next]?.forms.includes(word)))
            longest = words.length
        }
      }
      const [first, last] = [tokens[at], tokens[at + longest - 1]]
      if (longest > 0 && first && last) found.push({ ranges: [{ from: first.from, to: last.to }] })
    }
    return found
  }
}

const made = new WeakMap<readonly string[], Terms>()

function termsOf(list: readonly string[]): Terms {
  const known = made.get(list) ?? new Terms(list)
  made.set(list, known)
  return known
}

export const partisanTerms: Detector = ({ cut, context, steps }) => termsOf(context.partisan).find(cut.tokens, steps)

export const embargo: Detector = ({ cut, context, steps }) =>
  context.embargoes
    .filter(({ until }) => until === null || until > context.now)
    .flatMap(({ terms, until }) =>
      termsOf(terms)
        .find(cut.tokens, steps)
        .map((found) => ({ ...found, params: { until: until ?? '?' } })),
    )
