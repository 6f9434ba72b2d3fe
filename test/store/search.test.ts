import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseQuery } from '#shared/query/index.ts'
import { firstId } from '#store/ids.ts'
import { addDocs, partsOf } from '#store/search/parts.ts'
import { Marker } from '#store/search/snippet.ts'
import type { StoreMessage } from '#store/store.ts'
import { maintain } from '#store/write/maintain.ts'
import { ask, queryOf } from '../support/ask.ts'
import { accountIn, type Direct, direct, identityIn } from './direct.ts'
import { batch, message } from './support.ts'

function officeWith(messages: StoreMessage[]): Direct {
  const office = direct()
  office.write.applyBatch(batch(accountIn(office, identityIn(office)), messages))
  return office
}

const library = [
  message(1, {
    subject: 'Library hours',
    text: 'The library in the old town closes early.',
    from: { name: 'José Peña', handle: 'jose@example.org' },
  }),
  message(2, { subject: 'Bridge', text: 'The bridge by the library needs repair: état critique.' }),
  message(3, { subject: 'Thanks', text: 'Thank you for the bridge. E-mail me at ann.lee@example.org about C++ and 10% VAT.' }),
  message(4, { subject: 'Müller', text: 'Straße, naïve café, 東京 and Ελλάδα. An OR and a NOT.' }),
]

const found = (office: Direct, text: string) =>
  office.read
    .find(ask(text, 50))
    .hits.map((hit) => Number(library.findIndex((m) => m.subject === hit.subject.replace(/[\uE000\uE001]/g, '')) + 1))

test.each([
  ['library', [2, 1]],
  ['library bridge', [2]],
  ['LIBRARY Bridge', [2]],
  ['"old town"', [1]],
  ['"town old"', []],
  ['libr*', [2, 1]],
  ['libr', []],
  ['libraries', [2, 1]],
  ['"libraries"', []],
  ['library -bridge', [1]],
  ['-library', [4, 3]],
  ['hours OR thanks', [3, 1]],
  ['hours OR thanks OR repair', [3, 2, 1]],
  ['library hours OR repair', [2, 1]],
  ['from:pena', [1]],
  ['from:library', []],
  ['subject:bridge', [2]],
  ['text:bridge', [3, 2]],
  ['subject:"library hours"', [1]],
  ['-subject:bridge library', [1]],
  ['etat cafe', []],
  ['etat', [2]],
  ['naive CAFÉ', [4]],
  ['strasse', []],
  ['straße', [4]],
  ['muller', [4]],
  ['ΕΛΛΆΔΑ', [4]],
  ['ann.lee@example.org', [3]],
  ['jose@example.org', [1]],
  ['e-mail', [3]],
  ['"or"', [4]],
  ['not', [4]],
  ['""', []],
  ['  ', []],
  ['*', [4, 3, 2, 1]],
  ['-', []],
  ['ελλαδα', [4]],
  ['東', [4]],
  ['東京', [4]],
  ['京東', []],
  ['repairs', [2]],
  ['to:office', [4, 3, 2, 1]],
  ['to:jose', []],
  ['(hours OR thanks) -subject:library', [3]],
  ['vmandate', []],
  ['a1', []],
])('search %j', (text, expected) => {
  expect(found(officeWith(library), text)).toEqual(expected)
})

test('no text whatever makes a search fail', () => {
  const office = officeWith(library)
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc
      .array(
        fc.constantFrom(
          '"',
          '-',
          '*',
          '(',
          ')',
          ':',
          '^',
          '+',
          ' ',
          'OR',
          'AND',
          'NOT',
          'NEAR(',
          'from:',
          'text:',
          'who:',
          '{',
          '}',
          'a',
          'é',
          '\0',
          '\uD800',
          '\uE000',
          ',',
          '\\',
          "'",
          ';',
        ),
        { maxLength: 20 },
      )
      .map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(nasty, fc.boolean(), fc.constantFrom('newest' as const, 'best' as const), (text, typing, order) => {
      const { query } = parseQuery(text, { now: 0, timeZone: 'UTC', typing })
      if (query === null) return
      const { hits, next } = office.read.find({ query, order, limit: 10, after: null })
      expect(hits.length).toBeLessThanOrEqual(4)
      expect(next).toBeNull()
      expect(office.read.facets({ query, exact: false }).total).toBe(hits.length)
      expect(office.read.histogram({ query }).months.reduce((sum, { count }) => sum + count, 0)).toBe(hits.length)
    }),
    { numRuns: 1500 },
  )
})

