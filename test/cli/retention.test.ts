import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { AccountShape, BackupShape, HitShape, IdentityShape, LedgerVerdictShape, SyncShape } from '#hosts/cli/shapes.ts'
import { Certificate, Disposal, DisposalItem, Hold, Schedule } from '#shared/contract/index.ts'
import { type Desk, newDesk } from './support/dispatch.ts'
import { type FeedServer, feedServer } from './support/feed-server.ts'

// Every command opens the office and closes it again.
vi.setConfig({ testTimeout: 60_000 })

const DAY = 86_400_000
const start = Date.UTC(2026, 2, 1)

let desk: Desk
let feed: FeedServer

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: start })
  desk = await newDesk({ inProcess: true })
  feed = await feedServer()
  feed.items = ['harbour', 'ferry', 'bridge'].map((word, n) => ({
    id: word,
    title: `The ${word}`,
    text: `All about the ${word}.`,
    at: new Date(start - n * DAY),
  }))
  await desk.json(IdentityShape, ['identity', 'add', '--name', 'Press', '--voice', 'institutional'])
  await desk.json(AccountShape, ['account', 'add', 'feed', '--identity', '1', '--url', feed.url])
  await desk.json(z.array(SyncShape), ['sync'])
})

afterEach(async () => {
  vi.useRealTimers()
  await feed.close()
  await desk.remove()
})

const after = (days: number) => vi.setSystemTime(start + days * DAY)
const disposal = (command: string, ...more: string[]) =>
  desk.json(Disposal, ['disposal', command, ...more, '--identity', 'Press'])

it('what was kept long enough goes by two people after 14 days, but for what is on hold, and stays gone', async () => {
  await desk.json(Schedule, ['schedule', 'set', '--identity', '1', '--days', '30', '--network', 'feed'])
  expect(await desk.json(z.array(Schedule), ['schedule', 'list', '--identity', '1'])).toMatchObject([
    { network: 'feed', days: 30 },
  ])
  expect((await desk.fails(['disposal', 'propose', '--identity', '1', '--reason', 'Review'])).error.code).toBe('disposal_nothing')
  after(31)
  const [ferry] = await desk.json(z.array(HitShape), ['search', 'ferry'])
  if (!ferry) throw new Error('the feed brought a ferry')
  const hold = ['hold', 'set', '--identity', '1', '--conversation', ferry.conversation, '--reason', 'Inquiry', '--by', 'Ada']
  expect(await desk.json(Hold, hold)).toMatchObject({ id: '1', on: { scope: 'conversation' } })
  await desk.json(BackupShape, ['backup', join(desk.dir, 'old.backup')])
  expect(await disposal('propose', '--reason', 'Review', '--by', 'Ada')).toMatchObject({ going: 2, kept: 1 })
  expect(
    await desk.json(Disposal.extend({ items: z.array(DisposalItem) }), ['disposal', 'show', '1', '--identity', '1']),
  ).toMatchObject({ items: expect.arrayContaining([{ messageId: ferry.id, hold: '1', gone: false }]) })
  const approve = ['disposal', 'approve', '1', '--identity', '1', '--by']
  expect((await desk.fails([...approve, 'ADA'])).error.code).toBe('disposal_same_person')
  await desk.json(Disposal, [...approve, 'Bea'])
  const run = ['disposal', 'run', '1', '--identity', '1']
  expect((await desk.fails(run)).error.code).toBe('disposal_not_due')
  after(45)
  expect(await desk.json(Disposal, run)).toMatchObject({ state: 'done', gone: 2, kept: 1 })
  const { certificate } = await desk.json(Certificate, ['disposal', 'certificate', '1', '--identity', '1'])
  expect(JSON.parse(certificate.split('\n')[0] ?? '')).toMatchObject({
    messages: 2,
    kept: [{ hold: '1', entries: [expect.any(Number)] }],
    backups: [{ file: join(desk.dir, 'old.backup') }],
  })
  expect(await desk.json(z.array(LedgerVerdictShape), ['ledger', 'verify'])).toMatchObject([
    { ok: true, records: 3, disposed: 2 },
  ])
  feed.items = [...feed.items, { id: 'new', title: 'The new', text: 'All about it.', at: new Date() }]
  expect(await desk.json(z.array(SyncShape), ['sync'])).toMatchObject([{ new: 1 }])
  expect(await desk.json(z.array(HitShape), ['search', 'about'])).toHaveLength(2)
})

it('a hold is lifted, a schedule cleared, a disposal withdrawn; options that do not go together are refused', async () => {
  await desk.json(Hold, ['hold', 'set', '--identity', '1', '--person', 'Ana@example.org', '--reason', 'Court order'])
  expect((await desk.fails(['disposal', 'withdraw', '7', '--identity', '1'])).error.code).toBe('not_found')
  expect((await desk.fails(['hold', 'set', '--identity', '1', '--person', 'a', '--account', '1', '--reason', 'x'])).code).toBe(2)
  expect((await desk.fails(['erase', '--identity', '1', '--handle', 'nobody@example.org', '--reason', 'x'])).error.code).toBe(
    'disposal_nothing',
  )
  await desk.json(Hold, ['hold', 'lift', '1', '--identity', '1', '--reason', 'Over'])
  expect(await desk.json(z.array(Hold), ['hold', 'list', '--identity', '1'])).toEqual([])
  expect(await desk.json(z.array(Hold), ['hold', 'list', '--identity', '1', '--lifted'])).toMatchObject([{ id: '1' }])
  await desk.json(Schedule, ['schedule', 'set', '--identity', '1', '--days', '1'])
  after(3)
  const { id } = await disposal('propose', '--reason', 'Review')
  expect(await disposal('withdraw', id)).toMatchObject({ state: 'withdrawn' })
  await desk.json(z.object({ id: z.string() }), ['schedule', 'clear', '1', '--identity', '1'])
  expect(await desk.json(z.array(Disposal), ['disposal', 'list', '--identity', '1'])).toHaveLength(1)
  expect((await desk.fails(['disposal', 'certificate', id, '--identity', '1'])).error.code).toBe('not_found')
})
