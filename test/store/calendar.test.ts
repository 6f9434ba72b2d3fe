import { beforeEach, expect, test } from 'vitest'
import { type Identity, MOST_PERIODS } from '#shared/model/index.ts'
import { type Direct, direct, dump, identityIn } from './direct.ts'

const at = '2026-01-01T09:00:00.000Z'
const [from, until] = ['2026-03-01T00:00:00.000Z', '2026-05-01T00:00:00.000Z']

let office: Direct
let member: Identity
let institution: Identity

beforeEach(() => {
  office = direct()
  member = identityIn(office, 'Member', 'mandate')
  institution = identityIn(office, 'Institution', 'institutional')
})

const who = () => ({ identityId: member.id, by: 'Ada', at })
const add = (change = {}) => office.write.addPeriod({ ...who(), state: 'dissolved', from, until, title: 'Election', ...change })
/** What the policy entries of the member's ledger say, in words. */
const policies = () =>
  office.sql
    .prepare('SELECT detail FROM policy WHERE identity_id = ? ORDER BY seq')
    .pluck()
    .all(Number(member.id))
    .map((detail) => JSON.parse(String(detail)) as { action: string })
const sound = () => expect(office.read.verifyLedger(member.id, null, 10_000, true).faults).toEqual([])

test('periods are added and removed, of one identity only, and the ledger says so', () => {
  const period = add()
  const open = add({ state: 'recess', until: null, from: '2026-02-01T00:00:00.000Z' })
  expect(office.read.calendar(member.id)).toMatchObject({
    voice: 'mandate',
    periods: [{ id: open.id }, { id: period.id, by: 'Ada' }],
  })
  expect(office.read.calendar(institution.id).periods).toEqual([])
  const foreign = { id: period.id, identityId: institution.id, by: 'Ada', at }
  expect(() => office.write.removePeriod(foreign)).toThrow(expect.objectContaining({ code: 'voice_mismatch' }))
  office.write.removePeriod({ ...who(), id: period.id })
  expect(() => office.write.removePeriod({ ...who(), id: period.id })).toThrow(expect.objectContaining({ code: 'not_found' }))
  expect(policies()).toMatchObject([
    { action: 'added', period: period.id, state: 'dissolved' },
    { action: 'added', until: null },
    { action: 'removed', period: period.id },
  ])
  sound()
})

test('a period that ends before it begins, or is one too many, is refused', () => {
  expect(() => add({ until: from })).toThrow(expect.objectContaining({ code: 'bad_request' }))
  const period = { state: 'sitting' as const, from, until, title: '' }
  const source = '/calendar.ics'
  const whole = { ...who(), source, sha256: 'ab', periods: Array<typeof period>(MOST_PERIODS).fill(period) }
  expect(office.write.importPeriods(whole)).toEqual({ added: MOST_PERIODS, removed: 0 })
  expect(() => add()).toThrow(expect.objectContaining({ code: 'calendar_full' }))
  expect(office.write.importPeriods({ ...whole, periods: [period] })).toEqual({ added: 1, removed: MOST_PERIODS })
})

test('an import takes the place of what came from the same source, and of nothing else', () => {
  const mine = add()
  const period = { state: 'sitting' as const, from, until, title: 'Week 9' }
  for (const source of ['/a.ics', '/b.ics'])
    office.write.importPeriods({ ...who(), source, sha256: 'ab', periods: [period, period] })
  office.write.importPeriods({ ...who(), source: '/a.ics', sha256: 'cd', periods: [period] })
  const sources = office.read.calendar(member.id).periods.map(({ source }) => source)
  expect(sources.sort()).toEqual(['', '/a.ics', '/b.ics', '/b.ics'])
  expect(office.read.calendar(member.id).periods.some(({ id }) => id === mine.id)).toBe(true)
  expect(policies().at(-1)).toEqual({ action: 'imported', added: 1, removed: 2, sha256: 'cd', source: '/a.ics' })
  sound()
})

test('what is set and what is signed stays with its identity', () => {
  const set = { zone: 'Europe/Paris', outside: 'recess' as const, words: [{ word: 'Session', state: null }], freezes: {} }
  office.write.setCalendar({ ...who(), ...set })
  office.write.setCalendar({ ...who(), ...set, freezes: { dissolved: 'answers' } })
  expect(office.read.calendar(member.id)).toMatchObject({ ...set, freezes: { dissolved: 'answers' } })
  expect(office.read.calendar(institution.id)).toMatchObject({ zone: null, outside: null, words: null, freezes: {} })
  const item = { ...who(), state: 'dissolved' as const, beganAt: from, name: 'bios' as const, reason: '' }
  office.write.setCheck({ ...item, outcome: 'done' })
  office.write.setCheck({ ...item, outcome: 'signed_off', reason: 'It says nothing' })
  expect(office.read.calendarChecks(member.id)).toMatchObject([{ outcome: 'signed_off', reason: 'It says nothing', by: 'Ada' }])
  expect(office.read.calendarChecks(institution.id)).toEqual([])
  office.write.setCheck({ ...item, outcome: null })
  office.write.setCheck({ ...item, outcome: null })
  expect(office.read.calendarChecks(member.id)).toEqual([])
  expect(policies().map(({ action }) => action)).toEqual(['set', 'set', 'done', 'signed_off', 'undone'])
  sound()
})

test('a calendar of an identity that there is not is refused', () => {
  const nobody = { ...who(), identityId: '9' as Identity['id'] }
  for (const call of [
    () => office.read.calendar(nobody.identityId),
    () => add({ identityId: nobody.identityId }),
    () => office.write.setCalendar({ ...nobody, zone: null, outside: null, words: null, freezes: {} }),
  ])
    expect(call).toThrow(expect.objectContaining({ code: 'not_found' }))
})

const attacks: Record<string, string> = {
  'a period moved to another identity': 'UPDATE calendar_period SET identity_id = 2',
  'a period that is rewritten': "UPDATE calendar_period SET state = 'sitting'",
  'settings moved to another identity': 'UPDATE calendar SET identity_id = 2',
  'a signature moved to another identity': 'UPDATE calendar_check SET identity_id = 2',
  'a signature that is rewritten': "UPDATE calendar_check SET by = 'Bea'",
  'a period of nobody':
    "INSERT INTO calendar_period (identity_id, state, begins, title, source, by, at) VALUES (9, 'recess', '', '', '', '', '')",
  'settings of nobody': "INSERT INTO calendar (identity_id, freezes) VALUES (9, '{}')",
  'a signature of nobody': "INSERT INTO calendar_check VALUES (9, 'recess', '', 'bios', 'done', '', '', '')",
  'an identity that is thrown away while it has a calendar': 'DELETE FROM identity WHERE id = 1',
}

test.each(Object.entries(attacks))('refused: %s', (_, statement) => {
  add()
  office.write.setCalendar({ ...who(), zone: null, outside: null, words: null, freezes: {} })
  office.write.setCheck({ ...who(), state: 'dissolved', beganAt: from, name: 'bios', reason: '', outcome: 'done' })
  const before = dump(office.sql)
  expect(() => office.sql.exec(statement)).toThrow(/constraint failed|cannot be changed/)
  expect(dump(office.sql)).toBe(before)
})
