import { useMemo } from 'react'
import { useIntl } from 'react-intl'
import type { Instant } from '#shared/model/index.ts'

const DAY_MS = 86_400_000

/** Dates as short as they can be without doubt: today the time, this week the day, this year day and month, else the whole. */
export function useDates() {
  const intl = useIntl()
  return useMemo(() => {
    const make = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(intl.locale, options)
    const time = make({ timeStyle: 'short' })
    const weekday = make({ weekday: 'short' })
    const dayMonth = make({ day: 'numeric', month: 'short' })
    const day = make({ day: 'numeric', month: 'short', year: 'numeric' })
    const full = make({ dateStyle: 'full', timeStyle: 'short' })
    const exact = make({ dateStyle: 'long', timeStyle: 'long' })
    const medium = make({ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
    const long = make({ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' })
    return {
      /** For a row of the list. */
      short(at: Instant, now: Date = new Date()): string {
        const date = new Date(at)
        const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime()
        const age = midnight - date.getTime()
        if (age <= 0 && age > -DAY_MS) return time.format(date)
        if (age > 0 && age <= 6 * DAY_MS) return weekday.format(date)
        return date.getFullYear() === now.getFullYear() ? dayMonth.format(date) : day.format(date)
      },
      /** For a message: day and time. */
      medium(at: Instant, now: Date = new Date()): string {
        const date = new Date(at)
        return (date.getFullYear() === now.getFullYear() ? medium : long).format(date)
      },
      /** With everything, for a tooltip or a printed page. */
      full: (at: Instant): string => full.format(new Date(at)),
      /** To the second, with the time zone: for what is to be proved. */
      exact: (at: Instant): string => exact.format(new Date(at)),
      day: (at: Instant | Date): string => day.format(new Date(at)),
      time: (at: Instant | Date): string => time.format(new Date(at)),
      /** Weekday and time, for a choice like "tomorrow, 8:00". */
      weekdayTime: (at: Date): string => `${weekday.format(at)} ${time.format(at)}`,
    }
  }, [intl.locale])
}
