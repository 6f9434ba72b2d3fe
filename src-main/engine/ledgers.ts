import { webcrypto } from 'node:crypto'
import { fromBase64, toBase64 } from '#archive/base64.ts'
import { ledgerOrigin, openCheckpoint, signCheckpoint } from '#archive/checkpoint.ts'
import { newSeed, nodeEd25519, signer } from '#archive/ed25519-node.ts'
import { formatKey, type NoteKey, parseNote, signNote, verifyNote } from '#archive/note.ts'
import { nodeSha256 } from '#archive/sha256-node.ts'
import { verifyTimestamp } from '#archive/timestamp/timestamp.ts'
import type { Statement } from '#archive/verify/verdict.ts'
import type { Ports } from '#ports/index.ts'
import type { Checkpoint, Ledger, LedgerCarry, LedgerFault, LedgerStep, Proof } from '#shared/contract/index.ts'
import { type IdentityId, type MessageId, ProblemError } from '#shared/model/index.ts'
import type { Store, StoredCheckpoint } from '#store/store.ts'
import { ledgerSecret } from './secrets.ts'
import { Timestamps } from './timestamps.ts'

/** A ledger that grew is signed at least so often. */
const CHECKPOINT_EVERY_MS = 24 * 3_600_000
/** How often it is looked whether one is due. */
const LOOK_EVERY_MS = 3_600_000
/** Entries checked in one step: a fraction of a second. */
const STEP = 5000

type Signer = ReturnType<typeof signer>

/** The newest signed head of a ledger, checked. */
export interface SignedHead {
  checkpoint: Checkpoint
  /** Null when no key of the ledger signed it. */
  root: Uint8Array | null
  notLater: Statement
  /** The time that an authority outside vouches for, and its name. */
  stampedAt: string | null
  stampedBy: string | null
}

/** Signs the ledgers of an office, proves what is in them, checks them. */
export class Ledgers {
  private readonly store: Store
  private readonly ports: Ports
  readonly timestamps: Timestamps
  private readonly stopping = new AbortController()
  private running: Promise<void> = Promise.resolve()
  /** Signing keys, by identity: made and read once, also when asked for by several at once. */
  private readonly keys = new Map<IdentityId, Promise<Signer>>()
  /** Checkpoints under way, so that one ledger is not signed twice for the same moment. */
  private readonly signing = new Map<IdentityId, Promise<Checkpoint>>()

  constructor(store: Store, ports: Ports) {
    this.store = store
    this.ports = ports
    this.timestamps = new Timestamps(store, ports)
  }

  /** Signs what is due, now and from time to time. */
  start(): void {
    this.running = this.run()
  }

