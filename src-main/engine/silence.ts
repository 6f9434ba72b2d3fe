/**
 * Whether an account went unusually quiet: invariant "silence is an alarm". Messages of an ordinary office come about
 * like a Poisson process; a stretch with none is remarkable when far more than ten would have been expected in it. Three days are
 * asked for at least, so that a weekend of a weekday account is no alarm.
 * @param days arrivals per day, oldest first, the last being the last 24 hours.
 * @returns whole quiet days at the end when that is remarkable, else 0.
 */
export function quietDays(days: readonly number[]): number {
  let quiet = 0
  while (quiet < days.length && days[days.length - 1 - quiet] === 0) quiet++
  if (quiet < 3 || quiet === days.length) return 0
  const before = days.slice(0, days.length - quiet)
  const perDay = before.reduce((sum, count) => sum + count, 0) / before.length
  return perDay * quiet >= 10 ? quiet : 0
}
