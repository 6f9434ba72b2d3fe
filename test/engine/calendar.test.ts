import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { UNDO_MS } from '#engine/outbox/decide.ts'
import type { Account, OutboxItem, OutgoingContent } from '#shared/model/index.ts'
import { incoming } from '../support/fake-connector.ts'
import { publishing } from '../voices/support.ts'
import { Machine, settle } from './machine.ts'

const HOUR_MS = 3_600_000

let machine: Machine
let account: Account
let sent: number
let dir: string

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dispatch-calendar-'))
  machine = new Machine()
  sent = 0
  machine.network.script.send = async (item) => {
    sent++
    return { message: incoming(`sent-${item.key}`, { direction: 'outbound', place: null }) }
  }
  machine.network.script.find = async () => null
  await machine.start()
  account = await machine.add()
})

afterEach(() => rm(dir, { recursive: true }))

const inHours = (hours: number): string => new Date(machine.clock.now() + hours * HOUR_MS).toISOString()
const who = () => ({ identityId: machine.identity.id, by: 'Ada' })
const look = ({ id }: OutboxItem) => machine.office.read.outboxItem(id, machine.identity.id)
const dissolve = (from: number, until: number | null) => {
  const time = { from: inHours(from), until: until === null ? null : inHours(until) }
  return machine.engine.calendars.add({ ...who(), state: 'dissolved', title: '', ...time })
}

function queue(content: OutgoingContent, at: string | null = null): Promise<OutboxItem> {
  const rest = { target: null, quote: null, after: null, leaves: 'waiting' as const }
  return machine.engine.outbox.queue({ ...who(), ...rest, accountId: account.id, content, at })
}

/** Lets so much time pass, with everything that wakes done in between. */
async function pass(ms: number): Promise<void> {
  for (let gone = 0; gone < ms; gone += 60_000) {
    machine.clock.advance(Math.min(60_000, ms - gone))
    for (let n = 0; n < 20; n++) await settle()
  }
}

const post = publishing('post')
const letter: OutgoingContent = {
  ...publishing('mail'),
  to: [{ name: 'Ada', handle: 'ada@constituent.test' }],
} as OutgoingContent

it('what is frozen at its time is not queued, and the refusal says why and until when', async () => {
  const period = await dissolve(1, 48)
  await expect(queue(post, inHours(2))).rejects.toMatchObject({
    code: 'calendar_frozen',
    params: { period: 'dissolved', until: period.until },
  })
  expect(machine.office.read.outboxItems({ ...who(), accountId: null, states: null, before: null, limit: 9 })).toEqual([])
  // Before it begins and after it ends it may be, and a letter at any time.
  for (const [content, at] of [
    [post, inHours(0.5)],
    [post, inHours(49)],
    [letter, inHours(2)],
  ] as const)
    expect(await queue(content, at)).toMatchObject({ state: 'queued' })
})

it('what was scheduled into a freeze waits, says why, and goes out after it only on a person’s word', async () => {
  const item = await queue(post, inHours(2))
  const period = await dissolve(1, 4)
  const frozen = { code: 'calendar_frozen', params: { period: 'dissolved', until: period.until } }
  expect(await machine.engine.calendars.checkLists(machine.identity.id)).toMatchObject([
    { state: 'dissolved', before: 'sitting', items: [{ name: 'freeze' }, { name: 'scheduled', count: 1 }, {}, {}, {}] },
  ])
  await pass(2 * HOUR_MS + 60_000)
  expect(look(item)).toMatchObject({ state: 'queued', toConfirm: true, reason: frozen })
  const named = { ...who(), id: item.id }
  await expect(machine.engine.outbox.confirm(named)).rejects.toMatchObject(frozen)
  // Tried again by hand, it is kept back again.
  await machine.engine.outbox.retry(named)
  await pass(60_000)
  expect([look(item).toConfirm, sent]).toEqual([true, 0])
  await pass(3 * HOUR_MS)
  expect([look(item).state, sent]).toEqual(['queued', 0])
  expect(await machine.engine.calendars.checkLists(machine.identity.id)).toMatchObject([
    { state: 'sitting', items: [{ name: 'thaw' }, { name: 'waiting', count: 1 }, {}, {}, {}] },
  ])
  await machine.engine.outbox.confirm(named)
  await pass(60_000)
  expect([look(item).state, sent]).toEqual(['sent', 1])
})

it('what is behind something that is kept back goes out', async () => {
  const held = await queue(post)
  const free = await queue(letter)
  await dissolve(0, null)
  await pass(UNDO_MS + 180_000)
  expect([look(held).toConfirm, look(free).state, sent]).toEqual([true, 'sent', 1])
  expect(look(held).reason).toEqual({ code: 'calendar_frozen_open', params: { period: 'dissolved' } })
})

