import { type Gap, type SeenState, type Share, shareOf } from '#archive/coverage.ts'
import type { Clock, Log } from '#ports/index.ts'
import type { Coverage, CoverageQuestion } from '#shared/contract/index.ts'
import type { AccountId, AccountStatus, CoverageReason, IdentityId, Instant } from '#shared/model/index.ts'
import type { AccountCoverage, CoverageQuery, CoverageSeen, Store } from '#store/store.ts'

/** How often it is looked whether the machine is awake. */
const BEAT_MS = 30_000
/** A pause between two looks that no busy machine explains: it slept, or its clock was set forward. */
const ASLEEP_MS = BEAT_MS + 120_000
/** The wall clock ran ahead of the steady one by more than any correction of it: the machine slept, or the clock was set. */
const AHEAD_MS = BEAT_MS
/** What is the same as before is written down at most so often: while an account is watched, and while it is not. */
const SAVE_MS = { seen: 60_000, lasting: 15 * 60_000 }
/** Gaps of one account in an answer; the longest are told. */
const MOST_GAPS = 200

type Owner = { id: AccountId; identityId: IdentityId }

/** What is known of one account since the program started. */
interface Trail {
  owner: Owner
  state: SeenState
  /** The stretch of time without sleep in which it was last seen. */
  stretch: number
  /** Somebody still looks at it. */
  followed: boolean
  /** What is not written down yet, oldest first. */
  unsaved: CoverageSeen[]
  /** By the clock that cannot jump; -Infinity when there is something to write down at once. */
  savedAt: number
}

/** What an account's status says of it while it is not in step. */
export function stateOf({ phase, reason }: Pick<AccountStatus, 'phase' | 'reason'>): SeenState {
  if (phase === 'paused') return 'paused'
  if (reason?.code === 'rate_limited') return 'throttled'
  // A certificate that is not trusted is no lost login: there was no connection.
  if (phase === 'needs_login' && !reason?.code.startsWith('tls_')) return 'logged_out'
  return 'offline'
}

/** Keeps when each account was watched. What the machine slept through and what nobody saw is not claimed. */
export class CoverageKeeper {
  private readonly store: Store
  private readonly clock: Clock
  private readonly log: Log
  private readonly stopping = new AbortController()
  private readonly trails = new Map<AccountId, Trail>()
  private running: Promise<void> = Promise.resolve()
  private saving: Promise<void> = Promise.resolve()
  /** Counts stretches of time in which the machine was awake, and when the present one began. */
  private stretch = 0
  private awakeSince: number
  private lookedAt: number
  /** The same moment by the clock that cannot jump. */
  private steadyAt: number

  constructor(store: Store, clock: Clock, log: Log) {
    this.store = store
    this.clock = clock
    this.log = log
    this.awakeSince = clock.now()
    this.lookedAt = this.awakeSince
    this.steadyAt = clock.monotonic()
  }

  start(): void {
    this.running = this.run()
  }

  /** Writes down what is known. Nothing is seen after that. */
  async stop(): Promise<void> {
    this.stopping.abort()
    await this.running
    this.beat()
    await this.save(true)
  }

  /**
   * An account was seen in a state from `from` (ms since 1970) until now.
   * @param reach With the end of a first sync: nothing older was handed out by the network.
   */
  saw(owner: Owner, state: SeenState, from: number, reach: Instant | null = null): void {
    if (this.store.readOnly) return
    const now = this.look()
    const known = this.trails.get(owner.id)
    const trail = known ?? { owner, state, stretch: this.stretch, followed: true, unsaved: [], savedAt: -Infinity }
    const joined = known?.followed === true && known.stretch === this.stretch
    if (!joined || trail.state !== state || reach !== null) trail.savedAt = -Infinity
    const to = new Date(now).toISOString()
    const last = trail.unsaved.at(-1)
    if (last && joined && last.state === state && reach === null) last.to = to
    else {
      const begin = new Date(Math.min(now, Math.max(from, this.awakeSince))).toISOString()
      trail.unsaved.push({ accountId: owner.id, identityId: owner.identityId, state, from: begin, to, joined, reach })
    }
    this.trails.set(owner.id, Object.assign(trail, { state, stretch: this.stretch, followed: true }))
    void this.save(false)
  }

  /** Nobody looks at an account any more, as after one sync at the command line. */
  left(id: AccountId): void {
    const trail = this.trails.get(id)
    if (trail) trail.followed = false
  }

  /** How much of a time accounts were watched. Null: all of them; since each has been here; until now. */
  async ask(question: CoverageQuestion): Promise<Coverage> {
    const found = await this.known({ ...question, from: null, to: null })
    const now = new Date(this.look()).toISOString()
    const to = question.to === null || question.to > now ? now : question.to
    const accounts = found.map((account) => ({ account, share: this.share(account, question.from, to) }))
    return summary(accounts, to)
  }

