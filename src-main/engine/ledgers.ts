import { webcrypto } from 'node:crypto'
import { fromBase64, toBase64 } from '#archive/base64.ts'
import { ledgerOrigin, openCheckpoint, signCheckpoint } from '#archive/checkpoint.ts'
import { newSeed, nodeEd25519, signer } from '#archive/ed25519-node.ts'
import { formatKey, type NoteKey, parseNote, signNote, verifyNote } from '#archive/note.ts'
import { nodeSha256 } from '#archive/sha256-node.ts'
import { judgeStamp, type Stamped, unstamped } from '#archive/verify/stamp.ts'
import type { Ports } from '#ports/index.ts'
import type { Checkpoint, Ledger, LedgerCarry, LedgerFault, LedgerStep, Proof } from '#shared/contract/index.ts'
import { type IdentityId, type MessageId, ProblemError } from '#shared/model/index.ts'
import type { LedgerHead, Store, StoredCheckpoint } from '#store/store.ts'
import { Rounds } from './rounds.ts'
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
export interface SignedHead extends Stamped {
  checkpoint: Checkpoint
  /** Null when no key of the ledger signed it. */
  root: Uint8Array | null
}

/** Signs the ledgers of an office, proves what is in them, checks them. */
export class Ledgers {
  private readonly store: Store
  private readonly ports: Ports
  readonly timestamps: Timestamps
  private readonly rounds: Rounds
  /** Signing keys, by identity: made and read once, also when asked for by several at once. */
  private readonly keys = new Map<IdentityId, Promise<Signer>>()
  /** Checkpoints under way, so that one ledger is not signed twice for the same moment. */
  private readonly signing = new Map<IdentityId, Promise<StoredCheckpoint>>()

  constructor(store: Store, ports: Ports) {
    this.store = store
    this.ports = ports
    this.timestamps = new Timestamps(store, ports)
    this.rounds = new Rounds(ports, LOOK_EVERY_MS, 'ledger.unsigned', async () => {
      await this.signDue()
      await this.stampDue()
    })
  }

  /** Signs what is due and has it stamped, now and from time to time. */
  start(): void {
    this.rounds.start()
  }

  stop(): Promise<void> {
    return this.rounds.stop()
  }

  /** Signs every ledger that grew since its last checkpoint, when that is a day old. Asks nobody outside. */
  async signDue(): Promise<void> {
    for (const { identityId, size } of await this.store.read.ledgers()) {
      const [newest] = await this.store.read.checkpoints(identityId, 1)
      if (size === 0 || newest?.size === size) continue
      const age = newest === undefined ? Infinity : this.ports.clock.now() - Date.parse(newest.madeAt)
      // A clock that was set back makes no difference to the order, so that one is due as well.
      if (age >= CHECKPOINT_EVERY_MS || age < 0) await this.signed(identityId)
    }
  }

