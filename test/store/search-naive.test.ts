import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FilterNode, QueryNode, WordsNode } from '#shared/query/index.ts'
import { parseQuery } from '#shared/query/index.ts'
import { languageOf } from '#shared/text/language.ts'
import { stemmed, stemOf } from '#shared/text/stem.ts'
import { fold, tokensOf } from '#store/search/tokens.ts'
import type { StoreMessage } from '#store/store.ts'
import { maintain } from '#store/write/maintain.ts'
import { type Direct, direct } from './direct.ts'
import { batch, feed, mail, message, status } from './support.ts'

/** One message as a reader with patience sees it: everything about it, looked up the plain way. */
interface Seen {
  id: number
  at: string
  words: Record<WordsNode['where'], string[][]>
  stems: Set<string>
  language: string | null
  account: number
  facts: Record<string, unknown>
}

interface Row {
  id: number
  at: string
  account_id: number
  label: string
  address: string
  network: string
  identity_id: number
  identity: string
  voice: string
  kind: string
  direction: string
  is_read: number
  deleted_at: string | null
  versions: number
  from_name: string
  from_handle: string
  recipients: string
  subject: string
  text: string
  shelf: number
  conversation_id: number
}

function everything(office: Direct): Seen[] {
  const rows = office.sql
    .prepare(
      `SELECT m.id, m.at, m.account_id, a.label, a.address, a.network, m.identity_id, i.name AS identity, i.voice, m.kind, m.direction, m.is_read,
         m.deleted_at, m.versions, m.from_name, m.from_handle, m.recipients, m.subject, b.text, c.shelf, m.conversation_id
       FROM message m JOIN body b ON b.slot = m.slot JOIN account a ON a.id = m.account_id JOIN identity i ON i.id = m.identity_id
       JOIN conversation c ON c.id = m.conversation_id ORDER BY m.id DESC`,
    )
    .all() as Row[]
  return rows.map((row) => {
    const files = office.sql.prepare('SELECT name, media_type, is_inline FROM attachment WHERE message_id = ?').all(row.id) as {
      name: string
      media_type: string
      is_inline: number
    }[]
    const labels = office.sql
      .prepare('SELECT l.kind, l.name FROM conversation_label x JOIN label l ON l.id = x.label_id WHERE x.conversation_id = ?')
      .all(row.conversation_id) as { kind: string; name: string }[]
    const to = (JSON.parse(row.recipients) as [string, string][][]).flat().flatMap((party) => tokensOf(party.join(' ')))
    const body = tokensOf(row.text)
    const subject = tokensOf(row.subject)
    const from = tokensOf(`${row.from_name} ${row.from_handle}`)
    const language = languageOf(`${row.subject}\n${row.text}`, [...subject, ...body])
    const outbound = row.direction === 'outbound'
    const spoken = stemmed.find((one) => one === language)
    return {
      id: row.id,
      at: row.at,
      words: {
        anywhere: [body, subject, from, outbound ? to : [], tokensOf(files.map(({ name }) => name).join('\n'))],
        from: [from],
        to: [to],
        subject: [subject],
        text: [body],
      },
      stems: new Set(
        spoken ? [...body, ...subject].filter((word) => stemOf(spoken, word) !== word).map((word) => stemOf(spoken, word)) : [],
      ),
      language,
      account: row.account_id,
      facts: {
        identity: [String(row.identity_id), fold(row.identity)],
        account: [String(row.account_id), fold(row.label), fold(row.address)],
        voice: row.voice,
        network: row.network,
        kind: row.kind,
        lang: language,
        state: row.shelf,
        label: labels.filter(({ kind }) => kind === 'label').map(({ name }) => fold(name)),
        topic: labels.filter(({ kind }) => kind === 'topic').map(({ name }) => fold(name)),
        attachment: files.some(({ is_inline }) => is_inline === 0),
        media: files.some(({ media_type }) => /^(image|video|audio)\//.test(media_type)),
        link: row.text.includes('https://'),
        deleted: row.deleted_at !== null,
        edited: row.versions > 1,
        outbound,
        unread: row.is_read === 0 && !outbound,
      },
    }
  })
}

function hasWords(seen: Seen, node: WordsNode): boolean {
  const wanted = node.words.flatMap(tokensOf)
  const [only] = wanted
  if (only === undefined) return false
  const found = seen.words[node.where].some((words) =>
    words.some((_, at) =>
      wanted.every((word, offset) => {
        const here = words[at + offset] ?? ''
        return node.prefix && offset === wanted.length - 1 ? here.startsWith(word) && here !== '' : here === word
      }),
    ),
  )
  if (found || node.exact || node.prefix || wanted.length > 1 || node.where !== 'anywhere') return found
  return stemmed.some((language) => {
    const stem = stemOf(language, only)
    if (stem.length < 4 && seen.language !== language) return false
    if (seen.stems.has(stem)) return true
    return stemOf(language, stem) === stem && [...seen.words.subject, ...seen.words.text].flat().includes(stem)
  })
}

const shelves: Record<string, number[]> = { needs_reply: [0], waiting: [1], done: [2], snoozed: [3], open: [0, 1] }

function passes(seen: Seen, { field, value }: FilterNode): boolean {
  if (field === 'has' || field === 'is') return seen.facts[value] === true
  if (field === 'state') return shelves[value]?.includes(Number(seen.facts['state'])) ?? false
  const fact = seen.facts[field]
  return Array.isArray(fact) ? fact.includes(fold(value)) : fact === value
}

function matches(seen: Seen, node: QueryNode): boolean {
  switch (node.kind) {
    case 'words':
      return hasWords(seen, node)
    case 'filter':
      return passes(seen, node)
    case 'date':
      return (node.from === null || seen.at >= node.from) && (node.until === null || seen.at < node.until)
    case 'not':
      return !matches(seen, node.part)
    case 'and':
      return node.parts.every((part) => matches(seen, part))
    case 'or':
      return node.parts.some((part) => matches(seen, part))
  }
}

const words =
  'the of committee votes vote voting voted pension pensions le la comité comités séance des votées votes el los las comité votos votar pensión pensiones للمجلس المجلس أحمد احمد 国会 会議 東京 Straße naïve O’Neil ferry https://a.example/x 2026'.split(
    ' ',
  )
const aWord = fc.constantFrom(...words)
const aText = fc.array(aWord, { maxLength: 14 }).map((list) => list.join(' '))

const aMessage = fc.record({
  account: fc.integer({ min: 0, max: 2 }),
  day: fc.oneof(fc.integer({ min: 0, max: 400 }), fc.constantFrom(-30_000, 60_000)),
  subject: aText,
  text: aText,
  from: aWord,
  to: aWord,
  outbound: fc.boolean(),
  read: fc.boolean(),
  thread: fc.integer({ min: 0, max: 12 }),
  file: fc.constantFrom(null, ['plan.pdf', 'application/pdf', false], ['photo ferry.jpg', 'image/jpeg', true]),
  kind: fc.constantFrom('mail' as const, 'post' as const, 'article' as const),
})

const leaf = fc.oneof(
  { weight: 5, arbitrary: aWord },
  fc.tuple(aWord, aWord).map(([a, b]) => `"${a} ${b}"`),
  aWord.map((word) => `"${word}"`),
  aWord.map((word) => `${word.slice(0, 3)}*`),
  fc.tuple(fc.constantFrom('from', 'to', 'subject', 'text'), aWord).map(([name, word]) => `${name}:${word}`),
  fc
    .constantFrom(
      'in:one in:two in:nobody account:"Acc 1" account:2 account:none voice:mandate voice:personal network:mail network:feed kind:post kind:article lang:en lang:fr lang:es lang:ar lang:ja lang:zh',
      'has:attachment has:media has:link is:deleted is:edited is:outbound is:unread state:open state:done state:snoozed state:waiting label:urgent label:other topic:housing',
      'before:2020-06 after:2020-06 on:2020 on:2020-03-05 after:2021-01-15 before:1960 before:1970 after:2100 on:2020-09',
    )
    .chain((list) => fc.constantFrom(...(list.match(/\S+:"[^"]*"|\S+/g) ?? []))),
)
const { query: aQuery } = fc.letrec<{ query: string }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.array(tie('query'), { minLength: 2, maxLength: 3 }).map((parts) => parts.join(' ')),
    fc.array(tie('query'), { minLength: 2, maxLength: 3 }).map((parts) => `(${parts.join(' OR ')})`),
    tie('query').map((part) => `-(${part})`),
    fc.tuple(tie('query'), tie('query')).map(([a, b]) => `(${a}) -(${b})`),
  ),
}))

