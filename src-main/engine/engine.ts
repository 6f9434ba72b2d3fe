import type { Rendered } from '#connectors/connector.ts'
import type { Ports } from '#ports/index.ts'
import type { OfficeStatus } from '#shared/contract/index.ts'
import { type Identity, type MessageContent, type MessageId, type Network, ProblemError } from '#shared/model/index.ts'
import type { StoredFile } from '#store/files.ts'
import type { Source, Store } from '#store/store.ts'
import { Accounts } from './accounts.ts'
import { Calendars } from './calendar.ts'
import { Changes } from './changes.ts'
import { ClockWatch } from './clock-watch.ts'
import { CoverageKeeper } from './coverage.ts'
import { Drafts } from './drafts.ts'
import { Figures } from './figures.ts'
import { Guarding } from './guard.ts'
import { Jobs } from './jobs.ts'
import { Labels } from './labels.ts'
import { Ledgers } from './ledgers.ts'
import type { Connectors } from './networks.ts'
import { Outbox } from './outbox/outbox.ts'
import { Retention } from './retention.ts'
import { Searches } from './searches.ts'
import { Snoozes } from './snoozes.ts'
import { Triage } from './triage.ts'

/** Bytes of a file that is handed to a window as a whole. */
const MOST_SHOWN = 1024 ** 3

export interface EngineOptions {
  store: Store
  ports: Ports
  connectors: Connectors
  /** Whether accounts are kept in step by themselves; the CLI syncs when told to. */
  autostart: boolean
  /** How long after the office opened all begins that happens by itself, in ms; 0 where nobody waits for a window. */
  settleMs?: number
  /** In [0, 1); spreads retries. */
  random: () => number
}

/** Everything that happens in an office by itself or on a person's word, the same in every host. */
export class Engine {
  readonly store: Store
  readonly ports: Ports
  readonly changes = new Changes()
  readonly jobs: Jobs
  readonly accounts: Accounts
  readonly coverage: CoverageKeeper
  readonly triage: Triage
  readonly labels: Labels
  readonly drafts: Drafts
  readonly guarding: Guarding
  readonly ledgers: Ledgers
  readonly outbox: Outbox
  readonly calendars: Calendars
  readonly figures: Figures
  readonly retention: Retention
  readonly searches: Searches
  private readonly connectors: Connectors
  private readonly snoozes: Snoozes
  private readonly clockWatch: ClockWatch
  private readonly autostart: boolean
  private readonly settleMs: number
  /** Ends what a person is waiting for from a network. */
  private readonly closing = new AbortController()

  constructor(options: EngineOptions) {
    const { store, ports, connectors, autostart, settleMs = 0, random } = options
    this.store = store
    this.ports = ports
    this.connectors = connectors
    this.autostart = autostart
    this.settleMs = settleMs
    this.jobs = new Jobs(
      (job) => this.changes.publish({ kind: 'job', job }),
      () => ports.clock.monotonic(),
    )
    this.coverage = new CoverageKeeper(store, ports.clock, ports.log)
    this.accounts = new Accounts({
      store,
      ports,
      connectors,
      changes: this.changes,
      coverage: this.coverage,
      autostart: autostart && !store.readOnly,
      random,
      changed: (id) => this.outbox.accountChanged(id),
    })
    this.calendars = new Calendars(store, ports, this.changes)
    this.outbox = new Outbox({ store, ports, changes: this.changes, accounts: this.accounts, calendars: this.calendars, random })
    this.figures = new Figures(store, ports, this.accounts)
    this.ledgers = new Ledgers(store, ports)
    this.retention = new Retention({ store, ports, ledgers: this.ledgers, jobs: this.jobs, changes: this.changes })
    this.searches = new Searches(store, ports.clock, this.changes)
    this.snoozes = new Snoozes(store, ports.clock, this.changes, ports.log)
    this.clockWatch = new ClockWatch(ports.clock, () => {
      ports.log.warn('clock.jumped')
      this.changes.publish({ kind: 'office' })
      this.snoozes.changed()
      this.outbox.clockMoved()
    })
    this.labels = new Labels(store, ports.clock, this.changes)
    this.guarding = new Guarding(store, ports, this.accounts, this.calendars)
    this.drafts = new Drafts(store, ports.clock, this.changes)
    this.triage = new Triage({
      store,
      clock: ports.clock,
      changes: this.changes,
      keepsReadFlag: () => this.accounts.keepingReadFlag(),
      queued: (accounts) => this.accounts.pushActs(accounts),
      snoozed: () => this.snoozes.changed(),
    })
  }

