import { describe, expect, it } from 'vitest'
import { completions, type KnownNames, parseQuery, printQuery } from '#shared/query/index.ts'
import { noon } from './support.ts'

const known: KnownNames = {
  identity: ['House Communications', 'Ada Quennick MP'],
  account: ['Press office', 'Prêt', 'The "other" one'],
  label: ['urgent'],
  topic: ['Fisheries'],
}

/** The text with `|` where the caret is, and what it becomes with each choice. */
function chosen(text: string): string[] {
  const caret = text.indexOf('|')
  const plain = text.replace('|', '')
  const { span, options } = completions(plain, caret, known)
  return options.map(({ insert }) => plain.slice(0, span.from) + insert + plain.slice(span.to))
}

describe('completions', () => {
  it.each<[string, string[]]>([
    ['account:p|', ['account:"Press office" ', 'account:Prêt ']],
    ['account:pre|', ['account:"Press office" ', 'account:Prêt ']],
    ['account:off|', ['account:"Press office" ']],
    ['account:"press o|', ['account:"Press office" ']],
    ['account:"press o|ld" x', ['account:"Press office"  x']],
    ['account:pr|xx yy', ['account:"Press office"  yy', 'account:Prêt  yy']],
    ['-in:ada|', ['-in:"Ada Quennick MP" ']],
    ['a (voice:m|', ['a (voice:mandate ']],
    ['state:reply|', ['state:needs_reply ']],
    ['tag:u|', ['tag:urgent ']],
    ['lang:f|', ['lang:fr ']],
    ['on:to|', ['on:today ']],
    ['from:a|', []],
    ['har su|', ['har subject:']],
    ['-acc|', ['-account:']],
    ['"su|', []],
    ['x: |', []],
  ])('of %j', (text, expected) => {
    const found = chosen(text)
    if (text === 'x: |') expect(found).toHaveLength(18)
    else expect(found).toEqual(expected)
  })

  it('are understood when they are chosen', () => {
    for (const text of chosen('account:|').concat(chosen('is:|'), chosen('has:|'), chosen('after:|'), chosen('network:|'))) {
      const { query, problems } = parseQuery(text, noon)
      expect(problems).toEqual([])
      expect(query && `${printQuery(query)} `).toBe(text)
    }
  })
})
