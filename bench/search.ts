import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Changes } from '#engine/changes.ts'
import { Searches } from '#engine/searches.ts'
import { systemClock } from '#hosts/ports/clock.ts'
import type { SearchQuestion } from '#shared/contract/index.ts'
import { connect } from '#store/connect.ts'
import { firstId } from '#store/ids.ts'
import { openStore } from '#store/open.ts'
import type { Store } from '#store/store.ts'
import { type BenchRow, bounded, median, percentile } from './row.ts'
import {
  askNotmuch,
  batchOf,
  further,
  key,
  missing,
  missingNotmuch,
  notmuchMail,
  type Queries,
  queries,
  searchOffice,
} from './search-office.ts'

const GROUP = 'search'
const SMALL = 200_000
const LARGE = 1_000_000
/** Each query counts with its best of three, as in the script that asks notmuch. */
const TRIES = 3
const ROUNDS = 3
/** Common words that Xapian takes for operators; asked by neither. */
const operators = new Set(['and', 'or', 'not', 'xor', 'near', 'adj'])
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

/** Names of classes as the script for notmuch has them. */
const classes = ['rare', 'mid', 'common', 'and2', 'andCommon', 'phrase', 'phraseCommon', 'prefix', 'filter', 'filterMid'] as const
type Class = (typeof classes)[number]
type Times = Map<string, { p50: number; p95: number }>

const day = (ms: number) => new Date(ms).toISOString().slice(0, 10)
const narrowed = ({ w, account, from, to }: Queries['filter'][number]) =>
  `${w} account:acc${String(account).padStart(2, '0')} after:${day(from)} before:${day(to)}`

function textsOf(all: Queries): Record<Class, string[]> {
  const plain = (words: string[]) => words.every((word) => !operators.has(word))
  return {
    rare: all.rare,
    mid: all.mid,
    common: all.common.filter((word) => plain([word])),
    and2: all.and2.map((pair) => pair.join(' ')),
    andCommon: all.andCommon.filter(plain).map((pair) => pair.join(' ')),
    phrase: all.phrase.map((pair) => `"${pair.join(' ')}"`),
    phraseCommon: all.phraseCommon.map((pair) => `"${pair.join(' ')}"`),
    prefix: all.prefix.map((word) => `${word}*`),
    filter: all.filter.filter(({ w }) => plain([w])).map(narrowed),
    filterMid: all.filterMid.map(narrowed),
  }
}

const question = (text: string, changes: Partial<SearchQuestion> = {}): SearchQuestion => ({
  text,
  typing: false,
  timeZone: 'UTC',
  order: 'newest',
  limit: 50,
  after: null,
  ...changes,
})

async function timed(calls: (() => Promise<unknown>)[]): Promise<{ p50: number; p95: number }> {
  const times: number[] = []
  for (const call of calls) {
    let best = Number.POSITIVE_INFINITY
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const start = performance.now()
      await call()
      best = Math.min(best, performance.now() - start)
    }
    times.push(best)
  }
  return { p50: percentile(times, 50), p95: percentile(times, 95) }
}

async function round(searches: Searches, texts: Record<Class, string[]>): Promise<Times> {
  const times: Times = new Map()
  for (const name of classes) times.set(name, await timed(texts[name].map((text) => () => searches.find(question(text)))))
  return times
}

async function opened<Result>(dir: string, work: (store: Store, searches: Searches) => Promise<Result>): Promise<Result> {
  const threadUrl = new URL('../src-main/store/thread.ts', import.meta.url)
  const store = await openStore({ dir, key, create: true, log: quiet, threadUrl, readers: 1 })
  try {
    return await work(store, new Searches(store, systemClock, new Changes()))
  } finally {
    await store.close()
  }
}

const row = (id: string, value: number, unit: string, against: string): BenchRow => ({
  id: `search.${id}`,
  group: GROUP,
  value,
  unit,
  goal: null,
  ok: null,
  against,
})
const medians = (rounds: Times[], name: string, what: 'p50' | 'p95') =>
  median(rounds.map((times) => times.get(name)?.[what] ?? Number.NaN))

/**
 * Searches through the engine's call: against notmuch in one process over the same mail, at five times the mail, while a first sync
 * writes, and what lies on the disk.
 */
export async function run(): Promise<BenchRow[]> {
  const lacking = missing()
  if (lacking !== null) return [row('missing', Number.NaN, '', `not measured: needs ${lacking}`)]
  const texts = textsOf(queries())
  const small = await searchOffice(SMALL)
  const rows: BenchRow[] = []
  const own: Times[] = []
  const theirs: Times[] = []
  const mail = missingNotmuch() === null ? notmuchMail() : null
  await opened(small, async (_, searches) => {
    await round(searches, texts)
    for (let at = 0; at < ROUNDS; at++) {
      own.push(await round(searches, texts))
      if (mail !== null) theirs.push(askNotmuch(mail))
    }
  })
  for (const name of classes) {
    const p95 = medians(own, name, 'p95')
    rows.push(
      row(`200k.${name}.p50`, medians(own, name, 'p50'), 'ms', 'newest 50'),
      row(`200k.${name}.p95`, p95, 'ms', 'newest 50'),
    )
    if (mail === null) continue
    const other = medians(theirs, name, 'p95')
    const value = p95 / other
    const against = `notmuch in one process: p95 ${other.toFixed(2)} ms`
    rows.push(
      bounded(
        { id: `search.200k.${name}.ratio`, group: GROUP, value, unit: 'x', against },
        '<=',
        name.startsWith('filter') ? 0.75 : 0.25,
      ),
    )
  }
  if (mail === null) rows.push(row('200k.ratio', Number.NaN, 'x', `not measured: needs ${missingNotmuch()}`))
  else rows.push(sizes(small, mail))
  rows.push(...(await large(texts, own)), ...(await whileWriting(small, texts)))
  return rows
}