type Drawn = typeof aMessage extends fc.Arbitrary<infer Value> ? Value : never

function fill(office: Direct, drawn: Drawn[]): void {
  const one = office.write.addIdentity({ name: 'Oné', voice: 'mandate', shape: 'circle', color: 'green' })
  const two = office.write.addIdentity({ name: 'Two', voice: 'personal', shape: 'circle', color: 'green' })
  const accounts = [one, two, two].map((identity, n) =>
    office.write.addAccount({
      identityId: identity.id,
      label: `Acc ${n}`,
      address: `a${n}@example.org`,
      settings: n === 2 ? { network: 'feed', feed } : { network: 'mail', mail },
      status,
    }),
  )
  const messages = drawn.map(
    (one, n): StoreMessage =>
      message(n, {
        remoteId: `m${n}`,
        place: `INBOX:${n}`,
        threadKeys: [`t${one.thread}`],
        subject: one.subject,
        text: one.text,
        from: { name: one.from, handle: `${n}@example.org` },
        to: [{ name: one.to, handle: 'x@y.example' }],
        direction: one.outbound ? 'outbound' : 'inbound',
        read: one.read,
        kind: one.kind,
        at: new Date(Date.UTC(2020, 0, 1) + one.day * 86_400_000 + n).toISOString(),
        attachments:
          one.file === null
            ? []
            : [
                {
                  index: 0,
                  name: String(one.file[0]),
                  mediaType: String(one.file[1]),
                  size: 1,
                  contentId: null,
                  inline: one.file[2] === true,
                },
              ],
      }),
  )
  for (const [n, account] of accounts.entries()) {
    const own = messages.filter((_, at) => drawn[at]?.account === n)
    for (let at = 0; at < own.length; at += 7) office.write.applyBatch(batch(account, own.slice(at, at + 7)))
    const [first, second] = own
    if (!first || !second || n === 2) continue
    // One is edited and one is gone from its network.
    office.write.applyBatch(
      batch(account, [
        { ...first, text: `${first.text} ferry edited`, mediaType: 'text/plain', raw: new TextEncoder().encode(`again ${n}`) },
      ]),
    )
    office.write.applyBatch(batch(account, [], { gone: [second.place ?? ''], settled: true }))
  }
  const rows = office.read.page({
    filter: { view: 'all', identityId: null, accountId: null, labelId: null, unreadOnly: false },
    from: null,
    until: null,
    limit: 100,
  }).rows
  rows.forEach((row, n) => {
    if (n % 4 === 0) office.write.setState([row], 'done', '2026-01-01T00:00:00.000Z')
    if (n % 4 === 1) office.write.snooze([row], '2027-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z')
    if (n % 3 > 0) label(office, row.id, row.identityId, n % 3 === 1 ? 'label' : 'topic', n % 3 === 1 ? 'Urgent' : 'Hóusing')
  })
}