const markerOf = (text: string) => {
  const office = direct()
  office.write.applyBatch(batch(accountIn(office, identityIn(office)), [message(1, { subject: '', text })]))
  return (query: string) => office.read.find(ask(query)).hits[0]?.snippet
}

test('what is shown is one line around the first match, not half a character', () => {
  const text = `${'hay '.repeat(100)}\n\nthe needle\tin 😀${'😀'.repeat(300)}`
  const shown = markerOf(text)('needle') ?? ''
  expect(shown).toMatch(/^…(hay )+the \uE000needle\uE001 in 😀/)
  expect(shown).not.toMatch(/[\r\n\t]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])/)
  expect(shown.length).toBeLessThan(260)
  const none = new Marker([])
  expect(none.snippet('no match here')).toBe('no match here')
  expect(none.line('')).toBe('')
})

test.each([
  ['The Élan of naïve cafés', 'elan cafes', 'The \uE000Élan\uE001 of naïve \uE000cafés\uE001'],
  ['We voted. Votes were cast by voters.', 'voting', 'We \uE000voted\uE001. \uE000Votes\uE001 were cast by voters.'],
  ['the old town and the new old town', '"old town"', 'the \uE000old town\uE001 and the new \uE000old town\uE001'],
  ['国会の会議が東京で開かれた', '東京', '国会の会議が\uE000東京\uE001で開かれた'],
  ['كتاب أَحْمَد في المكتبة', 'احمد', 'كتاب \uE000أَحْمَد\uE001 في المكتبة'],
  ['e\u0301lan vital', 'élan', '\uE000e\u0301lan\uE001 vital'],
  ['Œuvre complète', 'oeuvre OR complete', 'Œuvre \uE000complète\uE001'],
  ['a pensioner', 'pens*', 'a \uE000pensioner\uE001'],
])('marks in %j what %j found', (text, query, expected) => {
  expect(markerOf(text)(query)).toBe(expected)
})

test('the subject is marked as well', () => {
  expect(officeWith(library).read.find(ask('hours')).hits).toMatchObject([{ subject: 'Library \uE000hours\uE001' }])
})

test.each(['newest', 'best'] as const)('pages go on where the one before ended: %s first', (order) => {
  const office = officeWith(Array.from({ length: 30 }, (_, n) => message(n, { text: 'same words' })))
  const seen: string[] = []
  let after = null
  do {
    const page = office.read.find({ query: queryOf('same'), order, limit: 7, after })
    seen.push(...page.hits.map((hit) => hit.subject))
    after = page.next
  } while (after !== null)
  expect(seen).toEqual(Array.from({ length: 30 }, (_, n) => `Subject ${29 - n}`))
})

test('the best come first: in the subject before the text, the word itself before its other forms', () => {
  const office = officeWith([
    message(1, { subject: 'a', text: 'Something about the pension of somebody and much more that is not about it.' }),
    message(2, { subject: 'The pension', text: 'is late' }),
    message(3, { subject: 'b', text: 'The pensions of the members and pensions of all the others: pensions.' }),
  ])
  const subjects = office.read.find({ ...ask('pension'), order: 'best' }).hits.map(({ id }) => id)
  const newest = office.read.find(ask('pension')).hits.map(({ id }) => id)
  expect(newest).toHaveLength(3)
  expect(subjects).toEqual([newest[1], newest[2], newest[0]])
})