async function large(texts: Record<Class, string[]>, small: Times[]): Promise<BenchRow[]> {
  const dir = await searchOffice(LARGE)
  return await opened(dir, async (_, searches) => {
    await round(searches, texts)
    const rounds: Times[] = []
    for (let at = 0; at < ROUNDS; at++) rounds.push(await round(searches, texts))
    const rows = classes.flatMap((name) => {
      const p95 = medians(rounds, name, 'p95')
      return [
        bounded({ id: `search.1m.${name}.p95`, group: GROUP, value: p95, unit: 'ms', against: 'newest 50' }, '<=', 25),
        bounded(
          {
            id: `search.1m.${name}.growth`,
            group: GROUP,
            value: p95 / medians(small, name, 'p95'),
            unit: 'x',
            against: 'its p95 at 200,000',
          },
          '<=',
          5,
        ),
      ]
    })
    // The corpus is five years from 2021 on, evenly.
    const back = String(firstId(new Date(Date.UTC(2021, 0, 1) + 0.1 * 5 * 365 * 86_400_000).toISOString()))
    const far = await timed(texts.common.map((text) => () => searches.find(question(text, { after: back }))))
    const first = medians(rounds, 'common', 'p50')
    rows.push(
      bounded(
        {
          id: 'search.1m.back.ratio',
          group: GROUP,
          value: far.p50 / first,
          unit: 'x',
          against: 'a page 90 % back, to the first; common words, p50',
        },
        '<=',
        4,
      ),
    )
    const some = [...texts.common, ...texts.mid]
    const best = await timed(some.map((text) => () => searches.find(question(text, { order: 'best' }))))
    const spread = await timed(some.map((text) => () => searches.facets(text, 'UTC', false)))
    const months = await timed(some.map((text) => () => searches.histogram(text, 'UTC')))
    const exact = await timed(texts.common.slice(0, 5).map((text) => () => searches.facets(text, 'UTC', true)))
    rows.push(
      bounded(
        {
          id: 'search.1m.best.p95',
          group: GROUP,
          value: best.p95,
          unit: 'ms',
          against: 'the best of the newest 2,000; common and mid words',
        },
        '<=',
        30,
      ),
      bounded(
        {
          id: 'search.1m.facets.p95',
          group: GROUP,
          value: spread.p95,
          unit: 'ms',
          against: 'the newest 10,000; common and mid words',
        },
        '<=',
        30,
      ),
      row('1m.facets.exact.p95', exact.p95, 'ms', 'every hit of common words'),
      row('1m.months.p95', months.p95, 'ms', 'every hit; common and mid words'),
    )
    return rows
  })
}

/** The same queries while the writer thread does nothing but take in batches of a first sync. */
async function whileWriting(small: string, texts: Record<Class, string[]>): Promise<BenchRow[]> {
  const place = mkdtempSync(join(tmpdir(), 'dispatch-search-'))
  try {
    const dir = join(place, 'office')
    mkdirSync(join(dir, 'blobs'), { recursive: true })
    cpSync(join(small, 'office.db'), join(dir, 'office.db'))
    if (existsSync(join(small, 'office.json'))) cpSync(join(small, 'office.json'), join(dir, 'office.json'))
    const mail = await further(40_000)
    return await opened(dir, async (store, searches) => {
      await round(searches, texts)
      const still = await round(searches, texts)
      const [account] = await store.read.accounts()
      if (!account) throw new Error('the office has accounts')
      let writing = true
      let written = 0
      const writer = (async () => {
        for (let at = 0; writing && at < mail.length; at += 500) {
          await store.write.applyBatch(batchOf(account, mail.slice(at, at + 500)))
          written += 500
        }
      })()
      const busy = await round(searches, texts)
      const all = written < mail.length
      writing = false
      await writer
      return classes.map((name) =>
        bounded(
          {
            id: `search.writing.${name}.ratio`,
            group: GROUP,
            value: (busy.get(name)?.p95 ?? Number.NaN) / (still.get(name)?.p95 ?? Number.NaN),
            unit: 'x',
            against: `p95 with nobody writing${all ? '' : ' (writing ended before)'}`,
          },
          '<=',
          3,
        ),
      )
    })
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

/** Rows and index of the office, without the network's own bytes, to the index that notmuch keeps beside its mail. */
function sizes(dir: string, mail: string): BenchRow {
  const db = connect({ file: join(dir, 'office.db'), key, mode: 'read' })
  try {
    const pages = Number(db.pragma('page_count', { simple: true })) - Number(db.pragma('freelist_count', { simple: true }))
    const bytes = pages * Number(db.pragma('page_size', { simple: true }))
    const index = statSync(join(mail, '.notmuch/xapian/postlist.glass'))
    let theirs = 0
    for (const name of ['postlist', 'position', 'termlist', 'docdata', 'spelling', 'synonym']) {
      const file = join(mail, `.notmuch/xapian/${name}.glass`)
      if (existsSync(file)) theirs += statSync(file).size
    }
    const against = `notmuch's index of the same mail: ${(theirs / 1e6).toFixed(0)} MB (postings ${(index.size / 1e6).toFixed(0)} MB)`
    return bounded({ id: 'search.size.ratio', group: GROUP, value: bytes / theirs, unit: 'x', against }, '<=', 0.4)
  } finally {
    db.close()
  }
}
