/** Hits of a month or a year. */
export interface Bar {
  /** As a query writes it: `2026-11` or `2026`. */
  value: string
  count: number
}

/** More bars than these are too thin to hit; then each is a year. */
const MOST_MONTHS = 180
/** Years a person can still tell apart; the rest are the ones nobody knows better, such as dates by a broken clock. */
const MOST_YEARS = 120

/** A bar for each month from the first to the last with hits, empty ones too; for each year where there are many. */
export function barsOf(months: readonly { month: string; count: number }[]): Bar[] {
  const [first, last] = [months[0], months.at(-1)]
  if (!first || !last) return []
  const number = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1
  const length = number(last.month) - number(first.month) + 1
  if (length <= MOST_MONTHS) {
    const counts = new Map(months.map(({ month, count }) => [number(month), count]))
    return Array.from({ length }, (_, index) => {
      const at = number(first.month) + index
      const value = `${String(Math.floor(at / 12)).padStart(4, '0')}-${String((at % 12) + 1).padStart(2, '0')}`
      return { value, count: counts.get(at) ?? 0 }
    })
  }
  const counts = new Map<number, number>()
  for (const { month, count } of months)
    counts.set(Number(month.slice(0, 4)), (counts.get(Number(month.slice(0, 4))) ?? 0) + count)
  const [from, to] = [Number(first.month.slice(0, 4)), Number(last.month.slice(0, 4))]
  if (to - from < MOST_YEARS) {
    return Array.from({ length: to - from + 1 }, (_, index) => ({
      value: String(from + index).padStart(4, '0'),
      count: counts.get(from + index) ?? 0,
    }))
  }
  return [...counts].map(([year, count]) => ({ value: String(year).padStart(4, '0'), count }))
}

/** The bar after this one, whether or not it has hits: what `before:` has to name. */
export function following(value: string): string {
  const [year = 0, month] = value.split('-').map(Number)
  if (month === undefined) return String(year + 1).padStart(4, '0')
  return month < 12 ? `${value.slice(0, 4)}-${String(month + 1).padStart(2, '0')}` : `${String(year + 1).padStart(4, '0')}-01`
}
