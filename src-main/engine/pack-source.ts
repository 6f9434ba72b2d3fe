import { fromBase64 } from '#archive/base64.ts'
import { manifestText } from '#archive/commitment.ts'
import type { KeyLine } from '#archive/formats.ts'
import type { PackCursor, PackHead, PackRecord, PackSource, ProvedLedger } from '#archive/pack/source.ts'
import type { Checkpoint } from '#shared/contract/index.ts'
import { type Identity, type IdentityId, type Network, ProblemError } from '#shared/model/index.ts'
import type { ChosenRecords, ExportRecord, Store } from '#store/store.ts'
import { readQuery } from './searches.ts'

/** Records read from the database at once. */
const CHUNK = 200
/** Entries read at once. */
const ENTRIES = 2048

export interface PackQuestion {
  /** As a person types a search; empty for everything. */
  query: string
  /** Only these identities; null for all. */
  identityIds: readonly IdentityId[] | null
  by: string
  /** Name and version of this program. */
  program: string
  now: () => number
  newId: () => string
  /** The text of one captured version, as it is shown. */
  render: (network: Network, raw: Uint8Array, mediaType: string) => Promise<string>
  /** Signs a ledger as it is now. */
  checkpoint: (id: IdentityId) => Promise<Checkpoint>
  /** When the accounts of identities were watched, for `data/pack.json`. */
  coverage: (ids: readonly IdentityId[]) => Promise<PackHead['coverage']>
}

const decoded = (hashes: readonly string[]): Uint8Array[] => hashes.map((hash) => fromBase64(hash) ?? new Uint8Array())

/** An office as an evidence pack takes it: the records that a search finds, each with its proof. */
export class OfficePackSource implements PackSource {
  private readonly store: Store
  private readonly question: PackQuestion
  private head: PackHead | null = null
  private chosen: ChosenRecords[] = []

  constructor(store: Store, question: PackQuestion) {
    this.store = store
    this.question = question
  }

  async begin(resumed: PackHead | null): Promise<PackHead> {
    this.head = resumed ?? (await this.newHead())
    const sizes = Object.fromEntries(this.head.ledgers.map(({ ledger, size }) => [ledger, size])) as Record<IdentityId, number>
    this.chosen = await this.store.read.chooseRecords(readQuery(this.head.query, Date.parse(this.head.madeAt)), sizes)
    const records = this.chosen.reduce((sum, { seqs }) => sum + seqs.length, 0)
    // An edit or a disposal since then changes what the search finds.
    if (resumed !== null && resumed.records !== records)
      throw new ProblemError('conflict', {
        detail: 'The office has changed since this export began. Begin again in another folder.',
      })
    this.head = { ...this.head, records }
    if (resumed === null) await this.enter(this.head)
    return this.head
  }

  private async enter({ id, madeAt, madeBy, ledgers }: PackHead): Promise<void> {
    for (const { identityId, seqs } of this.chosen) {
      const size = ledgers.find(({ ledger }) => ledger === identityId)?.size ?? 0
      const said = { identityId, at: madeAt, by: madeBy, export: id, records: seqs.length, size }
      await this.store.write.enterExport(said)
    }
  }

  private async newHead(): Promise<PackHead> {
    const { question, store } = this
    const identities = (await store.read.identities()).filter(
      ({ id }) => question.identityIds === null || question.identityIds.includes(id),
    )
    const ledgers: ProvedLedger[] = []
    for (const identity of identities) ledgers.push(await this.prove(identity))
    return {
      id: question.newId(),
      office: store.officeId,
      madeAt: new Date(question.now()).toISOString(),
      madeBy: question.by,
      program: question.program,
      query: question.query,
      ledgers,
      coverage: await question.coverage(identities.map(({ id }) => id)),
      records: null,
    }
  }

  private async prove({ id, name, voice }: Identity): Promise<ProvedLedger> {
    const { store } = this
    const { size, root, note, key } = await this.question.checkpoint(id)
    const stored = (await store.read.checkpoints(id, 50)).find((one) => one.note === note)
    const keys: KeyLine[] = []
    for (const seq of await store.read.keyPlaces(id)) {
      if (seq >= size) continue
      const [entry = ''] = await store.read.entries(id, seq, 1)
      keys.push({ entry, proof: await store.read.inclusionProof(id, seq, size), seq })
    }
    const timestamp = stored?.timestamp ?? null
    return {
      ledger: id,
      identity: name,
      voice,
      size,
      root,
      checkpoint: note,
      key,
      keys,
      timestamp,
      authority: stored?.authority ?? null,
    }
  }

  async *records(after: PackCursor | null): AsyncIterable<PackRecord> {
    const ledgers = this.head?.ledgers ?? []
    let begun = after === null
    for (const { ledger, size } of ledgers) {
      if (!begun && ledger !== after?.ledger) continue
      const from = begun ? -1 : (after?.seq ?? -1)
      begun = true
      const chosen = this.chosen.find(({ identityId }) => identityId === ledger)
      if (chosen) yield* this.recordsOf(chosen, size, from)
    }
  }

  private async *recordsOf({ identityId, seqs, records }: ChosenRecords, size: number, after: number): AsyncIterable<PackRecord> {
    const start = seqs.findIndex((seq) => seq > after)
    if (start < 0) return
    for (let at = start; at < records.length; at += CHUNK) {
      const rows = await this.store.read.exportRecords(identityId, records.slice(at, at + CHUNK))
      const proofs = await this.store.read.inclusionProofs(
        identityId,
        rows.map(({ seq }) => seq),
        size,
      )
      for (const [index, row] of rows.entries()) yield await this.toRecord(identityId, row, proofs[index] ?? [])
    }
  }

  private async toRecord(ledger: IdentityId, row: ExportRecord, proof: string[]): Promise<PackRecord> {
    const { store } = this
    const { message, manifest } = row
    // What is stored as text is the newest version's; an earlier one is read from its own bytes.
    const text =
      manifest.version === message.versions
        ? row.text
        : await this.question.render(message.network, await this.bytes(row), manifest.mediaType)
    const party = ({ name, handle }: { name: string; handle: string }) => (name === '' ? handle : `${name} <${handle}>`)
    return {
      ledger,
      seq: row.seq,
      entry: row.entry,
      proof: decoded(proof),
      manifest: manifestText(manifest),
      captured: manifest,
      salt: row.salt,
      bytes:
        row.bytes ??
        async function* () {
          yield await store.read.recordContent(row.record)
        },
      shown: {
        at: message.at,
        from: party(message.from),
        to: [...message.to, ...message.cc].map(party),
        subject: message.subject,
        text,
        kind: message.kind,
        link: message.link,
        attachments: message.attachments,
        versions: message.versions,
      },
    }
  }

  private async bytes(row: ExportRecord): Promise<Uint8Array> {
    return row.bytes ?? (await this.store.read.recordContent(row.record))
  }

  async *media(sha256: string): AsyncIterable<Uint8Array> {
    const file = await this.store.read.mediaFile(sha256)
    if (!file) throw new Error(`no record names the file ${sha256}`)
    yield* this.store.open(file)
  }

  async *entries(ledger: string, first: number, last: number): AsyncIterable<string> {
    for (let from = first; from <= last; from += ENTRIES)
      yield* await this.store.read.entries(ledger as IdentityId, from, Math.min(ENTRIES, last - from + 1))
  }
}
