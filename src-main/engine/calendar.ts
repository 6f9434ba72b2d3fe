import { open } from 'node:fs/promises'
import { nodeSha256 } from '#archive/sha256-node.ts'
import type { Ports } from '#ports/index.ts'
import {
  type Calendar,
  type CalendarPeriod,
  type CalendarState,
  type CheckList,
  type CheckName,
  type CheckOutcome,
  type IdentityId,
  type Instant,
  type OutgoingContent,
  type ParliamentState,
  type Problem,
  ProblemError,
} from '#shared/model/index.ts'
import { isZone } from '#shared/time/index.ts'
import type { StoredCalendar } from '#store/calendar.ts'
import type { Store } from '#store/store.ts'
import { changesAround, countOf } from '#voices/calendar/check-list.ts'
import { defaultWords, freezesOf, OUTSIDE } from '#voices/calendar/defaults.ts'
import { instantOf, mayPublish, stateAt } from '#voices/calendar/gate.ts'
import { readCalendar } from '#voices/calendar/ical.ts'
import { meaningOf } from '#voices/calendar/words.ts'
import type { Changes } from './changes.ts'

/** Bytes of one calendar: some ten thousand events. */
const MOST_BYTES = 5_000_000
const TIMEOUT_MS = 30_000
/** What recurs is followed so long back and ahead. */
const BACK_MS = 2 * 366 * 86_400_000
const AHEAD_MS = 5 * 366 * 86_400_000
/** Items of the outbox that a check-list counts. */
const MOST_WAITING = 2000

type Who = { identityId: IdentityId; by: string }

/** What is to be set; what is left out stays. */
export interface CalendarChange {
  zone?: string | null | undefined
  outside?: ParliamentState | null | undefined
  words?: StoredCalendar['words'] | undefined
  freezes?: StoredCalendar['freezes'] | undefined
}

/** What importing a calendar did. */
export interface CalendarImport {
  added: number
  /** Periods that had come from the same source before. */
  removed: number
  /** Events that mean nothing by the office's words. */
  ignored: number
}

type Signing = Who & { state: ParliamentState; at: Instant; name: CheckName; reason: string; outcome: CheckOutcome | null }

/** The parliamentary calendar of each identity. The state is derived from the clock whenever it is asked for, and stored nowhere. */
export class Calendars {
  private readonly store: Store
  private readonly ports: Ports
  private readonly changes: Changes

  constructor(store: Store, ports: Ports, changes: Changes) {
    this.store = store
    this.ports = ports
    this.changes = changes
  }

  /** @throws `not_found` */
  async calendar(identityId: IdentityId): Promise<Calendar> {
    const { voice, zone, outside, words, freezes, periods } = await this.store.read.calendar(identityId)
    return {
      identityId,
      zone: zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
      outside: outside ?? OUTSIDE,
      words: words ?? [...defaultWords],
      freezes: freezesOf(voice, freezes),
      periods,
    }
  }

  /** @throws `not_found` */
  async state(identityId: IdentityId): Promise<CalendarState> {
    return stateAt(await this.calendar(identityId), this.ports.clock.now())
  }

  /** Why an identity may not publish something at a moment; null when it may. @throws `not_found` */
  async mayPublish(identityId: IdentityId, content: OutgoingContent, at: Instant): Promise<Problem | null> {
    return mayPublish(await this.calendar(identityId), content, at)
  }

  /** @throws `not_found`, `bad_request`, `calendar_full` */
  async add(input: Who & Pick<CalendarPeriod, 'state' | 'from' | 'until' | 'title'>): Promise<CalendarPeriod> {
    const period = await this.store.write.addPeriod({ ...input, at: this.now() })
    this.tell()
    return period
  }

  /** @throws `not_found`, `voice_mismatch` */
  async remove(input: Who & { id: string }): Promise<void> {
    await this.store.write.removePeriod({ ...input, at: this.now() })
    this.tell()
  }

  /** @throws `not_found`, `bad_request` for a zone that nobody knows, or to freeze a personal identity. */
  async set({ identityId, by, ...change }: Who & CalendarChange): Promise<Calendar> {
    const { zone, freezes } = change
    if (zone !== undefined && zone !== null && !isZone(zone))
      throw new ProblemError('bad_request', { detail: `there is no time zone named ${zone}` })
    const stored = await this.store.read.calendar(identityId)
    if (freezes && stored.voice === 'personal' && Object.values(freezes).some((freeze) => freeze !== 'none'))
      throw new ProblemError('bad_request', { detail: 'a personal identity is never frozen' })
    await this.store.write.setCalendar({
      identityId,
      by,
      at: this.now(),
      zone: zone === undefined ? stored.zone : zone,
      outside: change.outside === undefined ? stored.outside : change.outside,
      words: change.words === undefined ? stored.words : change.words,
      freezes: { ...stored.freezes, ...freezes },
    })
    this.tell()
    return this.calendar(identityId)
  }

