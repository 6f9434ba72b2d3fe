import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  completions,
  type Explanation,
  explainQuery,
  MOST_LENGTH,
  operators,
  parseQuery,
  printQuery,
  type QueryNode,
} from '#shared/query/index.ts'
import { bare, noon, typing } from './support.ts'

const pieces = [
  ...operators.map(({ name }) => `${name}:`),
  ...['(', ')', '"', '*', '-', ' ', '  ', '\n', 'OR', 'AND', 'NOT', ' OR ', '.', '@', ':', '\u{E000}', '\uD800', '\u0301'],
  ...['harbour', 'wall', 'Ängström', 'الميزانية', '予算', '2026', '2026-11', '2026-02-30', 'today', '7d', 'mail', 'unread', 'fr'],
  ...['mandate', 'link', 'open', 'Press office', 'or', 'a'],
]
/** Texts made of what means something, and of anything else. */
const texts = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join('')),
  fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 20 })
    .map((all) => all.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
)

function nodes(node: QueryNode | null): QueryNode[] {
  if (!node) return []
  if (node.kind === 'and' || node.kind === 'or') return [node, ...node.parts.flatMap(nodes)]
  return node.kind === 'not' ? [node, ...nodes(node.part)] : [node]
}

function check(text: string): void {
  for (const context of [noon, typing]) {
    const { query, problems } = parseQuery(text, context)
    const spans = [...problems.map(({ span }) => span), ...nodes(query).flatMap((node) => ('span' in node ? [node.span] : []))]
    for (const { from, to } of spans)
      expect(from >= 0 && from < to && to <= text.length, `${from} to ${to} in ${text}`).toBe(true)
    if (!query) continue
    const printed = printQuery(query)
    const again = parseQuery(printed, noon)
    expect(again.problems).toEqual([])
    expect(bare(again.query)).toEqual(bare(query))
    expect(again.query && printQuery(again.query)).toBe(printed)
    expect(count(explainQuery(query))).toBe(nodes(query).length)
  }
}

function count(explanation: Explanation): number {
  if ('parts' in explanation) return 1 + explanation.parts.reduce((sum, part) => sum + count(part), 0)
  return 'part' in explanation ? 1 + count(explanation.part) : 1
}

describe('any text at all', () => {
  it('is read, with its places inside it, and means the same when it is printed', () => {
    fc.assert(fc.property(texts, check), { numRuns: 3000 })
  })

  it('can be completed anywhere, inside itself', () => {
    const known = { identity: ['House "A"', 'Ada'], account: ['Press office'], label: [], topic: ['water'] }
    fc.assert(
      fc.property(texts, fc.nat(), (text, place) => {
        const { span, options } = completions(text, Math.min(place, text.length), known)
        expect(span.from >= 0 && span.from <= span.to && span.to <= text.length).toBe(true)
        for (const { insert } of options) expect(insert).not.toBe('')
      }),
      { numRuns: 2000 },
    )
  })

  const folder = join(import.meta.dirname, 'fuzz')
  it.each(readdirSync(folder))('is read: %s', (name) => {
    check(readFileSync(join(folder, name), 'utf8'))
  })
})

describe('the longest text', () => {
  /** Steps that a search for each of these would take if letters were looked at again and again. */
  it.each([
    '"',
    '(',
    ')',
    '-',
    '*',
    'a',
    'a"',
    'from:',
    'NOT ',
    'OR ',
    'a OR ',
    '((',
    '-(',
    '"a" ',
    'zzzzzzzzzzzz',
    'on:2',
    ' ',
    '\u0301',
  ])('of nothing but %j is read in time that grows with its length only', (piece) => {
    const make = (length: number) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length)
    const letters = { looked: 0 }
    // Counts what is asked of the text, instead of time, which a busy machine bends.
    const counted = (text: string) =>
      new Proxy<Record<string, unknown>>(Object(text), {
        get(target, key) {
          letters.looked++
          const value: unknown = Reflect.get(target, key)
          return typeof value === 'function' ? value.bind(target) : value
        },
      }) as unknown as string
    parseQuery(counted(make(MOST_LENGTH / 4)), noon)
    const quarter = letters.looked
    letters.looked = 0
    parseQuery(counted(make(MOST_LENGTH)), noon)
    expect(letters.looked).toBeLessThan(quarter * 5 + 1000)
  })
})
