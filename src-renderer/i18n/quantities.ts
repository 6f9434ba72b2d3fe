import { useMemo } from 'react'
import { useIntl } from 'react-intl'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Shares as the language writes per cents. Cut, never rounded: only the whole is 100 %. */
export function shareWriter(locale: string): (share: number) => string {
  const format = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 })
  return (share) => {
    const steps = share > 0.99 || share < 0.01 ? 10_000 : 100
    return format.format(Math.floor(share * steps) / steps)
  }
}

/** Lengths of time in their two largest units, as the language writes them: 2 days 3 hr. */
export function durationWriter(locale: string): (ms: number) => string {
  const make = (unit: string) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' })
  const second = { ms: 1000, format: make('second') }
  const units = [
    { ms: DAY_MS, format: make('day') },
    { ms: HOUR_MS, format: make('hour') },
    { ms: MINUTE_MS, format: make('minute') },
    second,
  ]
  return (ms) => {
    if (ms < second.ms) return second.format.format(0)
    const first = units.findIndex((unit) => ms >= unit.ms)
    const parts: string[] = []
    let left = ms
    for (const unit of units.slice(first, first + 2)) {
      const count = Math.floor(left / unit.ms)
      left -= count * unit.ms
      if (count > 0) parts.push(unit.format.format(count))
    }
    return parts.join(' ')
  }
}

/** Shares, lengths of time and lists of words as the language writes them. */
export function useQuantities() {
  const { locale } = useIntl()
  return useMemo(() => {
    const list = new Intl.ListFormat(locale, { type: 'unit', style: 'long' })
    return {
      share: shareWriter(locale),
      duration: durationWriter(locale),
      list: (words: readonly string[]) => list.format(words),
    }
  }, [locale])
}
