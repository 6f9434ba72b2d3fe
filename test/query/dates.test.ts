import { describe, expect, it } from 'vitest'
import { momentsOf } from '#shared/query/index.ts'
import { isZone } from '#shared/time/index.ts'

const now = Date.parse('2026-11-21T12:00:00.000Z')
const stretch = (value: string, zone = 'UTC', at = now) => {
  const moments = momentsOf(value, at, zone)
  return moments && `${moments.from.slice(0, 16)} ${moments.until.slice(0, 16)}`
}

describe('a date', () => {
  it.each([
    ['2026', '2026-01-01T00:00 2027-01-01T00:00'],
    ['2026-12', '2026-12-01T00:00 2027-01-01T00:00'],
    ['2026-11-21', '2026-11-21T00:00 2026-11-22T00:00'],
    ['2024-02-29', '2024-02-29T00:00 2024-03-01T00:00'],
    ['1066-10-14', '1066-10-14T00:00 1066-10-15T00:00'],
    ['today', '2026-11-21T00:00 2026-11-22T00:00'],
    ['Yesterday', '2026-11-20T00:00 2026-11-21T00:00'],
    ['0d', '2026-11-21T00:00 2026-11-22T00:00'],
    ['7d', '2026-11-14T00:00 2026-11-15T00:00'],
    ['2w', '2026-11-07T00:00 2026-11-08T00:00'],
    ['3m', '2026-08-21T00:00 2026-08-22T00:00'],
    ['11m', '2025-12-21T00:00 2025-12-22T00:00'],
    ['2y', '2024-11-21T00:00 2024-11-22T00:00'],
  ])('is understood: %s', (value, expected) => {
    expect(stretch(value)).toBe(expected)
  })

  it('is the last day of a shorter month', () => {
    expect(stretch('1m', 'UTC', Date.parse('2026-03-31T12:00:00Z'))).toBe('2026-02-28T00:00 2026-03-01T00:00')
  })

  it.each(['2026-02-29', '2026-00', '2026-13', '2026-04-31', '2026-01-00', '0999', '26', '2026-1-1', '9999y', '7h', 'soon', ''])(
    'does not exist: %s',
    (value) => {
      expect(stretch(value)).toBeNull()
    },
  )

  it('ends where the last year does', () => {
    expect(momentsOf('9999', now, 'UTC')?.until).toBe('9999-12-31T23:59:59.999Z')
  })
})

describe('a day in a zone', () => {
  it.each([
    ['Europe/Madrid', '2026-07-01', '2026-06-30T22:00 2026-07-01T22:00'],
    ['Asia/Kathmandu', '2026-07-01', '2026-06-30T18:15 2026-07-01T18:15'],
    ['Pacific/Kiritimati', '2026-07-01', '2026-06-30T10:00 2026-07-01T10:00'],
    // 23 and 25 hours.
    ['Europe/Madrid', '2026-03-29', '2026-03-28T23:00 2026-03-29T22:00'],
    ['Europe/Madrid', '2026-10-25', '2026-10-24T22:00 2026-10-25T23:00'],
    // No midnight: the clocks went from 00:00 to 01:00.
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00 2018-11-05T02:00'],
    // Two midnights: at 24:00 they went back to 23:00.
    ['America/Sao_Paulo', '2018-02-18', '2018-02-18T03:00 2018-02-19T03:00'],
    ['America/Sao_Paulo', '2018-02-17', '2018-02-17T02:00 2018-02-18T03:00'],
  ])('%s %s', (zone, value, expected) => {
    expect(stretch(value, zone)).toBe(expected)
  })

  it('is today where the person is', () => {
    const late = Date.parse('2026-11-21T23:30:00Z')
    expect(stretch('today', 'Asia/Tokyo', late)).toBe('2026-11-21T15:00 2026-11-22T15:00')
    expect(stretch('today', 'America/Lima', late)).toBe('2026-11-21T05:00 2026-11-22T05:00')
  })

  it('follows the one before without a gap, on every day of a year', () => {
    let until = momentsOf('2018-01-01', now, 'America/Sao_Paulo')?.from
    for (let at = Date.UTC(2018, 0, 1); at < Date.UTC(2019, 0, 1); at += 86_400_000) {
      const day = momentsOf(new Date(at).toISOString().slice(0, 10), now, 'America/Sao_Paulo')
      expect(day?.from).toBe(until)
      until = day?.until
    }
  })

  it('needs a zone that exists', () => {
    expect([isZone('Europe/Madrid'), isZone('Nowhere/Here'), isZone('')]).toEqual([true, false, false])
    expect(() => momentsOf('today', now, 'Nowhere/Here')).toThrow(RangeError)
  })
})
