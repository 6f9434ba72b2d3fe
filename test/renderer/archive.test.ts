import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkLedgers } from '#renderer/features/archive/check-ledgers.ts'
import { endingOf } from '#renderer/features/archive/ending.ts'
import { fold, wordChanges } from '#renderer/features/archive/word-changes.ts'
import type { LedgerFault, LedgerStep } from '#shared/contract/index.ts'
import type { IdentityId } from '#shared/model/index.ts'

const kinds = (before: string, after: string, locale = 'en') =>
  wordChanges(before, after, locale).map(({ kind, text }) => [kind, text])

describe('what changed from one version to the next', () => {
  it('is told in whole words', () => {
    expect(kinds('The vote is on Monday.', 'The vote is on Tuesday.')).toEqual([
      ['same', 'The vote is on '],
      ['removed', 'Monday'],
      ['added', 'Tuesday'],
      ['same', '.'],
    ])
    expect(kinds('يبدأ التصويت الاثنين', 'يبدأ التصويت الثلاثاء', 'ar')).toEqual([
      ['same', 'يبدأ التصويت '],
      ['removed', 'الاثنين'],
      ['added', 'الثلاثاء'],
    ])
  })

  it('is all of it or nothing where one is empty or both are the same', () => {
    expect(kinds('', 'new')).toEqual([['added', 'new']])
    expect(kinds('old', '')).toEqual([['removed', 'old']])
    expect(kinds('same', 'same')).toEqual([['same', 'same']])
    expect(kinds('', '')).toEqual([])
  })

  it('gives both texts back, whatever they are', () => {
    const words = fc.array(fc.constantFrom('a', 'b', ' ', '\n', 'mañana', 'سلام', '国会', '😀', '.'), { maxLength: 60 })
    fc.assert(
      fc.property(words, words, (one, two) => {
        const [before, after] = [one.join(''), two.join('')]
        const changes = wordChanges(before, after, 'en')
        const without = (kind: string) => changes.flatMap((change) => (change.kind === kind ? [] : [change.text])).join('')
        expect([without('added'), without('removed')]).toEqual([before, after])
      }),
    )
  })

  it('does not take long for long texts that have nothing in common', () => {
    const text = (word: string) => Array.from({ length: 6000 }, (_, index) => `${word}${index}`).join('\n')
    const changes = wordChanges(text('old'), text('new'), 'en')
    expect(changes.map(({ kind }) => kind)).toEqual(['removed', 'added'])
  })

  it('is shown with what is around it, and the rest is counted', () => {
    const long = 'words that stay '.repeat(100)
    const changes = wordChanges(`${long}one ${long}`, `${long}two ${long}`, 'en')
    const shown = fold(changes)
    expect(shown.map(({ kind }) => kind)).toEqual(['skipped', 'same', 'removed', 'added', 'same', 'skipped'])
    const count = shown.reduce((sum, one) => sum + (one.kind === 'skipped' ? one.count : one.text.length), 0)
    expect(count).toBe(changes.reduce((sum, { text }) => sum + text.length, 0))
    const short = wordChanges('one stays', 'two stays', 'en')
    expect(fold(short)).toEqual(short)
    expect(fold([{ kind: 'same', text: long }])).toEqual([{ kind: 'same', text: long }])
  })
})

describe('the check of the ledgers', () => {
  const ids = ['1', '2'] as IdentityId[]
  const fault = (seq: number): LedgerFault => ({ code: 'entry_changed', seq })
  /** A ledger of 30 entries, checked ten at a time, with as many faults in each step. */
  const archive = (faults: Record<string, number>) => ({
    verify: async ({ identityId, carry }: { identityId: IdentityId; carry: LedgerStep['carry'] | null }): Promise<LedgerStep> => {
      const next = (carry?.next ?? 0) + 10
      return {
        carry: { next, size: 30, tiles: [], captures: next, disposed: 0, covered: 0, bytes: next * 100 },
        faults: Array.from({ length: faults[identityId] ?? 0 }, (_, index) => fault(next - 10 + index)),
        done: next === 30,
      }
    },
  })

  it('goes on to the end of each, and says how far it is', async () => {
    const told: number[] = []
    const verdicts = await checkLedgers(archive({}) as never, ids, ({ done }) => told.push(done), new AbortController().signal)
    expect(told).toEqual([10, 20, 30, 10, 20, 30])
    expect(verdicts).toEqual(
      ids.map((identityId) => ({ identityId, entries: 30, records: 30, bytes: 3000, faults: [], more: 0 })),
    )
  })

  it('keeps the first faults, and counts the others', async () => {
    const verdicts = await checkLedgers(archive({ 2: 9 }) as never, ids, () => undefined, new AbortController().signal)
    expect(verdicts?.map(({ faults, more }) => [faults.length, more])).toEqual([
      [0, 0],
      [20, 7],
    ])
  })

  it('stops when it is told to', async () => {
    const stop = new AbortController()
    const told: number[] = []
    const tell = ({ done }: { done: number }) => {
      told.push(done)
      if (told.length === 2) stop.abort()
    }
    expect(await checkLedgers(archive({}) as never, ids, tell, stop.signal)).toBeNull()
    expect(told).toEqual([10, 20])
  })
})

it('names a file after what it holds', () => {
  expect(['message/rfc822', 'application/feed+json', 'application/rss+xml', 'text/plain'].map(endingOf)).toEqual([
    'eml',
    'json',
    'xml',
    'txt',
  ])
})
