import fc from 'fast-check'
import { expect, test } from 'vitest'
import { endOfIds, firstId } from '#store/ids.ts'
import { matching } from '#store/read/search.ts'
import { index, partitions } from '#store/search/partitions.ts'
import { toMatch } from '#store/search/query.ts'
import { snippet } from '#store/search/snippet.ts'
import type { StoreMessage } from '#store/store.ts'
import { maintain } from '#store/write/maintain.ts'
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
    .search(text, 50, null)
    .hits.map((hit) => Number(hit.subject === '' ? 0 : library.findIndex((m) => m.subject === hit.subject) + 1))

test.each([
  ['library', [2, 1]],
  ['library bridge', [2]],
  ['LIBRARY Bridge', [2]],
  ['"old town"', [1]],
  ['"town old"', []],
  ['libr*', [2, 1]],
  ['libr', [2, 1]],
  ['libr bridge', []],
  ['libr ', []],
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
  ['OR ', [4]],
  ['not', [4]],
  ['OR bridge', [3, 2]],
  ['bridge OR', [3, 2]],
  ['""', []],
  ['  ', []],
  ['*', []],
  ['-', []],
  ['"', []],
  ['"old tow', [1]],
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
    fc.property(nasty, (text) => {
      const { hits, next } = office.read.search(text, 10, null)
      expect(hits.length).toBeLessThanOrEqual(4)
      expect(next).toBeNull()
    }),
    { numRuns: 1500 },
  )
  expect(office.read.search('a '.repeat(5000), 10, null).hits).toHaveLength(1)
})

test('every word of a text finds it, and is marked in what is shown', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('Élan', 'über', 'maison', 'x1', 'ÑANDÚ', '2026', 'Σίσυφος', 'дом'), {
        minLength: 1,
        maxLength: 30,
      }),
      fc.nat(),
      (words, n) => {
        const text = words.join(n % 2 === 0 ? ' ' : ', ')
        const office = officeWith([message(1, { text, subject: '', from: { name: '', handle: '' } })])
        const word = words[n % words.length] ?? ''
        const { hits } = office.read.search(`${word.toLowerCase()} `, 5, null)
        expect(hits).toHaveLength(1)
        const shown = hits[0]?.snippet ?? ''
        expect(shown).toContain(`\uE000${word}\uE001`)
        expect(shown.replaceAll(/[\uE000\uE001]/g, '').replace(/^…|…$/g, '')).toSatisfy((plain: string) => text.includes(plain))
        office.sql.close()
      },
    ),
    { numRuns: 40 },
  )
})

test('what is shown is one line around the first match, not half a character', () => {
  const marks = toMatch('needle ')?.marks ?? []
  const text = `${'hay '.repeat(100)}\n\nthe needle\tin 😀${'😀'.repeat(300)}`
  const shown = snippet(text, marks)
  expect(shown).toMatch(/^…(hay )+the \uE000needle\uE001 in 😀/)
  expect(shown).not.toMatch(/[\r\n\t]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])/)
  expect(shown.length).toBeLessThan(260)
  expect(snippet('no match here', marks)).toBe('no match here')
  expect(snippet('', marks)).toBe('')
})

test('pages go on where the one before ended', () => {
  const office = officeWith(Array.from({ length: 30 }, (_, n) => message(n, { text: 'same words' })))
  const seen: string[] = []
  let before = null
  do {
    const page = office.read.search('same', 7, before)
    seen.push(...page.hits.map((hit) => hit.subject))
    before = page.next
  } while (before !== null)
  expect(seen).toEqual(Array.from({ length: 30 }, (_, n) => `Subject ${29 - n}`))
})

/** The ranges touch, and hold what they say. */
function checkPartitions(office: Direct, ids: number[]): void {
  const list = partitions(office.reader)
  expect(list.at(-1)?.low).toBe(0)
  list.forEach((partition, at) => {
    const above = list[at - 1]?.low ?? endOfIds
    const own = ids.filter((id) => id >= partition.low && id < above)
    expect(partition).toMatchObject({ rows: own.length })
    if (own.length > 0) expect(partition).toMatchObject({ first_id: own[0], last_id: own.at(-1) })
  })
  expect(matching(office.reader, 'word', ids.length + 1, endOfIds)).toEqual([...ids].reverse())
}

test('the index is cut by time, in whatever order mail comes, and finds everything newest first', () => {
  const days = fc.uniqueArray(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 120 })
  const order = fc.constantFrom('up', 'down', 'mixed')
  fc.assert(
    fc.property(days, order, fc.integer({ min: 1, max: 40 }), (numbers, way, size) => {
      const office = direct()
      const sorted = [...numbers].sort((a, b) => (way === 'up' ? a - b : way === 'down' ? b - a : 0))
      const idOf = (n: number) => firstId(new Date(Date.UTC(2020, 0, 1) + n * 3_600_000).toISOString())
      for (let at = 0; at < sorted.length; at += size) {
        const docs = sorted.slice(at, at + size).map((n) => ({ id: idOf(n), who: '', subject: '', body: 'word', f: 'a1' }))
        index(office.db, docs, false, 10)
      }
      checkPartitions(
        office,
        numbers.map(idOf).sort((a, b) => a - b),
      )
      if (way !== 'mixed') {
        for (const partition of partitions(office.reader)) expect(partition.rows).toBeLessThan(10 + size)
      }
      office.sql.close()
    }),
    { numRuns: 60 },
  )
})

test('a part that grew too large is cut in small steps, each of which leaves everything to be found', () => {
  const messages = Array.from({ length: 150 }, (_, n) =>
    message((n * 37) % 150, {
      text: 'word',
      subject: `no ${n}`,
      attachments:
        n % 5 ? [] : [{ index: 0, name: `plan${n}.pdf`, mediaType: 'application/pdf', size: 1, contentId: null, inline: false }],
    }),
  )
  const office = officeWith(messages)
  const ids = office.sql.prepare('SELECT id FROM message ORDER BY id').pluck().all() as number[]
  let steps = 0
  while (maintain(office.db, Date.UTC(2026, 1, 1), 20)) {
    checkPartitions(office, ids)
    expect(++steps).toBeLessThan(200)
  }
  expect(partitions(office.reader).length).toBeGreaterThan(5)
  expect(Math.max(...partitions(office.reader).map((partition) => partition.rows))).toBeLessThanOrEqual(25)
  expect(office.read.search('plan55', 5, null).hits).toMatchObject([{ subject: 'no 55' }])
  expect(office.read.doctor().filter((finding) => !finding.ok)).toEqual([])
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
