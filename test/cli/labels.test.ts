import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { AccountShape, IdentityShape, LabelActedShape, LabelShape, NoteShape, RowShape, SyncShape } from '#hosts/cli/shapes.ts'
import { Due, Schedule } from '#shared/contract/index.ts'
import { type Desk, newDesk } from './support/dispatch.ts'
import { type FeedServer, feedServer } from './support/feed-server.ts'

// Every command opens the office and closes it again.
vi.setConfig({ testTimeout: 60_000 })

let desk: Desk
let feed: FeedServer

beforeEach(async () => {
  desk = await newDesk({ inProcess: true })
  feed = await feedServer()
  feed.items = ['harbour', 'ferry', 'bridge'].map((word, n) => ({
    id: word,
    title: `The ${word}`,
    text: `All about the ${word}.`,
    at: new Date(Date.UTC(2026, 0, 10 - n)),
  }))
  for (const [name, voice] of [
    ['Press', 'institutional'],
    ['Member', 'mandate'],
  ] as const)
    await desk.json(IdentityShape, ['identity', 'add', '--name', name, '--voice', voice])
  await desk.json(AccountShape, ['account', 'add', 'feed', '--identity', '1', '--url', feed.url])
  await desk.json(z.array(SyncShape), ['sync'])
})

afterEach(async () => {
  await feed.close()
  await desk.remove()
})

const inbox = (...more: string[]) => desk.json(z.array(RowShape), ['inbox', 'list', ...more])
const mine = ['--identity', 'Press']

it('labels are made, put on, listed by, merged and removed', async () => {
  const add = (name: string, ...more: string[]) => desk.json(LabelShape, ['label', 'add', name, ...mine, ...more])
  expect(await add('Pêche', '--color', 'teal', '--topic')).toMatchObject({ kind: 'topic', color: 'teal', open: 0, done: 0 })
  await add('Urgent')
  expect((await desk.fails(['label', 'add', 'URGENT', ...mine])).error.code).toBe('name_taken')
  const [one, two] = await inbox()
  if (!one || !two) throw new Error('the feed brought some')
  const put = await desk.json(LabelActedShape, ['label', 'put', 'pêche', one.id, two.id, ...mine])
  expect(put).toEqual({ label: '1', changed: 2 })
  expect((await desk.fails(['label', 'put', 'Urgent', one.id, '--identity', 'Member'])).error.code).toBe('not_found')
  expect((await inbox('--label', 'Pêche', ...mine)).map((row) => [row.id, row.labels])).toEqual([
    [one.id, ['1']],
    [two.id, ['1']],
  ])
  expect(await desk.json(LabelActedShape, ['label', 'take', '1', two.id, ...mine])).toMatchObject({ changed: 1 })
  await desk.json(LabelShape, ['label', 'set', 'Urgent', '--name', 'Pressing', '--color', 'red', ...mine])
  expect(await desk.json(LabelActedShape, ['label', 'merge', 'Pêche', 'Pressing', ...mine])).toMatchObject({ changed: 1 })
  const labels = await desk.json(z.array(LabelShape), ['label', 'list'])
  expect(labels).toMatchObject([{ id: '2', name: 'Pressing', color: 'red', identityName: 'Press' }])
  expect(labels.map(({ open, done }) => open + done)).toEqual([1])
  expect(await desk.json(LabelActedShape, ['label', 'remove', 'pressing', ...mine])).toEqual({ label: '2', changed: 1 })
  expect((await desk.fails(['inbox', 'list', '--label', '2'])).error.code).toBe('not_found')
})

it('notes are written, worded anew and withdrawn', async () => {
  const [row] = await inbox()
  if (!row) throw new Error('the feed brought some')
  const add = ['note', 'add', row.id, 'Call the harbour master', '--by', 'Ada']
  expect((await desk.fails([...add, '--identity', 'Member'])).error.code).toBe('voice_mismatch')
  expect(await desk.json(NoteShape, add)).toMatchObject({ id: '1', by: 'Ada', text: 'Call the harbour master', identity: '1' })
  await desk.json(NoteShape, ['note', 'edit', '1', 'She called back', '--by', 'Bea', ...mine])
  await desk.json(NoteShape, ['note', 'withdraw', '1', '--by', 'Bea', ...mine])
  expect(await desk.json(z.array(NoteShape), ['note', 'list', row.id])).toMatchObject([
    { text: null, versions: [{ by: 'Ada' }, { by: 'Bea', text: 'She called back' }, { text: null }] },
  ])
  expect((await inbox())[0]).toMatchObject({ notes: 0 })
  expect((await desk.fails(['note', 'edit', '1', 'x', '--identity', 'Member'])).error.code).toBe('voice_mismatch')
})

it('a schedule by label says what would go', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 40 * 86_400_000 })
  try {
    await desk.json(LabelShape, ['label', 'add', 'Brief', ...mine])
    const [row] = await inbox()
    await desk.json(LabelActedShape, ['label', 'put', 'Brief', row?.id ?? '', ...mine])
    expect(await desk.json(Schedule, ['schedule', 'set', '--label', 'brief', '--days', '30', ...mine])).toMatchObject({
      labelId: '1',
    })
    expect(await desk.json(Due, ['schedule', 'due', ...mine])).toMatchObject({ going: 1, kept: 0 })
    expect((await desk.fails(['label', 'remove', 'Brief', ...mine])).error.code).toBe('label_scheduled')
  } finally {
    vi.useRealTimers()
  }
})
