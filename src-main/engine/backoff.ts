/** First pause after a passing fault, in ms. */
const FIRST_MS = 5_000
/** Longest pause: a server that is back is found within a quarter of an hour. */
const LONGEST_MS = 15 * 60_000

/**
 * Pause before the next try after `failures` faults in a row (from 1), in ms: doubling from 5 s to 15 min, spread by up
 * to a quarter so that many accounts of one server do not come back together.
 * @param random a number in [0, 1)
 */
export function backoffMs(failures: number, random: number): number {
  const base = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 20))
  return Math.round(base * (1 - random / 4))
}
