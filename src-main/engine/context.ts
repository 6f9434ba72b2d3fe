import type { Batch, Committed, Connector, Context, IncomingMessage, KeptFile, KnownPlace } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import type { Ports } from '#ports/index.ts'
import { type Instant, type Network, ProblemError, type Progress, type SendLimits } from '#shared/model/index.ts'
import type { NewFile } from '#store/files.ts'
import type { BatchResult, Store, StoreBatch, StoredAccount, StoreMessage } from '#store/store.ts'
import { capabilitiesOf, type SettingsByNetwork, storedSettings } from './networks.ts'
import { accountSecret } from './secrets.ts'

/** Batches of one account that may be on their way to the store at the same time. */
const MAX_IN_FLIGHT = 2
/** Older unread mail of a first sync or an import asks for no reply any more. */
const RECENT_MS = 30 * 24 * 60 * 60_000

/** An account's new place on its network. */
export type Moved = NonNullable<StoreBatch['moved']>

/** Files that were put into the office and wait for the batch that names them. */
export class KeptFiles {
  readonly #store: Store
  readonly #waiting = new Map<string, NewFile>()

  constructor(store: Store) {
    this.#store = store
  }

  take(file: NewFile): void {
    const before = this.#waiting.get(file.sha256)
    // Two messages of one batch may have the same picture.
    if (before && file.file !== null && before.file !== null) this.#store.drop(file.file)
    else if (!before || before.file === null) this.#waiting.set(file.sha256, file)
  }

  /** The message as the store takes it. */
  give(message: IncomingMessage): StoreMessage {
    const { media, ...rest } = message
    if (!media || media.length === 0) return rest
    return { ...rest, media: media.map(({ index, sha256, size }) => ({ index, ...this.#find(sha256, size) })) }
  }

  #find(sha256: string, size: number): NewFile {
    return this.#waiting.get(sha256) ?? { sha256, size, file: null, key: null }
  }

  /** A batch is durable: what it named is the office's now. */
  saved(messages: readonly StoreMessage[]): void {
    for (const { media } of messages) for (const { sha256 } of media ?? []) this.#waiting.delete(sha256)
  }

  /** Removes what no batch named. */
  drop(): void {
    for (const { file } of this.#waiting.values()) if (file !== null) this.#store.drop(file)
    this.#waiting.clear()
  }
}

export interface ContextOptions<N extends Network> {
  store: Store
  ports: Ports
  account: StoredAccount
  connector: Connector<SettingsByNetwork[N]>
  settings: SettingsByNetwork[N]
  /** Whether what arrives is history (first sync, import) rather than news. */
  backfill: () => boolean
  committed: (result: BatchResult) => void
  kept: KeptFiles
  /** Changed settings were saved with a batch. */
  moved: (moved: Moved) => void
  progress: (progress: Progress) => void
  /** @see Context.reaches */
  reaches: (oldest: Instant) => void
  /** @see Context.limits */
  limits: (limits: SendLimits) => void
}

/** What a connector is given for one account of the office: the store behind the connector's own words. */
export function accountContext<N extends Network>(options: ContextOptions<N>): Context<SettingsByNetwork[N]> {
  const { store, ports, account } = options
  let settings = options.settings
  let unsaved: SettingsByNetwork[N] | null = null
  const inFlight = new Set<Promise<unknown>>()
  const { kept } = options

  const commit = async (batch: Batch): Promise<Committed> => {
    while (inFlight.size >= MAX_IN_FLIGHT) await Promise.race(inFlight)
    const now = ports.clock.now()
    const moved: Moved | null =
      unsaved === null
        ? null
        : { settings: storedSettings(account.network, unsaved), address: options.connector.address(unsaved) }
    const stored: StoreBatch = {
      ...batch,
      messages: batch.messages.map((message) => kept.give(message)),
      accountId: account.id,
      identityId: account.identityId,
      network: account.network,
      reset: batch.reset ?? false,
      settled: batch.settled ?? false,
      capturedAt: new Date(now).toISOString(),
      origin: batch.stream.startsWith('import:') ? 'file' : 'sync',
      arrival: options.backfill() ? { kind: 'backfill', recentAfter: new Date(now - RECENT_MS).toISOString() } : { kind: 'live' },
      moved,
      rereads: capabilitiesOf(options.connector, account.settings).rereads,
    }
    unsaved = null
    const write = store.write.applyBatch(stored)
    const settled = write.then(
      () => undefined,
      () => undefined,
    )
    inFlight.add(settled)
    try {
      const result = await write
      kept.saved(stored.messages)
      if (moved) options.moved(moved)
      options.committed(result)
      return { new: result.new, updated: result.updated, deleted: result.deleted }
    } catch (error) {
      throw faultOf(error)
    } finally {
      inFlight.delete(settled)
    }
  }

  return {
    get settings() {
      return settings
    },
    secret: () => ports.secrets.get(accountSecret(account.id)),
    setSecret: (value) => ports.secrets.set(accountSecret(account.id), value),
    setSettings: (changed) => {
      settings = changed
      unsaved = changed
      return Promise.resolve()
    },
    cursor: (stream) => store.read.cursor(account.id, stream),
    known: (stream): Promise<KnownPlace[]> => store.read.known(account.id, stream),
    has: async (remoteIds) => new Set(await store.read.has(account.id, remoteIds)),
    commit,
    keep: async (bytes): Promise<KeptFile> => {
      try {
        const file = await store.keep(account.identityId, bytes)
        kept.take(file)
        return { sha256: file.sha256, size: file.size }
      } catch (error) {
        throw faultOf(error)
      }
    },
    progress: options.progress,
    reaches: options.reaches,
    limits: options.limits,
    source: (remoteId) => store.read.sourceOf(account.id, remoteId),
    clock: ports.clock,
    http: ports.http,
    sockets: ports.sockets,
    log: ports.log,
  }
}

/** A fault of the store stops the pass and is tried again; the cursor was not moved. Anything else as it is. */
function faultOf(error: unknown): unknown {
  return error instanceof ProblemError && !(error instanceof ConnectorFault)
    ? new ConnectorFault('transient', error.code, error.params, { cause: error })
    : error
}

/** What a connector is given before there is an account: settings and a secret to try, and nowhere to save anything. */
export function trialContext<N extends Network>(
  ports: Ports,
  settings: SettingsByNetwork[N],
  secret: string | null,
): Context<SettingsByNetwork[N]> {
  let kept = secret
  const refuse = (): Promise<never> =>
    Promise.reject(new ProblemError('internal', { detail: 'a check before sign-in may not save anything' }))
  return {
    settings,
    secret: () => Promise.resolve(kept),
    setSecret: (value) => {
      kept = value
      return Promise.resolve()
    },
    setSettings: refuse,
    cursor: () => Promise.resolve(null),
    known: () => Promise.resolve([]),
    has: () => Promise.resolve(new Set()),
    commit: refuse,
    keep: refuse,
    progress: () => undefined,
    reaches: () => undefined,
    limits: () => undefined,
    source: () => Promise.resolve(null),
    clock: ports.clock,
    http: ports.http,
    sockets: ports.sockets,
    log: ports.log,
  }
}
