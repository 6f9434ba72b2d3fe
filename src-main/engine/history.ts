import type { RecordLine } from '#archive/formats.ts'
import { recordFile } from '#archive/pack-paths.ts'
import { nodeSha256 } from '#archive/sha256-node.ts'
import { leafHash } from '#archive/tree/hash.ts'
import { InclusionChecker } from '#archive/verify/inclusion.ts'
import { RangeChecker } from '#archive/verify/range.ts'
import { judgeRecord, type RecordJudge } from '#archive/verify/records.ts'
import type { Rendered } from '#connectors/connector.ts'
import type { MessageHistory, RecordStatement, RecordVersion } from '#shared/contract/index.ts'
import { type IdentityId, type MessageId, type Network, ProblemError } from '#shared/model/index.ts'
import type { Store, StoredVersion } from '#store/store.ts'
import type { Ledgers, SignedHead } from './ledgers.ts'

/** Versions that are told of at a time; older ones are counted. */
const VERSIONS_AT_ONCE = 50
/** Of a version's text at most. Enough to compare by eye; the whole can be saved. */
const TEXT_CHARS = 50_000
/** Entries between two versions that are looked at, some at a time. */
const ENTRIES_AT_MOST = 50_000
const ENTRIES_AT_ONCE = 2048

const notSigned: RecordStatement = { answer: 'cannot_say', reason: 'not_signed' }
const noRecords: RecordStatement = { answer: 'cannot_say', reason: 'no_records' }

export interface HistorySources {
  store: Store
  ledgers: Ledgers
  /** What a person reads of captured bytes. */
  render(network: Network, raw: Uint8Array, mediaType: string): Promise<Rendered>
}

/**
 * How a message came, its versions, and what can be said of each: judged by the same code that judges an evidence pack.
 * Signs nothing: what no checkpoint covers yet is said to be so.
 * @throws `not_found`
 */
export async function readHistory(sources: HistorySources, messageId: MessageId): Promise<MessageHistory> {
  const { store, ledgers } = sources
  const [found, message] = await Promise.all([store.read.history(messageId, VERSIONS_AT_ONCE), store.read.message(messageId)])
  if (!found || !message) throw new ProblemError('not_found', { what: 'message', id: messageId })
  const { identityId, older, deletion } = found
  const head = await ledgers.newest(identityId)
  const judge = new Judge(store, identityId, head)
  const versions: RecordVersion[] = []
  // One after the other: each may be as large as a mail can be.
  for (const version of found.versions) versions.push(await told(sources, judge, message.network, version))
  const { checkpoint } = head ?? { checkpoint: null }
  return {
    messageId,
    identityId,
    versions,
    older,
    deletion,
    complete: await judge.complete(found.versions),
    checkpoint: checkpoint && {
      size: checkpoint.size,
      madeAt: checkpoint.madeAt,
      timestamped: checkpoint.timestamped,
      stampedAt: head?.stampedAt ?? null,
      stampedBy: head?.stampedBy ?? null,
    },
  }
}

async function told(sources: HistorySources, judge: Judge, network: Network, stored: StoredVersion): Promise<RecordVersion> {
  const { manifest, seq } = stored
  const bytes = await readable(sources.store, stored.record)
  const shown = bytes && (await sources.render(network, bytes, manifest.mediaType))
  const text = shown?.text ?? null
  return {
    version: manifest.version,
    seq,
    accountId: manifest.account,
    capturedAt: manifest.capturedAt,
    clockOffsetMs: manifest.clockOffsetMs,
    endpoint: manifest.endpoint,
    origin: manifest.origin,
    mediaType: manifest.mediaType,
    size: manifest.size,
    sha256: manifest.sha256,
    subject: shown?.subject ?? null,
    text: text?.slice(0, TEXT_CHARS) ?? null,
    cut: (text?.length ?? 0) > TEXT_CHARS,
    ...(await judge.record(stored, bytes)),
  }
}

/** The bytes of a record; null when they are missing or were changed on the disk. */
async function readable(store: Store, record: string): Promise<Uint8Array | null> {
  try {
    return await store.read.recordContent(record)
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'office_corrupt') return null
    throw error
  }
}

/** Holds records against the newest signed head of their ledger. */
class Judge {
  private readonly store: Store
  private readonly identityId: IdentityId
  private readonly head: SignedHead | null
  private readonly checker: InclusionChecker | null

  constructor(store: Store, identityId: IdentityId, head: SignedHead | null) {
    this.store = store
    this.identityId = identityId
    this.head = head
    this.checker = head?.root ? new InclusionChecker(nodeSha256, head.checkpoint.size, head.root) : null
  }

  async record(
    { seq, entry, manifest, manifestText, salt }: StoredVersion,
    bytes: Uint8Array | null,
  ): Promise<Pick<RecordVersion, 'received' | 'unchanged' | 'notLater'>> {
    const { head } = this
    if (head === null || seq >= head.checkpoint.size) return { received: notSigned, unchanged: notSigned, notLater: notSigned }
    const file = `records/${recordFile(this.identityId, seq, 'bin')}`
    const actual = bytes && Buffer.from(nodeSha256.digest(bytes)).toString('hex')
    const files: RecordJudge['files'] = new Map([
      [`data/${file}`, { listed: manifest.sha256, actual, there: bytes !== null, known: false }],
    ])
    const proof = await this.proof(seq)
    const line: RecordLine = { entry, file, manifest: manifestText, proof, redactions: [], salt, seq }
    const judge = { sha: nodeSha256, files, ledger: this.identityId, checker: this.checker, notLater: head.notLater }
    const { received, unchanged, notLater } = judgeRecord(judge, line)
    return { received, unchanged, notLater }
  }

  /** Whether every entry from the first to the last of the versions is in the tree that was signed, in its place. */
  async complete(versions: readonly StoredVersion[]): Promise<RecordStatement> {
    const [first, last] = [versions[0]?.seq, versions.at(-1)?.seq]
    const { head, identityId } = this
    if (first === undefined || last === undefined) return noRecords
    if (head === null || last >= head.checkpoint.size) return notSigned
    if (head.root === null) return { answer: 'cannot_say', reason: 'no_checkpoint' }
    if (last - first >= ENTRIES_AT_MOST) return { answer: 'cannot_say', reason: 'entries_left_out' }
    const range = new RangeChecker(nodeSha256, first, head.checkpoint.size, await this.proof(first))
    for (let from = first; from <= last; from += ENTRIES_AT_ONCE) {
      const wanted = Math.min(ENTRIES_AT_ONCE, last - from + 1)
      for (const text of await this.store.read.entries(identityId, from, wanted)) range.add(leafHash(nodeSha256, text))
    }
    const whole = range.gives(head.root, head.checkpoint.size, await this.proof(last))
    return whole ? { answer: 'yes', reason: 'every_entry' } : { answer: 'no', reason: 'gap' }
  }

  private async proof(seq: number): Promise<string[]> {
    return this.store.read.inclusionProof(this.identityId, seq, this.head?.checkpoint.size ?? 0)
  }
}
