/**
 * Message ids are numbers that order by time: seconds since 1970 times 2^20, plus milliseconds times 2^10, plus ten bits
 * that spread messages of the same millisecond. They stay below 2^53. See `docs/decisions/ids.md`.
 */
const perSecond = 2 ** 20
const perMillisecond = 2 ** 10
/** 2100-01-01; later (and earlier than 1970) dates are kept as they are, only the id is clamped. */
const lastSecond = 4_102_444_800

/** A larger number than any id. */
export const endOfIds = 2 ** 53 - 1

function clampMs(at: string): number {
  const ms = Date.parse(at)
  if (!Number.isFinite(ms) || ms < 0) return 0
  return Math.min(ms, lastSecond * 1000)
}

/** The first id of the millisecond of an instant (ISO 8601). */
export function firstId(at: string): number {
  const ms = clampMs(at)
  const seconds = Math.floor(ms / 1000)
  return seconds * perSecond + (ms - seconds * 1000) * perMillisecond
}

/** The last id of the millisecond of an instant. */
export function lastId(at: string): number {
  return firstId(at) + perMillisecond - 1
}

/** The first id of the second after the one that `id` is in. */
export function nextSecond(id: number): number {
  return (Math.floor(id / perSecond) + 1) * perSecond
}

/** Whether an id says its date; of dates before 1970 and after 2100 it says the nearest that ids have. */
export function isDated(id: number): boolean {
  return id >= perSecond && id < lastSecond * perSecond
}

const months = new Map<number, string>()

/** The month of an id (`2026-11`, UTC); null where it may not be that of the date: before 1970 and after 2100. */
export function monthOf(id: number): string | null {
  if (!isDated(id)) return null
  // Days are remembered: there are few, and a search asks for each of its hits.
  const day = Math.floor(id / perSecond / 86_400)
  let month = months.get(day)
  if (month === undefined) {
    month = new Date(day * 86_400_000).toISOString().slice(0, 7)
    months.set(day, month)
  }
  return month
}

/** Ten bits from a message's remote id, so that the same messages get the same ids in whatever order they come. */
export function spread(remoteId: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < remoteId.length; i++) hash = Math.imul(hash ^ remoteId.charCodeAt(i), 0x01000193)
  return (hash ^ (hash >>> 10) ^ (hash >>> 20)) & (perMillisecond - 1)
}

/** An id as it crosses the boundary, to the number in the database; -1 (never an id) when it is out of range. */
export function toNumber(id: string): number {
  const number = Number(id)
  return Number.isSafeInteger(number) && number >= 0 ? number : -1
}