it('the state follows the clock, also when that jumps back', async () => {
  const { calendars } = machine.engine
  await dissolve(1, 2)
  const state = async () => (await calendars.state(machine.identity.id)).state
  expect(await state()).toBe('sitting')
  machine.clock.jump(1.5 * HOUR_MS)
  expect(await state()).toBe('dissolved')
  await expect(queue(post)).rejects.toMatchObject({ code: 'calendar_frozen' })
  machine.clock.jump(-HOUR_MS)
  expect(await state()).toBe('sitting')
  expect(await queue(post)).toMatchObject({ state: 'queued' })
})

it('a calendar is read from a file whole or not at all', async () => {
  const { calendars } = machine.engine
  const path = join(dir, 'sittings.ics')
  const event = (title: string, rest: string) =>
    `BEGIN:VEVENT\r\nSUMMARY:${title}\r\nDTSTART${rest}\r\nDURATION:PT2H\r\nEND:VEVENT\r\n`
  const write = (...events: string[]) => writeFile(path, `BEGIN:VCALENDAR\r\n${events.join('')}END:VCALENDAR\r\n`)
  const read = () => calendars.import({ ...who(), from: path })
  const periods = async () => (await calendars.calendar(machine.identity.id)).periods.map(({ title }) => title)
  await write(event('Sitting', ':20260301T090000Z'), event('Recess', ':20260401T090000Z'), event('Lunch', ':20260401T120000Z'))
  expect(await read()).toEqual({ added: 2, removed: 0, ignored: 1 })
  for (const [events, code] of [
    [[event('Sitting', ';TZID=Mars/Olympus:20260301T090000')], 'calendar_zone'],
    [[event('Sitting', ':soon')], 'calendar_invalid'],
    [[event('Lunch', ':20260401T120000Z')], 'calendar_empty'],
    [Array<string>(10_000).fill(event('Sitting', ':20260301T090000Z')), 'calendar_too_many'],
  ] as const) {
    await write(...events)
    await expect(read()).rejects.toMatchObject({ code })
    expect(await periods()).toEqual(['Sitting', 'Recess'])
  }
  await writeFile(path, Buffer.alloc(5_000_001, 'x'))
  await expect(read()).rejects.toMatchObject({ code: 'too_large' })
  await rm(path)
  await expect(read()).rejects.toMatchObject({ code: 'file_unreadable' })
})

it('words, zone and what is frozen are set, within what there is', async () => {
  const { calendars } = machine.engine
  await expect(calendars.set({ ...who(), zone: 'Mars/Olympus' })).rejects.toMatchObject({ code: 'bad_request' })
  expect(await calendars.set({ ...who(), freezes: { recess: 'answers' }, outside: 'recess' })).toMatchObject({
    outside: 'recess',
    freezes: { recess: 'answers', dissolved: 'all' },
  })
  await expect(queue(post)).rejects.toMatchObject({ code: 'calendar_frozen_open' })
  await calendars.set({ ...who(), freezes: { recess: 'none' } })
  expect(await queue(post)).toMatchObject({ state: 'queued' })
  const personal = await machine.engine.addIdentity({ name: 'Mine', voice: 'personal', shape: 'diamond', color: 'amber' })
  const frozen = { identityId: personal.id, by: 'Ada', freezes: { dissolved: 'all' as const } }
  await expect(calendars.set(frozen)).rejects.toMatchObject({ code: 'bad_request' })
})

it('a check-list is signed item by item, and only for what is on it', async () => {
  const { calendars } = machine.engine
  const { from } = await dissolve(-1, 48)
  const item = { ...who(), state: 'dissolved' as const, at: from, name: 'bios' as const, reason: '' }
  const signed = await calendars.sign({ ...item, outcome: 'done' })
  expect(signed[0]?.items.find(({ name }) => name === 'bios')?.check).toMatchObject({ outcome: 'done', by: 'Ada' })
  await expect(calendars.sign({ ...item, at: inHours(5), outcome: 'done' })).rejects.toMatchObject({ code: 'not_found' })
  await expect(calendars.sign({ ...item, name: 'waiting', outcome: 'done' })).rejects.toMatchObject({ code: 'not_found' })
  const back = await calendars.sign({ ...item, outcome: null })
  expect(back[0]?.items.every(({ check }) => check === null)).toBe(true)
  expect(machine.office.read.verifyLedger(machine.identity.id, null, 10_000, true).faults).toEqual([])
})
