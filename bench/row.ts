/** One measured figure with its goal. */
export interface BenchRow {
  /** Unique, e.g. `list.page.first.p95`. */
  id: string
  group: string
  value: number
  /** `ms`, `x` (a ratio), `MB`, `/s`. */
  unit: string
  /** What it should be, e.g. `<= 10`; null for figures that only explain others. */
  goal: string | null
  /** Whether the goal was met; null without a goal. */
  ok: boolean | null
  /** What it was measured against, in the same run; or why it could not be measured. */
  against: string
}

/** A row whose goal is an upper or lower bound. */
export function bounded(row: Omit<BenchRow, 'goal' | 'ok'>, bound: '<=' | '>=', limit: number): BenchRow {
  const ok = bound === '<=' ? row.value <= limit : row.value >= limit
  return { ...row, goal: `${bound} ${limit}`, ok }
}

/** The value at a percentile (0 to 100) of measurements; nearest rank. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length))
  return sorted[rank - 1] ?? Number.NaN
}

export const median = (values: readonly number[]): number => percentile(values, 50)