function label(office: Direct, conversation: string, identity: string, kind: string, name: string): void {
  office.sql
    .prepare('INSERT OR IGNORE INTO label (identity_id, kind, name, folded, color) VALUES (?, ?, ?, ?, ?)')
    .run(identity, kind, name, fold(name), 'blue')
  office.sql
    .prepare(
      `INSERT INTO conversation_label SELECT c.id, l.id, c.account_id, c.identity_id, c.shelf, c.key, c.unread
       FROM conversation c JOIN label l ON l.identity_id = c.identity_id AND l.kind = ? AND l.name = ? WHERE c.id = ?`,
    )
    .run(kind, name, conversation)
}

function compare(office: Direct, text: string, all: Seen[]): void {
  const { query, problems } = parseQuery(text, { now: Date.UTC(2026, 0, 1), timeZone: 'UTC', typing: false })
  expect([text, problems]).toEqual([text, []])
  if (query === null) return
  const expected = all.filter((seen) => matches(seen, query)).map(({ id }) => String(id))
  const ids: string[] = []
  let after: string | null = null
  do {
    const page = office.read.find({ query, order: 'newest', limit: 7, after })
    ids.push(...page.hits.map(({ id }) => id))
    after = page.next
  } while (after !== null)
  expect([text, ids]).toEqual([text, expected])
  const best = office.read.find({ query, order: 'best', limit: 200, after: null }).hits.map(({ id }) => id)
  expect([text, [...best].sort()]).toEqual([text, [...expected].sort()])
  const facets = office.read.facets({ query, exact: true })
  expect([text, facets.total, facets.year.reduce((sum, { count }) => sum + count, 0)]).toEqual([
    text,
    expected.length,
    expected.length,
  ])
  const months = new Map<string, number>()
  for (const seen of all) if (matches(seen, query)) months.set(seen.at.slice(0, 7), (months.get(seen.at.slice(0, 7)) ?? 0) + 1)
  expect([text, Object.fromEntries(office.read.histogram({ query }).months.map(({ month, count }) => [month, count]))]).toEqual([
    text,
    Object.fromEntries(months),
  ])
}

test('whatever is asked, the index answers what a look at every message would', { timeout: 180_000 }, () => {
  fc.assert(
    fc.property(
      fc.array(aMessage, { minLength: 1, maxLength: 60 }),
      fc.array(aQuery, { minLength: 25, maxLength: 40 }),
      fc.boolean(),
      (drawn, queries, tidied) => {
        const office = direct()
        fill(office, drawn)
        if (tidied) {
          // Made anew in parts of eleven, and sorted.
          for (const { name } of office.sql
            .prepare("SELECT name FROM sqlite_schema WHERE name GLOB 'search_[0-9]*' AND sql LIKE 'CREATE VIRTUAL%'")
            .all() as { name: string }[])
            office.sql.exec(`DROP TABLE ${name}`)
          for (const table of ['search_block', 'search_fact', 'search_part']) office.sql.exec(`DELETE FROM ${table}`)
          office.sql.exec('UPDATE search_state SET todo = (SELECT coalesce(max(slot), 0) FROM message), epoch = epoch + 1')
          while (maintain(office.db, 0, 11)) {
            // Until nothing is left to be done.
          }
        }
        expect(office.read.doctor().filter((finding) => !finding.ok)).toEqual([])
        const all = everything(office)
        for (const text of queries) compare(office, text, all)
        office.sql.close()
      },
    ),
    { numRuns: 10 },
  )
})
