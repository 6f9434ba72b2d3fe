import { describe, expect, it } from 'vitest'
import { explainQuery, parseQuery, type Sayer, sayExplanation } from '#shared/query/index.ts'
import { noon } from './support.ts'

const say: Sayer = {
  simple: (id, values) => [id, ...Object.values(values)].join(' '),
  all: (parts) => parts.join(' & '),
  any: (parts) => parts.join(' | '),
  not: (part) => `!${part}`,
  bracketed: (part) => `[${part}]`,
}

function said(text: string): string {
  const { query } = parseQuery(text, noon)
  return query ? sayExplanation(explainQuery(query), say) : ''
}

describe('an explanation', () => {
  it.each([
    ['harbour', 'words.anywhere.some harbour'],
    ['"harbour wall"', 'words.anywhere.exact harbour wall'],
    ['subject:harb*', 'words.subject.beginning harb'],
    ['from:"a b"*', 'words.from.beginning a b'],
    ['-is:unread', '!filter.is unread'],
    ['in:House', 'filter.identity House'],
    ['after:2026-03', 'date.after 2026-03-01T00:00:00.000Z'],
    ['before:today', 'date.before 2026-11-21T00:00:00.000Z'],
    ['on:2026', 'date.on.year 2026-01-01T00:00:00.000Z'],
    ['on:2026-03', 'date.on.month 2026-03-01T00:00:00.000Z'],
    ['on:7d', 'date.on.day 2026-11-14T00:00:00.000Z'],
    ['*', 'everything'],
    ['a -(b OR c)', 'words.anywhere.some a & ![words.anywhere.some b | words.anywhere.some c]'],
    ['(a b) OR c', '[words.anywhere.some a & words.anywhere.some b] | words.anywhere.some c'],
  ])('of %j', (text, expected) => {
    expect(said(text)).toBe(expected)
  })
})
