import { describe, expect, it } from 'vitest'
import { readPack } from '#shared/guard/index.ts'
import { MOST_PATTERN } from '#shared/guard/pattern.ts'
import { marked, packOf, read } from './support.ts'

describe('the pattern language', () => {
  it.each([
    ['word', 'A Word, and wörd.', ['Word', 'wörd']],
    ['save the ferry', 'Save   the\u00a0ferry', ['Save   the\u00a0ferry']],
    ['vote~', 'She votes, they voted; voting', ['votes', 'voted', 'voting']],
    ['humili*', 'humiliating humble humiliation', ['humiliating', 'humiliation']],
    ['labour!', 'Labour and labour', ['Labour']],
    ['(sign|back) (it|the petition)', 'sign it, back the petition, sign the', ['sign it', 'back the petition']],
    ['please? sign', 'Please sign. Sign', ['sign', 'Sign']],
    ['(please)? sign', 'sign', ['sign']],
    ['tell _ minister', 'tell the minister, tell minister', ['tell the minister']],
    ['tell _2 minister', 'tell minister; tell the prime minister', ['tell minister', 'tell the prime minister']],
    ['_2 minister', 'the minister', ['minister']],
    ['^ sign', 'Sign this, sign that: sign; do sign', ['Sign', 'sign', 'sign']],
    ['regards $', 'Regards, Sam. Regards to all', ['Regards']],
    ['(^|please) sign', 'do sign. Please sign. Sign', ['Please sign', 'Sign']],
    ['{number} jobs', '12,000 jobs and 12 000 jobs and ten jobs', ['12,000 jobs', '12 000 jobs']],
    ['{capital} party', 'Green Party, a party', ['Green Party']],
    ["don't", 'Don’t, dont, do not', ['Don’t', 'dont']],
    ['far-left', 'the far left and far-left', ['far left', 'far-left']],
    ['@one', 'from @One to one', ['@One']],
  ])('%j in %j', (pattern, text, words) => {
    expect(marked(pattern, text)).toEqual(words)
  })

  it('does not reach over the end of a sentence', () => {
    expect(marked('save _3 ferry', 'Save it. The ferry')).toEqual([])
    expect(marked('save _3 ferry', 'Save it, the ferry')).toEqual(['Save it, the ferry'])
    expect(marked('save _3 ferry', 'Save Mr. X the ferry')).toEqual(['Save Mr. X the ferry'])
  })

  it('has lists that are written once', () => {
    const pack = read(packOf(['hate {it}'], {}, { it: { en: ['mondays', 'the rain'] } }))
    expect(pack.sets.get('it')?.get('en')).toBeDefined()
  })

  it.each([
    ['(a', 'at 3: the pattern has a bracket that is not closed'],
    ['a)', 'at 2: the pattern has a ) too many'],
    ['a | ', 'at 5: the pattern has an empty part'],
    ['a?', 'at 1: the pattern fits without a single word'],
    ['_3', 'at 1: the pattern fits without a single word'],
    ['^ $', 'at 1: the pattern fits without a single word'],
    ['a {nothing}', 'at 12: the pattern names a set that there is not: {nothing}'],
    ['a {', 'at 3: the pattern has a { that begins no name of a set'],
    ['a _99', 'at 6: the pattern has a gap that is not 1 to 12 words long'],
    ['ab*', 'at 4: the pattern has a beginning of fewer than three letters'],
    ['(a+)+b', 'at 3: the pattern has a sign that means nothing here: +'],
    ['^(\\w+\\s?)*$', 'at 3: the pattern has a sign that means nothing here: \\'],
    ['.*a', 'at 1: the pattern has a sign that means nothing here: .'],
    [`${'('.repeat(9)}a${')'.repeat(9)}`, 'at 10: the pattern has more than 8 brackets inside one another'],
  ])('refuses %j', (pattern, detail) => {
    expect(readPack(packOf([pattern]), 'x.json', [])).toEqual([{ source: 'x.json', place: 'rules[0].patterns.en[0]', detail }])
  })

  it('refuses patterns that grow by their lists', () => {
    const sets: Record<string, unknown> = { s0: { en: Array.from({ length: 20 }, (_, at) => `w${at}`) } }
    for (let at = 1; at < 6; at++)
      sets[`s${at}`] = { en: Array.from({ length: 4 }, () => `{s${at - 1}} {s${at - 1}} {s${at - 1}}`) }
    const start = performance.now()
    const faults = readPack(packOf(['{s5}'], {}, sets), 'x.json', [])
    expect(faults).toContainEqual(expect.objectContaining({ detail: expect.stringContaining('has more than 4000 parts') }))
    expect(performance.now() - start).toBeLessThan(2000)
    expect(readPack(packOf([`a ${'b'.repeat(MOST_PATTERN)}`]), 'x.json', [])).toHaveLength(1)
  })
})
