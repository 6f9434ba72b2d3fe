import { oc } from '@orpc/contract'
import { z } from 'zod'
import {
  Calendar,
  CalendarPeriod,
  CalendarState,
  CalendarWord,
  CheckList,
  CheckName,
  CheckOutcome,
  IdentityId,
  Instant,
  MOST_WORDS,
  OwnFreezes,
  ParliamentState,
} from '../model/index.ts'

const count = z.number().int().nonnegative()
/** One line without control characters: it stands in the ledger. */
const line = (least: number, most: number) =>
  z
    .string()
    .trim()
    .min(least)
    .max(most)
    .regex(/^\P{Cc}*$/u)
/** Who does it, by the name they go by in the office. */
const by = line(1, 200)
const identity = z.object({ identityId: IdentityId })
const acting = identity.extend({ by })
const item = acting.extend({ state: ParliamentState, at: Instant, name: CheckName })

/** Calls about what an identity may say when. Everything that is done here is a `policy` entry of the identity's ledger. */
export const voicesContract = {
  /** The state of the identity's parliament now, until when, what that freezes, and what comes next. */
  state: oc.input(identity).output(CalendarState),
  calendar: oc.input(identity).output(Calendar),
  /** @throws `calendar_full`, `bad_request` when it ends before it begins. */
  addPeriod: oc
    .input(acting.extend({ state: ParliamentState, from: Instant, until: Instant.nullable(), title: CalendarPeriod.shape.title }))
    .output(CalendarPeriod),
  removePeriod: oc.input(acting.extend({ id: CalendarPeriod.shape.id })).output(z.object({})),
  /**
   * Reads an iCalendar file (RFC 5545), by its path or its address, in the place of what came from there before. `ignored`: events that
   * mean nothing by the office's words. @throws `calendar_...`; then nothing is changed.
   */
  importCalendar: oc
    .input(acting.extend({ from: z.string().trim().min(1).max(4096) }))
    .output(z.object({ added: count, removed: count, ignored: count })),
  /** Sets what is named; null: as the program has it. @throws `bad_request` for a zone that nobody knows. */
  setCalendar: oc
    .input(
      acting.extend({
        zone: z.string().min(1).max(100).nullable().optional(),
        outside: ParliamentState.nullable().optional(),
        words: z.array(CalendarWord).max(MOST_WORDS).nullable().optional(),
        freezes: OwnFreezes.optional(),
      }),
    )
    .output(Calendar),
  /** What the change that led to now, and the next one, ask for; those that ask for nothing are left out. */
  checkLists: oc.input(identity).output(z.array(CheckList)),
  /** Says of an item that it was done, or signs for leaving it. @throws `not_found` when it is on no check-list now. */
  check: oc.input(item.extend({ outcome: CheckOutcome, reason: line(0, 1000) })).output(z.array(CheckList)),
  /** Takes that back. */
  uncheck: oc.input(item).output(z.array(CheckList)),
}