const findWord = (office: Direct) => office.read.find(ask('word', 200)).hits.map(({ id }) => Number(id))
const clean = (office: Direct) => office.read.doctor().filter((finding) => !finding.ok)

test('whatever order mail comes in, it is found newest first', () => {
  const days = fc.uniqueArray(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 120 })
  fc.assert(
    fc.property(days, fc.integer({ min: 1, max: 40 }), (numbers, size) => {
      const office = direct()
      const idOf = (n: number) => firstId(new Date(Date.UTC(2020, 0, 1) + n * 3_600_000).toISOString())
      for (let at = 0; at < numbers.length; at += size) {
        const docs = numbers.slice(at, at + size).map((n, offset) => ({
          id: idOf(n),
          slot: at + offset + 1,
          accountId: 1,
          kind: 0,
          flags: 0,
          language: null,
          texts: ['word', '', '', '', '', '', '', 'a1 din'],
        }))
        addDocs(office.db, docs, 10)
      }
      const found = office.read.histogram({ query: queryOf('word') }).months.reduce((sum, { count }) => sum + count, 0)
      expect(found).toBe(numbers.length)
      office.sql.close()
    }),
    { numRuns: 30 },
  )
})

test('parts of the index are sorted by time in small steps, each of which leaves everything to be found', () => {
  const messages = Array.from({ length: 150 }, (_, n) =>
    message((n * 37) % 150, {
      text: 'word',
      subject: `no ${n}`,
      attachments:
        n % 5 ? [] : [{ index: 0, name: `plan${n}.pdf`, mediaType: 'application/pdf', size: 1, contentId: null, inline: false }],
    }),
  )
  const office = direct()
  const account = accountIn(office, identityIn(office))
  for (let at = 0; at < 150; at += 50) office.write.applyBatch(batch(account, messages.slice(at, at + 50)))
  // As if these had been full: their place in the index is made anew in parts of twenty.
  office.sql.exec('UPDATE search_state SET todo = (SELECT max(slot) FROM message)')
  for (const table of ['search_block', 'search_fact', 'search_part']) office.sql.exec(`DELETE FROM ${table}`)
  office.sql.exec('DROP TABLE search_1; UPDATE search_state SET epoch = epoch + 1')
  const ids = office.sql.prepare('SELECT id FROM message ORDER BY id DESC').pluck().all() as number[]
  expect(findWord(office)).toEqual([])
  let steps = 0
  while (maintain(office.db, Date.UTC(2026, 1, 1), 20)) {
    expect(findWord(office)).toEqual(ids)
    expect(clean(office)).toEqual([])
    expect(++steps).toBeLessThan(200)
  }
  const parts = partsOf(office.reader)
  expect(parts.filter(({ sorted }) => sorted === 1).length).toBeGreaterThanOrEqual(7)
  expect(parts.filter(({ sorted, next }) => sorted === 0 && next >= 20)).toEqual([])
  expect(office.read.find(ask('plan55', 5)).hits).toMatchObject([{ subject: 'no 55' }])
})

test('old acts are forgotten, recent ones stay', () => {
  const office = officeWith([message(1)])
  const target = office.read.page({
    filter: { view: 'all', identityId: null, accountId: null, labelId: null, unreadOnly: false },
    from: null,
    until: null,
    limit: 1,
  }).rows
  const old = office.write.setState(target, 'done', '2026-01-01T00:00:00.000Z').act
  const recent = office.write.setState(target, 'waiting', '2026-02-20T00:00:00.000Z').act
  maintain(office.db, Date.UTC(2026, 2, 1))
  expect(() => office.write.undo(old, [], '2026-03-01T00:00:00.000Z')).toThrow(expect.objectContaining({ code: 'not_found' }))
  expect(office.write.undo(recent, [], '2026-03-01T00:00:00.000Z').changed).toHaveLength(1)
})
