import { describe, expect, it } from 'vitest'
import { MOST_DEPTH, MOST_LENGTH, MOST_TERMS, parseQuery, printQuery, type QueryContext } from '#shared/query/index.ts'
import { bare, noon, typing } from './support.ts'

/** How the program writes what it understood; problems make it fail. */
function understood(text: string, context: QueryContext = noon): string | null {
  const { query, problems } = parseQuery(text, context)
  expect(problems).toEqual([])
  return query && printQuery(query)
}

/** Code and marked text of each problem. */
function wrong(text: string, context: QueryContext = noon): string[] {
  return parseQuery(text, context).problems.map(({ code, span }) => `${code} [${text.slice(span.from, span.to)}]`)
}

describe('words', () => {
  it.each([
    ['harbour wall', 'harbour wall'],
    ['  harbour\twall ', 'harbour wall'],
    ['"harbour wall"', '"harbour wall"'],
    ['"harbour wall"*', '"harbour wall"*'],
    ['harb*', 'harb*'],
    ['harb***', 'harb*'],
    ['well-known', 'well-known'],
    ['ada@harbour.example', 'ada-harbour-example'],
    ["aujourd'hui", 'aujourd-hui'],
    ['-wall harbour', '-wall harbour'],
    ['NOT wall', '-wall'],
    ['-"harbour wall"', '-"harbour wall"'],
    ['a OR b', 'a OR b'],
    ['a b OR c d', 'a b OR c d'],
    ['(a b) OR c', '(a b) OR c'],
    ['((a OR b)) OR c', 'a OR b OR c'],
    ['a AND b', 'a b'],
    ['a and b or c not d', 'a and b or c not d'],
    ['-(a OR b)', '-(a OR b)'],
    ['-(-a)', '-(-a)'],
    ['harbour - wall', 'harbour wall'],
    ['.OR', '.OR'],
    ['https://harbour.example/a:b', 'https-harbour-example-a-b'],
    ['12:30 re: report', '12-30 re report'],
    ['الميزانية 予算', 'الميزانية 予算'],
    ['foo(bar)', 'foo bar'],
    ['foo"bar baz"', 'foo "bar baz"'],
    ['*', '*'],
    ['* harbour', 'harbour'],
    ['-*', '-(*)'],
  ])('reads %j', (text, printed) => {
    expect(understood(text)).toBe(printed)
  })

  it('tells words in quotation marks, and side by side, from others', () => {
    expect(bare(parseQuery('"a b" c-d e*', noon).query)).toEqual({
      kind: 'and',
      parts: [
        { kind: 'words', where: 'anywhere', words: ['a', 'b'], exact: true, prefix: false },
        { kind: 'words', where: 'anywhere', words: ['c', 'd'], exact: false, prefix: false },
        { kind: 'words', where: 'anywhere', words: ['e'], exact: false, prefix: true },
      ],
    })
  })

  it('has AND bind less than OR', () => {
    expect(bare(parseQuery('a b OR c', noon).query)).toMatchObject({ kind: 'and', parts: [{}, { kind: 'or' }] })
  })

  it.each(['', '   ', '()', '!!!', '- - -', '""', '( () )', '-()'])('finds nothing to look for in %j', (text) => {
    expect(parseQuery(text, noon)).toEqual({ query: null, problems: [] })
  })
})