  async open(): Promise<void> {
    if (!this.store.readOnly) this.coverage.start()
    await this.accounts.open()
    if (this.store.readOnly) return
    if (!this.autostart) {
      // Nobody watches the clock here, so what is due is woken before anybody looks.
      await this.snoozes.wakeDue()
      await this.ledgers.signDue()
      return
    }
    if (this.settleMs === 0) this.begin()
    else {
      // Closed before that, nothing begins.
      const begin = () => this.begin()
      this.ports.clock.sleep(this.settleMs, this.closing.signal).then(begin, () => undefined)
    }
  }

  /** Begins what happens by itself. */
  private begin(): void {
    this.accounts.begin()
    this.snoozes.start()
    this.ledgers.start()
    this.retention.start()
    this.clockWatch.start()
    this.figures.start()
    this.outbox.start().catch((error: unknown) => {
      this.ports.log.error('outbox.failed', { error: error instanceof Error ? error.message : String(error) })
    })
  }

  /** What the office must be warned of, for as long as it holds. */
  warnings(): OfficeStatus['warnings'] {
    const warnings: OfficeStatus['warnings'] = []
    if (this.ports.secrets.kind === 'file') warnings.push('key_in_file')
    if (this.store.readOnly) warnings.push('corrupt')
    if (this.accounts.list().some((account) => account.status.reason?.code === 'disk_full')) warnings.push('disk_full')
    if (this.clockWatch.jumped) warnings.push('clock_jumped')
    return warnings
  }

  /** Makes an identity, with a ledger that begins with the key that signs it. */
  async addIdentity(input: Parameters<Store['write']['addIdentity']>[0]): Promise<Identity> {
    const identity = await this.store.write.addIdentity(input)
    await this.ledgers.begin(identity.id)
    this.changes.publish({ kind: 'identities' })
    return identity
  }

  /** What a message says, derived from the network's own bytes. @throws `not_found` */
  async content(id: MessageId): Promise<MessageContent> {
    const source = await this.source(id)
    const rendered = await this.render(source.network, source.raw, source.mediaType)
    return { messageId: id, html: rendered.html, text: rendered.text, damaged: rendered.damaged }
  }

  /** What a person reads of captured bytes. */
  render(network: Network, raw: Uint8Array, mediaType: string): Promise<Rendered> {
    return this.connectors[network].render(raw, mediaType)
  }

  /**
   * One attachment's decoded bytes; what the message only names is fetched from there now, and not kept.
   * @throws `not_found`; for what is fetched `attachment_unavailable`, `too_large` and what a connection can meet.
   */
  async attachment(id: MessageId, index: number): Promise<{ name: string; mediaType: string; bytes: Uint8Array }> {
    const message = await this.store.read.message(id)
    const attachment = message?.attachments.find((candidate) => candidate.index === index)
    if (!attachment) throw new ProblemError('not_found', { what: 'attachment', id: `${id}/${index}` })
    const { name, mediaType } = attachment
    const file = await this.store.read.attachmentFile(id, index)
    if (file) return { name, mediaType, bytes: await this.whole(file) }
    const source = await this.source(id)
    const connector = this.connectors[source.network]
    const bytes =
      (await connector.attachment(source.raw, source.mediaType, index)) ??
      (await connector.fetchAttachment?.({ ...source, index }, this.ports.http, this.closing.signal))
    if (!bytes) throw new ProblemError('not_found', { what: 'attachment', id: `${id}/${index}` })
    return { name, mediaType, bytes }
  }

  /** A file of the office in memory. */
  private async whole(file: StoredFile): Promise<Uint8Array> {
    if (file.size > MOST_SHOWN) throw new ProblemError('too_large', { size: file.size, limit: MOST_SHOWN })
    const pieces: Uint8Array[] = []
    for await (const piece of this.store.open(file)) pieces.push(piece)
    return Buffer.concat(pieces)
  }

  /** The network's own bytes of one version of a message, by default the newest. @throws `not_found` */
  async source(id: MessageId, version: number | null = null): Promise<Source> {
    const source = await this.store.read.source(id, version)
    if (!source) throw new ProblemError('not_found', { what: 'message', id })
    return source
  }

  /** Writes a backup, and remembers it: certificates name the backups that still have what was removed. */
  async backup(file: string): Promise<{ bytes: number }> {
    const made = await this.store.write.backup(file)
    if (!this.store.readOnly) await this.store.write.noteBackup(file, new Date(this.ports.clock.now()).toISOString())
    return made
  }

  /** Stops everything that runs, waits for what is being saved, closes the store. */
  async close(): Promise<void> {
    this.closing.abort(new ProblemError('cancelled'))
    this.clockWatch.stop()
    await Promise.all([
      this.snoozes.stop(),
      this.ledgers.stop(),
      this.retention.stop(),
      this.jobs.close(),
      this.accounts.close(),
      this.figures.stop(),
      this.outbox.stop(),
    ])
    await this.coverage.stop()
    this.changes.close()
    await this.store.close()
  }
}