  /** What accounts were doing in a time, up to what was last seen. */
  async known(query: CoverageQuery): Promise<AccountCoverage[]> {
    this.beat()
    await this.save(true)
    return this.store.read.coverage(query)
  }

  private share({ accountId, since, intervals }: AccountCoverage, from: Instant | null, to: Instant): Share {
    const trail = this.trails.get(accountId)
    const seen = trail?.followed && trail.stretch === this.stretch ? trail.state : null
    const last = intervals.at(-1)
    if (!last || last.to >= to) return shareOf(intervals, since, from, to)
    // Whether an account is watched at this moment is known with the next pass: the answer ends with the last one.
    if (seen === 'watched' || seen === 'backfilling') return shareOf(intervals, since, from, last.to)
    const state = seen ?? (last.state === 'paused' ? 'paused' : 'closed')
    return shareOf([...intervals, { state, from: last.to, to }], since, from, to)
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const awake = await this.clock.sleep(BEAT_MS, this.stopping.signal).then(
        () => true,
        () => false,
      )
      if (!awake) return
      this.beat()
      await this.save(false)
    }
  }

  /** Notices sleep, and goes on with what lasts by itself: an account that is not watched stays so until it is. */
  private beat(): void {
    this.look()
    for (const { owner, state, followed } of this.trails.values())
      if (followed && state !== 'watched' && state !== 'backfilling') this.saw(owner, state, this.awakeSince)
  }

  /** The wall clock's time; begins a new stretch when the machine slept since the last look. */
  private look(): number {
    const now = this.clock.now()
    const steady = this.clock.monotonic()
    const shown = now - this.lookedAt
    const passed = steady - this.steadyAt
    // By either clock: one may stand still meanwhile, the other may have been set back.
    if (shown > ASLEEP_MS || passed > ASLEEP_MS || shown - passed > AHEAD_MS) {
      this.stretch++
      this.awakeSince = now
    }
    this.lookedAt = now
    this.steadyAt = steady
    return now
  }

  /** Writes down what is due, or all there is. */
  private save(all: boolean): Promise<void> {
    const now = this.clock.monotonic()
    const due = [...this.trails.values()].some(
      ({ unsaved, savedAt, state }) =>
        unsaved.length > 0 &&
        (all || now - savedAt >= (state === 'watched' || state === 'backfilling' ? SAVE_MS.seen : SAVE_MS.lasting)),
    )
    if (due) this.saving = this.saving.then(() => this.write())
    return this.saving
  }

  private async write(): Promise<void> {
    const trails = [...this.trails.values()].filter(({ unsaved }) => unsaved.length > 0)
    if (trails.length === 0) return
    const sent = trails.map((trail) => ({ trail, seen: trail.unsaved.splice(0) }))
    for (const trail of trails) trail.savedAt = this.clock.monotonic()
    try {
      await this.store.write.cover(sent.flatMap(({ seen }) => seen))
    } catch (error) {
      // Kept, and written with what comes next: a full disk leaves no hole.
      for (const { trail, seen } of sent) trail.unsaved.unshift(...seen)
      this.log.error('coverage.not_saved', { error: error instanceof Error ? error.message : String(error) })
    }
  }
}

/** The answer for several accounts: their times added up. */
function summary(accounts: readonly { account: AccountCoverage; share: Share }[], to: Instant): Coverage {
  const unwatched = new Map<CoverageReason, number>()
  for (const { share } of accounts)
    for (const { reason, from, to } of share.gaps)
      unwatched.set(reason, (unwatched.get(reason) ?? 0) + Date.parse(to) - Date.parse(from))
  const ms = accounts.reduce((sum, { share }) => sum + share.ms, 0)
  const watchedMs = accounts.reduce((sum, { share }) => sum + share.watchedMs, 0)
  return {
    from: accounts.map(({ share }) => share.from).sort()[0] ?? null,
    to,
    watched: ms === 0 ? null : watchedMs / ms,
    unwatched: [...unwatched].map(([reason, ms]) => ({ reason, ms })).sort((one, other) => other.ms - one.ms),
    accounts: accounts.map(({ account: { accountId, identityId }, share }) => ({
      accountId,
      identityId,
      from: share.from,
      to: share.to,
      watched: share.ms === 0 ? null : share.watchedMs / share.ms,
      gaps: longest(share.gaps),
      more: Math.max(0, share.gaps.length - MOST_GAPS),
    })),
  }
}

/** The longest gaps, in time order. */
function longest(gaps: readonly Gap[]): Gap[] {
  const length = ({ from, to }: Gap) => Date.parse(to) - Date.parse(from)
  const chosen = new Set([...gaps].sort((one, other) => length(other) - length(one)).slice(0, MOST_GAPS))
  return gaps.filter((gap) => chosen.has(gap))
}