  /** Has the newest checkpoint of every ledger stamped that was not yet. */
  private async stampDue(): Promise<void> {
    for (const { identityId } of await this.store.read.ledgers()) {
      const [newest] = await this.store.read.checkpoints(identityId, 1)
      if (newest) await this.stamp(newest)
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

  /** A signature under the ledger as it is now, with its time from outside where that can be had. @throws `not_found`, `read_only`, `keychain_unavailable` */
  async checkpoint(identityId: IdentityId): Promise<Checkpoint> {
    const signed = await this.signed(identityId)
    const timestamped = await this.stamp(signed)
    return { ...(await this.toCheckpoint(identityId, signed)), timestamped }
  }

  private signed(identityId: IdentityId): Promise<StoredCheckpoint> {
    const under = this.signing.get(identityId)
    if (under) return under
    const made = this.sign(identityId).finally(() => this.signing.delete(identityId))
    this.signing.set(identityId, made)
    return made
  }

  /** Says in the ledger which key signs it, unless it does. To be called for a new identity before anything else is in its ledger. */
  async begin(identityId: IdentityId): Promise<void> {
    await this.named(identityId)
  }

  /** The key that signs from here on, said in the ledger. */
  private async named(identityId: IdentityId): Promise<Signer> {
    const key = await this.key(identityId)
    const at = new Date(this.ports.clock.now()).toISOString()
    const { officeId, write } = this.store
    await write.nameKey({ identityId, office: officeId, publicKey: toBase64(key.publicKey), at })
    return key
  }

  private async sign(identityId: IdentityId): Promise<StoredCheckpoint> {
    const { store, ports } = this
    const key = await this.named(identityId)
    const { size, root } = await this.head(identityId)
    const [newest] = await store.read.checkpoints(identityId, 1)
    if (newest?.size === size && newest.root === root && this.opens(identityId, newest, key)) return newest
    const noteKey = this.noteKey(identityId, key)
    const note = signCheckpoint(nodeSha256, { origin: noteKey.name, size, root: bytes(root) }, noteKey, key.sign)
    return store.write.addCheckpoint({ identityId, size, root, madeAt: new Date(ports.clock.now()).toISOString(), note })
  }

  /** @throws `not_found` */
  private async head(identityId: IdentityId): Promise<LedgerHead> {
    const head = (await this.store.read.ledgers()).find((ledger) => ledger.identityId === identityId)
    if (!head) throw new ProblemError('not_found', { what: 'identity', id: identityId })
    return head
  }

  /** A checkpoint holds without a time from outside; where it cannot be had now, it is asked for again later. @returns whether it has one. */
  private async stamp(checkpoint: StoredCheckpoint): Promise<boolean> {
    try {
      return await this.timestamps.stamp(checkpoint)
    } catch (error) {
      this.ports.log.warn('ledger.unstamped', { error: error instanceof ProblemError ? error.code : 'internal' })
      return false
    }
  }

  /** One step of the check of a ledger; the last one also looks at the signatures. */
  async verify(identityId: IdentityId, carry: LedgerCarry | null, payloads: boolean): Promise<LedgerStep> {
    const step = await this.store.read.verifyLedger(identityId, carry, STEP, payloads)
    return step.done ? { ...step, faults: [...step.faults, ...(await this.wrongSignatures(identityId))] } : step
  }

  private async wrongSignatures(identityId: IdentityId): Promise<LedgerFault[]> {
    const all = await this.store.read.checkpoints(identityId, Number.MAX_SAFE_INTEGER)
    const keys = await this.store.read.ledgerKeys(identityId)
    return all
      .filter((one) => this.keyOf(identityId, one, keys) === undefined)
      .map(({ size }) => ({ code: 'signature_wrong' as const, seq: size }))
  }

  /** The newest checkpoint with its signature and its timestamp checked; null before the first. Makes none. */
  async newest(identityId: IdentityId): Promise<SignedHead | null> {
    const [stored] = await this.store.read.checkpoints(identityId, 1)
    if (!stored) return null
    const { note, root, timestamp, authority } = stored
    const signed = this.keyOf(identityId, stored, await this.store.read.ledgerKeys(identityId)) !== undefined
    const stamped =
      timestamp === null
        ? unstamped
        : await judgeStamp({ sha: nodeSha256, subtle: webcrypto.subtle }, note, bytes(timestamp), authority)
    return { checkpoint: await this.toCheckpoint(identityId, stored), root: signed ? bytes(root) : null, ...stamped }
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
    const newSize = wanted ?? (await this.head(identityId)).size
    return { oldSize, newSize, ...(await this.store.read.consistencyProof(identityId, oldSize, newSize)) }
  }

  /** A signed note of the identity, by the key that its ledger names. @param text Ends with a line feed. */
  async signText(identityId: IdentityId, text: string): Promise<string> {
    const key = await this.named(identityId)
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

  /** Which of the ledger's keys signed a checkpoint. */
  private keyOf(identityId: IdentityId, stored: StoredCheckpoint, keys: readonly string[]): string | undefined {
    return keys.find((publicKey) => this.opens(identityId, stored, { publicKey: bytes(publicKey) }))
  }

  private async toCheckpoint(identityId: IdentityId, stored: StoredCheckpoint): Promise<Checkpoint> {
    const { size, root, madeAt, note, timestamp } = stored
    const keys = await this.store.read.ledgerKeys(identityId)
    const publicKey = this.keyOf(identityId, stored, keys) ?? keys.at(-1) ?? ''
    const key = formatKey(nodeSha256, this.noteKey(identityId, { publicKey: bytes(publicKey) }))
    return { size, root, madeAt, note, key, timestamped: timestamp !== null }
  }
}

function bytes(base64: string): Uint8Array {
  const decoded = fromBase64(base64)
  if (decoded === null) throw new Error('the office keeps something that is not base64')
  return decoded
}
