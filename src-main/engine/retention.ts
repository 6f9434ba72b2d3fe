import { canonical } from '#archive/canonical.ts'
import { nodeSha256 } from '#archive/sha256-node.ts'
import type { Ports } from '#ports/index.ts'
import type { Disposal } from '#shared/contract/index.ts'
import { type IdentityId, type JobId, ProblemError } from '#shared/model/index.ts'
import type { Store } from '#store/store.ts'
import type { Changes } from './changes.ts'
import type { JobControl, Jobs } from './jobs.ts'
import type { Ledgers } from './ledgers.ts'
import { Rounds } from './rounds.ts'

/** From the proposal of a disposal to the day on which it can be carried out. */
const GRACE_MS = 14 * 24 * 3_600_000
/** How often it is looked whether one is due. */
const LOOK_EVERY_MS = 3_600_000
/** Messages removed in one transaction: a fraction of a second. */
const STEP = 50

export interface RetentionOptions {
  store: Store
  ports: Ports
  ledgers: Ledgers
  jobs: Jobs
  changes: Changes
}

/** Carries out what two people decided to let go, and certifies it. */
export class Retention {
  private readonly options: RetentionOptions
  private readonly rounds: Rounds
  /** Disposals that are being carried out. */
  private readonly jobsById = new Map<string, JobId>()
  /** One at a time: they share the rewriting of the database. */
  private turn: Promise<unknown> = Promise.resolve()

  constructor(options: RetentionOptions) {
    this.options = options
    this.rounds = new Rounds(options.ports, LOOK_EVERY_MS, 'disposal.not_begun', () => this.startDue())
  }

  /** Carries out what is approved and due, and goes on with what was interrupted, now and from time to time. */
  start(): void {
    this.rounds.start()
  }

  stop(): Promise<void> {
    return this.rounds.stop()
  }

  /** Starts a job for every disposal that is due. */
  async startDue(): Promise<JobId[]> {
    const due = await this.options.store.read.disposalsDue(this.now())
    return due.map(({ id, identityId }) => this.begin(identityId, id))
  }

  /** Everything by one person, or, without a handle, everything whose time is up. @throws `disposal_nothing`, `not_found` */
  propose(input: { identityId: IdentityId; handle: string | null; reason: string; by: string }): Promise<Disposal> {
    const now = this.options.ports.clock.now()
    const at = new Date(now).toISOString()
    return this.options.store.write.proposeDisposal({ ...input, at, dueAt: new Date(now + GRACE_MS).toISOString() })
  }

  /** Starts or goes on. @throws `disposal_not_due`, `disposal_closed`, `not_found`, `voice_mismatch` */
  async carryOut(identityId: IdentityId, id: string): Promise<JobId> {
    const { state, dueAt } = await this.options.store.read.disposal(identityId, id)
    if (state === 'withdrawn' || state === 'done') throw new ProblemError('disposal_closed', { state })
    const begun = state === 'running' || state === 'removed'
    if (!begun && (state !== 'approved' || this.now() < dueAt)) throw new ProblemError('disposal_not_due', { date: dueAt })
    return this.begin(identityId, id)
  }

  private begin(identityId: IdentityId, id: string): JobId {
    const under = this.jobsById.get(id)
    if (under) return under
    const job = this.options.jobs.start('disposal', id, async (control) => {
      const before = this.turn
      const work = before.then(() => this.work(identityId, id, control))
      this.turn = work.catch(() => undefined)
      try {
        await work
        return null
      } finally {
        this.jobsById.delete(id)
      }
    })
    this.jobsById.set(id, job)
    return job
  }

  /** Every step is one transaction, and knows from the database what is left: a kill costs at most the last one. */
  private async work(identityId: IdentityId, id: string, control: JobControl): Promise<void> {
    const { store, ledgers } = this.options
    const { going } = await store.read.disposal(identityId, id)
    for (let done = 0; ; done += STEP) {
      control.signal.throwIfAborted()
      const more = await store.write.disposeStep(id, this.now(), STEP)
      control.progress(Math.min(done + STEP, going), going)
      this.tell()
      if (!more) break
    }
    await store.write.disposeRest(id)
    while (await store.write.disposeWords()) control.signal.throwIfAborted()
    control.signal.throwIfAborted()
    await store.rewrite()
    const at = this.now()
    const certificate = await this.certify(identityId, id, at)
    const hash = nodeSha256.hex(certificate)
    await store.write.finishDisposal({ identityId, id, at, certificate, hash })
    this.tell()
    await ledgers.checkpoint(identityId)
  }

  private tell(): void {
    this.options.changes.publish({ kind: 'conversations', arrived: [], changed: [], more: true })
    this.options.changes.publish({ kind: 'badges' })
  }

  /** The signed note about a disposal (docs/formats.md): nothing in it says what was removed but the numbers of its entries. */
  private async certify(identityId: IdentityId, id: string, at: string): Promise<string> {
    const { store, ledgers } = this.options
    const { disposal, entries, kept, backups } = await store.read.removed(identityId, id)
    const text = canonical({
      approvedAt: disposal.approved?.at ?? null,
      approvedBy: disposal.approved?.by ?? null,
      backups: backups.map(({ file, madeAt }) => ({ file: file.replace(/\p{Cc}/gu, '\ufffd'), madeAt })),
      carriedOutAt: at,
      cause: disposal.cause,
      disposal: id,
      entries,
      identity: identityId,
      kept,
      messages: disposal.gone,
      office: store.officeId,
      proposedAt: disposal.proposed.at,
      proposedBy: disposal.proposed.by,
      reason: disposal.reason,
      rule: disposal.rule,
      v: 1,
    })
    return ledgers.signText(identityId, `${text}\n`)
  }

  private now(): string {
    return new Date(this.options.ports.clock.now()).toISOString()
  }
}