describe('operators', () => {
  it.each([
    ['from:quennick', 'from:quennick'],
    ['FROM:Quennick', 'from:Quennick'],
    ['from:"Ada Quennick"', 'from:"Ada Quennick"'],
    ['-from:ada', '-from:ada'],
    ['subject:(a OR b)', 'subject:a OR subject:b'],
    ['body:wall', 'text:wall'],
    ['to:ada*', 'to:ada*'],
    ['in:"House Communications"', 'in:"House Communications"'],
    ['identity:House', 'in:House'],
    ['account:"Press office"', 'account:"Press office"'],
    ['label:(urgent OR legal)', 'label:urgent OR label:legal'],
    ['tag:urgent', 'label:urgent'],
    ['topic:fisheries', 'topic:fisheries'],
    ['voice:Mandate', 'voice:mandate'],
    ['network:mail', 'network:mail'],
    ['kind:Article', 'kind:article'],
    ['state:needs-reply', 'state:needs_reply'],
    ['state:snoozed state:open', 'state:snoozed state:open'],
    ['lang:FR', 'lang:fr'],
    ['language:ar', 'lang:ar'],
    ['has:attachment has:media has:link', 'has:attachment has:media has:link'],
    ['is:deleted is:edited is:outbound is:unread', 'is:deleted is:edited is:outbound is:unread'],
    ['since:2026-03 until:2026-06', 'after:2026-03 before:2026-06'],
    ['date:2026', 'on:2026'],
    ['on:Today', 'on:today'],
    ['after:"2026"', 'after:2026'],
  ])('reads %j', (text, printed) => {
    expect(understood(text)).toBe(printed)
  })

  it.each([
    ['from:', 'nothing_after [from:]'],
    ['from: ada', 'nothing_after [from:]'],
    ['from:"" x', 'nothing_after [from:""]'],
    ['subject:*', 'nothing_after [subject:*]'],
    ['account:"  "', 'nothing_after [account:"  "]'],
    ['(voice:)', 'nothing_after [voice:]'],
    ['a NOT', 'nothing_after [NOT]'],
    ['voice:loud', 'unknown_value [loud]'],
    ['network:pigeon', 'unknown_value [pigeon]'],
    ['state:"asleep"', 'unknown_value ["asleep"]'],
    ['has:money', 'unknown_value [money]'],
    ['is:true', 'unknown_value [true]'],
    ['lang:english', 'unknown_value [english]'],
    ['after:2026-02-30', 'no_such_date [2026-02-30]'],
    ['before:2026-13', 'no_such_date [2026-13]'],
    ['on:0000', 'no_such_date [0000]'],
    ['on:soon', 'no_such_date [soon]'],
    ['on:9999y', 'no_such_date [9999y]'],
  ])('marks what is wrong with %j', (text, problem) => {
    expect(wrong(text)).toEqual([problem])
  })

  it('says what could stand there', () => {
    const [problem] = parseQuery('voice:loud', noon).problems
    expect(problem?.values).toEqual({ operator: 'voice', value: 'loud', choices: 'institutional, mandate, personal' })
  })

  it('marks an operator with its value, from the first letter to the last', () => {
    const { query } = parseQuery('a -from:"b c"* d', noon)
    expect(query).toMatchObject({ parts: [{}, { span: { from: 2, to: 14 }, part: { span: { from: 3, to: 14 } } }, {}] })
  })
})

describe('what is left open', () => {
  it.each([
    ['"harbour wall', 'unclosed_quote ["harbour wall]'],
    ['a "', 'unclosed_quote ["]'],
    ['(a b', 'unclosed_bracket [(]'],
    ['a)', 'stray_bracket [)]'],
    ['OR', 'nothing_to_join [OR]'],
    ['OR a', 'nothing_to_join [OR]'],
    ['a OR', 'nothing_to_join [OR]'],
    ['(a OR) b', 'nothing_to_join [OR]'],
  ])('is marked in %j', (text, problem) => {
    expect(wrong(text)).toEqual([problem])
  })

  it.each([
    ['"harbour wa', '"harbour wa"*'],
    ['(a b', 'a b*'],
    ['(', null],
    ['har', 'har*'],
    ['har ', 'har'],
    ['"harbour"', '"harbour"'],
    ['from:ad', 'from:ad*'],
    ['a from:', 'a'],
    ['a OR', 'a'],
    ['a OR ', 'a'],
    ['OR', null],
    ['a NOT', 'a'],
    ['-', null],
    ['a voice:inst', 'a'],
    ['a lang:f', 'a'],
    ['a on:2026-1', 'a'],
    ['a after:tod', 'a'],
  ])('is no problem while %j is typed', (text, printed) => {
    expect(understood(text, typing)).toBe(printed)
  })

  it.each(['voice:loud', 'voice:inst a', 'on:2026-13', 'after:2026-02-30', 'a OR OR b', 'a)'])(
    'is still wrong while typing when no more letters can mend it: %j',
    (text) => {
      expect(wrong(text, typing)).toHaveLength(1)
    },
  )
})

describe('too much', () => {
  it('takes the longest text that is allowed, and marks what is beyond it', () => {
    expect(parseQuery('a'.repeat(MOST_LENGTH), noon).problems).toEqual([])
    const { query, problems } = parseQuery('a'.repeat(100_000), noon)
    expect(query).toBeNull()
    expect(problems).toEqual([{ code: 'too_long', span: { from: MOST_LENGTH, to: 100_000 }, values: { most: '4000' } }])
  })

  it('counts words and filters', () => {
    expect(wrong('a '.repeat(MOST_TERMS))).toEqual([])
    expect(wrong(`${'a '.repeat(MOST_TERMS)}is:unread z`)).toEqual(['too_many_terms [is:unread z]'])
    expect(wrong(`"${'a '.repeat(MOST_TERMS + 1)}"`)).toHaveLength(1)
  })

  it.each([
    ['brackets', (depth: number) => `${'('.repeat(depth)}a${')'.repeat(depth)}`],
    ['NOTs', (depth: number) => `${'NOT '.repeat(depth)}a`],
    ['minus signs', (depth: number) => `${'-('.repeat(depth)}a${')'.repeat(depth)}`],
  ])('goes only so deep into %s', (_, make) => {
    expect(wrong(make(MOST_DEPTH))).toEqual([])
    const problems = parseQuery(make(MOST_DEPTH + 1), noon).problems
    expect(problems.map(({ code }) => code)).toEqual(['too_deep'])
  })

  it('tells a few problems, however many there are', () => {
    expect(parseQuery(')'.repeat(MOST_LENGTH), noon).problems).toHaveLength(10)
  })
})