  async stop(): Promise<void> {
    this.stopping.abort()
    await this.running
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.signDue().catch((error: unknown) => {
        this.ports.log.error('ledger.unsigned', { error: error instanceof Error ? error.message : String(error) })
      })
      await this.ports.clock.sleep(LOOK_EVERY_MS, this.stopping.signal).catch(() => undefined)
    }
  }

  /** Signs every ledger that grew since its last checkpoint, when that is a day old. */
  async signDue(): Promise<void> {
    for (const { identityId, size, checkpoint } of await this.list()) {
      const [newest] = await this.store.read.checkpoints(identityId, 1)
      if (newest && newest.timestamp === null) await this.stamp(newest)
      if (size === 0 || checkpoint?.size === size) continue
      const age = checkpoint === null ? Infinity : this.ports.clock.now() - Date.parse(checkpoint.madeAt)
      // A clock that was set back makes no difference to the order, so that one is due as well.
      if (age >= CHECKPOINT_EVERY_MS || age < 0) await this.checkpoint(identityId)
    }
  }

  async list(): Promise<Ledger[]> {
    const heads = await this.store.read.ledgers()
    return Promise.all(
      heads.map(async (head) => {
        const [newest] = await this.store.read.checkpoints(head.identityId, 1)
        return { ...head, checkpoint: newest ? await this.toCheckpoint(head.identityId, newest) : null }
      }),
    )
  }

  /** A signature under the ledger as it is now. @throws `not_found`, `read_only`, `keychain_unavailable` */
  checkpoint(identityId: IdentityId): Promise<Checkpoint> {
    const under = this.signing.get(identityId)
    if (under) return under
    const made = this.sign(identityId).finally(() => this.signing.delete(identityId))
    this.signing.set(identityId, made)
    return made
  }

  /** Says in the ledger which key signs it, unless it does. To be called for a new identity before anything else is in its ledger. */
  async begin(identityId: IdentityId): Promise<void> {
    const key = await this.key(identityId)
    const at = new Date(this.ports.clock.now()).toISOString()
    const { officeId, write } = this.store
    await write.nameKey({ identityId, office: officeId, publicKey: toBase64(key.publicKey), at })
  }

  private async sign(identityId: IdentityId): Promise<Checkpoint> {
    const { store, ports } = this
    await this.begin(identityId)
    const key = await this.key(identityId)
    const at = new Date(ports.clock.now()).toISOString()
    const head = (await store.read.ledgers()).find((ledger) => ledger.identityId === identityId)
    if (!head) throw new ProblemError('not_found', { what: 'identity', id: identityId })
    const [newest] = await store.read.checkpoints(identityId, 1)
    if (newest?.size === head.size && newest.root === head.root && this.opens(identityId, newest, key))
      return this.toCheckpoint(identityId, newest)
    const { size, root } = head
    const noteKey = this.noteKey(identityId, key)
    const note = signCheckpoint(nodeSha256, { origin: noteKey.name, size, root: bytes(root) }, noteKey, key.sign)
    await this.stamp(await store.write.addCheckpoint({ identityId, size, root, madeAt: at, note }))
    const [made] = await store.read.checkpoints(identityId, 1)
    if (!made) throw new Error('the checkpoint that was made is not there')
    return this.toCheckpoint(identityId, made)
  }

  /** A checkpoint holds without a time from outside; where it cannot be had now, the next look asks again. */
  private async stamp(checkpoint: StoredCheckpoint): Promise<void> {
    try {
      await this.timestamps.stamp(checkpoint)
    } catch (error) {
      this.ports.log.warn('ledger.unstamped', { error: error instanceof ProblemError ? error.code : 'internal' })
    }
  }

  /** One step of the check of a ledger; the last one also looks at the signatures. */
  async verify(identityId: IdentityId, carry: LedgerCarry | null, payloads: boolean): Promise<LedgerStep> {
    const step = await this.store.read.verifyLedger(identityId, carry, STEP, payloads)
    return step.done ? { ...step, faults: [...step.faults, ...(await this.wrongSignatures(identityId))] } : step
  }

  private async wrongSignatures(identityId: IdentityId): Promise<LedgerFault[]> {
    const all = await this.store.read.checkpoints(identityId, Number.MAX_SAFE_INTEGER)
    if (all.length === 0) return []
    const keys = await this.store.read.ledgerKeys(identityId)
    return all
      .filter((one) => !keys.some((publicKey) => this.opens(identityId, one, { publicKey: bytes(publicKey) })))
      .map(({ size }) => ({ code: 'signature_wrong' as const, seq: size }))
  }

  /** The newest checkpoint with its signature and its timestamp checked; null before the first. Makes none. */
  async newest(identityId: IdentityId): Promise<SignedHead | null> {
    const [stored] = await this.store.read.checkpoints(identityId, 1)
    if (!stored) return null
    const keys = await this.store.read.ledgerKeys(identityId)
    const signed = keys.some((publicKey) => this.opens(identityId, stored, { publicKey: bytes(publicKey) }))
    const root = signed ? bytes(stored.root) : null
    return { checkpoint: await this.toCheckpoint(identityId, stored), root, ...(await stampOf(stored)) }
  }

  /** What proves every version of a message. @throws `not_found` */
  async prove(messageId: MessageId): Promise<Proof[]> {
    const records = await this.store.read.recordProofs(messageId)
    const [first] = records
    if (!first) throw new ProblemError('not_found', { what: 'message', id: messageId })
    const { identityId } = first
    const [newest] = await this.store.read.checkpoints(identityId, 1)
    const covers = newest !== undefined && records.every((record) => record.seq < newest.size)
    const checkpoint = covers ? await this.toCheckpoint(identityId, newest) : await this.checkpoint(identityId)
    return Promise.all(
      records.map(async (record) => ({
        ...record,
        proof: await this.store.read.inclusionProof(identityId, record.seq, checkpoint.size),
        checkpoint,
      })),
    )
  }

  /** @throws `bad_request` for sizes that the ledger never had. */
  async consistency(identityId: IdentityId, oldSize: number, wanted: number | null) {
    const head = (await this.store.read.ledgers()).find((ledger) => ledger.identityId === identityId)
    if (!head) throw new ProblemError('not_found', { what: 'identity', id: identityId })
    const newSize = wanted ?? head.size
    return { oldSize, newSize, ...(await this.store.read.consistencyProof(identityId, oldSize, newSize)) }
  }

  /** A signed note of the identity, by the key that its ledger names. @param text Ends with a line feed. */
  async signText(identityId: IdentityId, text: string): Promise<string> {
    const { store, ports } = this
    const key = await this.key(identityId)
    const at = new Date(ports.clock.now()).toISOString()
    await store.write.nameKey({ identityId, office: store.officeId, publicKey: toBase64(key.publicKey), at })
    return signNote(nodeSha256, text, this.noteKey(identityId, key), key.sign)
  }

  /** The key that signed a note of the identity, written as checkpoints have it; null when none of its ledger did. */
  async keyUnder(identityId: IdentityId, text: string): Promise<string | null> {
    const note = parseNote(text)
    const keys = (await this.store.read.ledgerKeys(identityId)).map((key) => this.noteKey(identityId, { publicKey: bytes(key) }))
    const signed = keys.find((key) => note !== null && verifyNote(nodeSha256, nodeEd25519, note, key))
    return signed === undefined ? null : formatKey(nodeSha256, signed)
  }

  private key(identityId: IdentityId): Promise<Signer> {
    const kept = this.keys.get(identityId)
    if (kept) return kept
    const key = this.readKey(identityId).catch((error: unknown) => {
      this.keys.delete(identityId)
      throw error
    })
    this.keys.set(identityId, key)
    return key
  }

  /** The identity's signing key; made when there is none, as on a machine that an office was moved to. */
  private async readKey(identityId: IdentityId): Promise<Signer> {
    const { secrets } = this.ports
    const name = ledgerSecret(identityId)
    const kept = fromBase64((await secrets.get(name)) ?? '')
    if (kept !== null && kept.length > 0) return signer(kept)
    const seed = newSeed()
    await secrets.set(name, toBase64(seed))
    return signer(seed)
  }

  private noteKey(identityId: IdentityId, { publicKey }: Pick<Signer, 'publicKey'>): NoteKey {
    return { name: ledgerOrigin(this.store.officeId, identityId), publicKey }
  }

  private opens(identityId: IdentityId, stored: StoredCheckpoint, key: Pick<Signer, 'publicKey'>): boolean {
    const opened = openCheckpoint(nodeSha256, nodeEd25519, stored.note, this.noteKey(identityId, key))
    return opened !== null && opened.size === stored.size && toBase64(opened.root) === stored.root
  }

  private async toCheckpoint(identityId: IdentityId, stored: StoredCheckpoint): Promise<Checkpoint> {
    const { size, root, madeAt, note, timestamp } = stored
    const keys = await this.store.read.ledgerKeys(identityId)
    const publicKey = keys.find((key) => this.opens(identityId, stored, { publicKey: bytes(key) })) ?? keys.at(-1) ?? ''
    const key = formatKey(nodeSha256, this.noteKey(identityId, { publicKey: bytes(publicKey) }))
    return { size, root, madeAt, note, key, timestamped: timestamp !== null }
  }
}

async function stampOf({ note, timestamp, authority }: StoredCheckpoint): Promise<Omit<SignedHead, 'checkpoint' | 'root'>> {
  const none = { stampedAt: null, stampedBy: null }
  if (timestamp === null) return { notLater: { answer: 'cannot_say', reason: 'no_timestamp' }, ...none }
  const verdict = await verifyTimestamp(webcrypto.subtle, {
    response: bytes(timestamp),
    hash: nodeSha256.digest(note),
    nonce: null,
    authority: authority ?? '',
  })
  if (!verdict.ok) return { notLater: { answer: 'no', reason: 'bad_timestamp' }, ...none }
  return { notLater: { answer: 'yes', reason: 'timestamp' }, stampedAt: verdict.time, stampedBy: verdict.signer }
}

function bytes(base64: string): Uint8Array {
  const decoded = fromBase64(base64)
  if (decoded === null) throw new Error('the office keeps something that is not base64')
  return decoded
}
