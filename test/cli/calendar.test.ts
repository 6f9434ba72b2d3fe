import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { IdentityShape } from '#hosts/cli/shapes.ts'
import { Calendar, CalendarPeriod, CalendarState, CheckList } from '#shared/model/index.ts'
import { type Desk, newDesk } from './support/dispatch.ts'

// Every command opens the office and closes it again.
vi.setConfig({ testTimeout: 60_000 })

let desk: Desk

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 5, 1, 12) })
  desk = await newDesk({ inProcess: true })
  for (const [name, voice] of [
    ['Member', 'mandate'],
    ['Mine', 'personal'],
  ] as const)
    await desk.json(IdentityShape, ['identity', 'add', '--name', name, '--voice', voice])
})

afterEach(async () => {
  vi.useRealTimers()
  await desk.remove()
})

const mine = ['--identity', 'Member', '--by', 'Ada']
const show = () => desk.json(Calendar.extend({ now: CalendarState }), ['calendar', 'show', '--identity', 'Member'])
const checks = (...more: string[]) => desk.json(z.array(CheckList), ['calendar', 'check', ...mine, ...more])

it('periods are entered by days of the calendar’s zone, shown and removed', async () => {
  await desk.json(Calendar, ['calendar', 'policy', ...mine, '--zone', 'Europe/Paris'])
  const add = (...more: string[]) => desk.json(CalendarPeriod, ['calendar', 'add', ...mine, ...more])
  const period = await add('--state', 'pre-election', '--from', '2026-05-20', '--until', '2026-06-13', '--title', 'Campaign')
  expect(period).toMatchObject({ from: '2026-05-19T22:00:00.000Z', until: '2026-06-13T22:00:00.000Z', by: 'Ada' })
  await add('--state', 'new_term', '--from', '2026-06-20T09:00+02:00')
  expect((await show()).now).toMatchObject({ state: 'pre_election', freezes: 'all', next: { state: 'sitting' } })
  expect((await desk.run(['calendar', 'show', '--identity', 'Member'])).stdout).toContain('It is pre_election until 2026-06-13')
  expect((await desk.fails(['calendar', 'remove', period.id, '--identity', 'Mine'])).error.code).toBe('voice_mismatch')
  await desk.json(z.object({ id: z.string() }), ['calendar', 'remove', period.id, ...mine])
  expect((await show()).now).toMatchObject({ state: 'sitting', next: { state: 'new_term', at: '2026-06-20T07:00:00.000Z' } })
  expect((await desk.fails(['calendar', 'add', ...mine, '--state', 'recess', '--from', 'soon'])).code).toBe(2)
})

it('a file is read by the words of the identity, and refused in words', async () => {
  const path = join(desk.dir, 'sittings.ics')
  const file = (...events: string[]) => `BEGIN:VCALENDAR\r\n${events.join('')}END:VCALENDAR\r\n`
  const event = (title: string) => `BEGIN:VEVENT\r\nSUMMARY:${title}\r\nDTSTART;VALUE=DATE:20260601\r\nEND:VEVENT\r\n`
  await writeFile(path, file(event('Plenary'), event('Grande vacance'), event('Session of the choir')))
  const words = ['--word', 'Grande vacance=recess', '--word', 'session of the choir=nothing']
  const policy = await desk.json(Calendar, ['calendar', 'policy', ...mine, ...words])
  expect(policy.words).toContainEqual({ word: 'session of the choir', state: null })
  const Done = z.object({ added: z.number(), removed: z.number(), ignored: z.number() })
  const read = ['calendar', 'import', path, ...mine]
  expect(await desk.json(Done, read)).toEqual({ added: 2, removed: 0, ignored: 1 })
  expect(await desk.json(Done, read)).toEqual({ added: 2, removed: 2, ignored: 1 })
  await writeFile(path, 'no calendar')
  expect((await desk.fails(read)).error).toMatchObject({ code: 'calendar_invalid', message: expect.stringContaining('Line 1') })
  expect((await show()).periods).toHaveLength(2)
  expect((await desk.json(Calendar, ['calendar', 'policy', ...mine, '--default-words'])).words).not.toContainEqual({
    word: 'Grande vacance',
    state: 'recess',
  })
})

it('what a state freezes is set, and the check-list of a change is signed', async () => {
  const policy = (...more: string[]) => ['calendar', 'policy', ...mine, ...more]
  const set = await desk.json(Calendar, policy('--state', 'recess', '--freeze', 'answers', '--outside', 'recess'))
  expect(set).toMatchObject({ outside: 'recess', freezes: { recess: 'answers', dissolved: 'all' } })
  expect((await desk.fails(policy('--freeze', 'all'))).code).toBe(2)
  expect(
    (await desk.fails(['calendar', 'policy', '--identity', 'Mine', '--state', 'recess', '--freeze', 'all'])).error.code,
  ).toBe('bad_request')
  await desk.json(CalendarPeriod, ['calendar', 'add', ...mine, '--state', 'dissolved', '--from', '2026-05-01'])
  const item = async (name: string) => (await checks())[0]?.items.find((one) => one.name === name)?.check
  expect(await checks()).toMatchObject([{ state: 'dissolved', before: 'recess', freezes: 'all' }])
  await checks('--done', 'bios')
  await checks('--sign-off', 'names', '--reason', 'It says nothing of a mandate')
  expect(await item('bios')).toMatchObject({ outcome: 'done', by: 'Ada' })
  expect(await item('names')).toMatchObject({ outcome: 'signed_off', reason: 'It says nothing of a mandate' })
  await checks('--undo', 'bios')
  expect(await item('bios')).toBeNull()
  expect((await desk.fails(['calendar', 'check', ...mine, '--done', 'waiting'])).code).toBe(2)
})