  /**
   * Reads a calendar from a file or an address, in the place of what came from there before. Where anything is wrong with it, nothing is
   * changed.
   * @param input.from An absolute path, or an address (`https:`, `http:`, `webcal:`).
   * @throws `calendar_...`, `file_unreadable`, `too_large`, what asking a server can meet.
   */
  async import({ identityId, by, from }: Who & { from: string }): Promise<CalendarImport> {
    const { zone, words } = await this.calendar(identityId)
    const bytes = /^(https?|webcal):\/\//i.test(from) ? await this.fetched(from) : await fileBytes(from)
    const now = this.ports.clock.now()
    const { periods, ignored } = readCalendar(new TextDecoder().decode(bytes), {
      source: from,
      zone,
      meaning: meaningOf(words),
      since: now - BACK_MS,
      horizon: now + AHEAD_MS,
    })
    if (periods.length === 0) throw new ProblemError('calendar_empty', { source: from })
    const sha256 = nodeSha256.hex(bytes)
    const done = await this.store.write.importPeriods({ identityId, by, source: from, sha256, periods, at: this.now() })
    this.tell()
    return { ...done, ignored }
  }

  /** What the change that led to now, and the next one, ask for. @throws `not_found` */
  async checkLists(identityId: IdentityId): Promise<CheckList[]> {
    const [calendar, checks, items] = await Promise.all([
      this.calendar(identityId),
      this.store.read.calendarChecks(identityId),
      this.store.read.waitingItems(identityId, MOST_WAITING),
    ])
    const waiting = items.map(({ content, notBefore, toConfirm, reason }) => {
      return { content, notBefore, held: toConfirm && (reason?.code.startsWith('calendar_') ?? false) }
    })
    return changesAround(calendar, this.ports.clock.now()).map(({ before, segment, names }) => {
      const at = new Date(segment.from).toISOString()
      const { state } = segment
      const found = names.map((name) => {
        const check = checks.find((one) => one.state === state && one.beganAt === at && one.name === name)
        const signed = check ? { outcome: check.outcome, by: check.by, at: check.at, reason: check.reason } : null
        return { name, count: countOf(calendar, name, segment, waiting), check: signed }
      })
      return { identityId, before, state, at, until: instantOf(segment.until), freezes: calendar.freezes[state], items: found }
    })
  }

  /** Signs an item of a check-list, or takes that back. @throws `not_found` when it is on none. */
  async sign({ identityId, by, state, at, name, reason, outcome }: Signing): Promise<CheckList[]> {
    const lists = await this.checkLists(identityId)
    const there = lists.some((list) => list.state === state && list.at === at && list.items.some((item) => item.name === name))
    if (!there) throw new ProblemError('not_found', { what: 'item of a check-list', id: name })
    await this.store.write.setCheck({ identityId, by, at: this.now(), state, beganAt: at, name, reason, outcome })
    this.tell()
    return this.checkLists(identityId)
  }

  private async fetched(address: string): Promise<Uint8Array> {
    const url = address.replace(/^webcal:/i, 'https:')
    if (!URL.canParse(url)) throw new ProblemError('address_invalid', { address })
    const { status, body } = await this.ports.http.fetch({ url, maxBytes: MOST_BYTES, timeoutMs: TIMEOUT_MS, maxRedirects: 5 })
    if (status !== 200) throw new ProblemError('server_error', { host: new URL(url).host, detail: `HTTP ${status}` })
    return body
  }

  private tell(): void {
    this.changes.publish({ kind: 'calendar' })
  }

  private now(): string {
    return new Date(this.ports.clock.now()).toISOString()
  }
}

/** @throws `file_unreadable`, `too_large` */
async function fileBytes(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path)
    try {
      const { size } = await file.stat()
      if (size > MOST_BYTES) throw new ProblemError('too_large', { size, limit: MOST_BYTES })
      return await file.readFile()
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof ProblemError) throw error
    const detail = (error as NodeJS.ErrnoException).code ?? 'unreadable'
    throw new ProblemError('file_unreadable', { path, detail }, { cause: error })
  }
}
