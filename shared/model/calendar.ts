import { z } from 'zod'
import { IdentityId, Instant } from './ids.ts'
import { foldLabel } from './label.ts'

/** What a parliament is doing. */
export const ParliamentState = z.enum(['sitting', 'recess', 'pre_election', 'dissolved', 'new_term'])
export type ParliamentState = z.infer<typeof ParliamentState>

/**
 * What a state keeps an identity from.
 * - `none`: from nothing.
 * - `notes`: from nothing; the window says which state it is.
 * - `answers`: only answers and direct messages are published.
 * - `all`: nothing is published. Mail and SMS are letters to somebody, and stay possible; so does what takes something back.
 */
export const Freeze = z.enum(['none', 'notes', 'answers', 'all'])
export type Freeze = z.infer<typeof Freeze>
export const Freezes = z.record(ParliamentState, Freeze)
export type Freezes = z.infer<typeof Freezes>
/** What an office set of it. */
export const OwnFreezes = z.partialRecord(ParliamentState, Freeze)
export type OwnFreezes = z.infer<typeof OwnFreezes>

const number = z.string().regex(/^[0-9]{1,16}$/)
/** One line without control characters. */
const line = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .regex(/^\P{Cc}*$/u)

/** The most periods of one identity: some forty years of sittings. */
export const MOST_PERIODS = 2000
/** The most words that say what an event of a calendar means. */
export const MOST_WORDS = 200

/** A time in which a parliament is in one state. */
export const CalendarPeriod = z.object({
  id: number,
  identityId: IdentityId,
  state: ParliamentState,
  from: Instant,
  /** Not part of it any more; null where nobody knows the end yet. */
  until: Instant.nullable(),
  title: line(200),
  /** The file or address that it was read from; empty where a person entered it. */
  source: z.string().max(4096),
  by: z.string(),
  at: Instant,
})
export type CalendarPeriod = z.infer<typeof CalendarPeriod>

/** An event whose title or category has this word means that state; with null it means nothing. */
export const CalendarWord = z.object({
  word: line(100).refine((word) => foldLabel(word) !== ''),
  state: ParliamentState.nullable(),
})
export type CalendarWord = z.infer<typeof CalendarWord>

/** The parliamentary calendar of one identity, with what applies where the office has set nothing. */
export const Calendar = z.object({
  identityId: IdentityId,
  /** IANA name: where days begin and end. */
  zone: z.string(),
  /** The state outside all periods. */
  outside: ParliamentState,
  /** By their beginning. */
  periods: z.array(CalendarPeriod),
  words: z.array(CalendarWord),
  freezes: Freezes,
})
export type Calendar = z.infer<typeof Calendar>

/** What can be frozen, as the composer tells it apart. */
export const Publishing = z.enum(['post', 'reply', 'comment', 'direct', 'edit', 'act'])
export type Publishing = z.infer<typeof Publishing>

/** The state at a moment. */
export const CalendarState = z.object({
  identityId: IdentityId,
  state: ParliamentState,
  /** Null: ever since. */
  since: Instant.nullable(),
  /** Null: nobody knows. */
  until: Instant.nullable(),
  freezes: Freeze,
  /** What is refused now. */
  frozen: z.array(Publishing),
  next: z.object({ state: ParliamentState, at: Instant, freezes: Freeze }).nullable(),
})
export type CalendarState = z.infer<typeof CalendarState>

/** What a change of state asks an office to look at. */
export const CheckName = z.enum(['freeze', 'thaw', 'scheduled', 'waiting', 'names', 'bios', 'disclaimers'])
export type CheckName = z.infer<typeof CheckName>

/** It was done, or somebody signed for leaving it as it is. */
export const CheckOutcome = z.enum(['done', 'signed_off'])
export type CheckOutcome = z.infer<typeof CheckOutcome>

export const CheckItem = z.object({
  name: CheckName,
  /** How many items of the outbox it is about; null where it is about none. */
  count: z.number().int().nonnegative().nullable(),
  check: z.object({ outcome: CheckOutcome, by: z.string(), at: Instant, reason: z.string() }).nullable(),
})
export type CheckItem = z.infer<typeof CheckItem>

/** What is to be looked at when the state changes, item by item. */
export const CheckList = z.object({
  identityId: IdentityId,
  before: ParliamentState,
  state: ParliamentState,
  /** When the state begins or began. */
  at: Instant,
  until: Instant.nullable(),
  freezes: Freeze,
  items: z.array(CheckItem),
})
export type CheckList = z.infer<typeof CheckList>
