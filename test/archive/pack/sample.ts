import { createHash, hash } from 'node:crypto'
import { ledgerOrigin, signCheckpoint } from '#archive/checkpoint.ts'
import { commit, Manifest, manifestText } from '#archive/commitment.ts'
import { signer } from '#archive/ed25519-node.ts'
import { capturedEntry, keyEntry, triageEntry } from '#archive/entries.ts'
import { formatKey } from '#archive/note.ts'
import type { PackBytes, PackCursor, PackHead, PackRecord, PackSource, ProvedLedger } from '#archive/pack/source.ts'
import { nodeSha256 as sha } from '#archive/sha256-node.ts'
import { Appender } from '#archive/tree/appender.ts'
import { leafHash } from '#archive/tree/hash.ts'
import { TreeReader } from '#archive/tree/reader.ts'
import type { Voice } from '#shared/model/index.ts'

/** What is made up for one message. */
export interface Letter {
  network: 'mail' | 'mastodon' | 'feed'
  at: string | null
  from: string
  to: string[]
  subject: string
  text: string
  link: string | null
  /** Files that come apart from the bytes. */
  media: { name: string; mediaType: string; bytes: Uint8Array }[]
  /** Instead of those made from the rest. */
  raw?: Uint8Array
  /** The bytes come in pieces of this size. */
  pieces?: number
  /** What the source hands out instead of what was captured. */
  broken?: Uint8Array
}

export interface SampleOptions {
  /** Entries of each ledger: the first is its key, every fifth a triage act, the others captures. */
  ledgers: Record<string, number>
  /** Bytes of text in a message, about. */
  length?: number
  /** Changes a message that was made up. `name` is `<ledger>/<seq>`. */
  alter?: (letter: Letter, name: string) => Letter
  /** Records that the query does not find. */
  without?: (ledger: string, seq: number) => boolean
  query?: string
}

const vocabulary =
  'harbour wall committee ferry évènement niño bridge school ministère budget خدمة المرفأ question answer petition clinic forêt ordinance señal council valley'.split(
    ' ',
  )
const office = 'office-7'
const start = Date.UTC(2024, 0, 1)
const iso = (ms: number) => new Date(ms).toISOString()
/** Numbers from 0 to below `sides`, the same for the same name in every run (FNV-1a, then mulberry32). */
function diceOf(name: string): (sides: number) => number {
  let state = 0x811c9dc5
  for (let at = 0; at < name.length; at++) state = Math.imul(state ^ name.charCodeAt(at), 0x01000193)
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides
  }
}
const voices: Voice[] = ['institutional', 'mandate', 'personal']

/** A made-up office with ledgers of its own, the same in every run. Nothing of the messages is kept: each is made when asked for. */
export class SampleSource implements PackSource {
  readonly head: PackHead
  readonly options: SampleOptions
  private readonly readers = new Map<string, TreeReader>()
  /** Calls of `records`, with where each began. */
  readonly asked: (PackCursor | null)[] = []

  constructor(options: SampleOptions) {
    this.options = options
    this.head = {
      id: 'export-1',
      office,
      madeAt: '2026-03-01T12:00:00.000Z',
      madeBy: 'Archive of the House',
      program: 'dispatch-box 0.1.0',
      query: options.query ?? 'harbour',
      ledgers: Object.keys(options.ledgers).map((ledger) => this.build(ledger)),
      coverage: [
        { account: '3', from: iso(start), to: iso(start + 86_400_000), state: 'watched' } as PackHead['coverage'][number],
      ],
      records: null,
    }
  }

  begin(_resumed: PackHead | null): Promise<PackHead> {
    return Promise.resolve(structuredClone(this.head))
  }

  async *records(after: PackCursor | null): AsyncGenerator<PackRecord> {
    this.asked.push(after)
    const names = Object.keys(this.options.ledgers)
    for (const [place, ledger] of names.entries()) {
      if (after !== null && place < names.indexOf(after.ledger)) continue
      const from = after?.ledger === ledger ? after.seq + 1 : 0
      for (let seq = from; seq < (this.options.ledgers[ledger] ?? 0); seq++) {
        if (isRecord(seq) && this.options.without?.(ledger, seq) !== true) yield this.record(ledger, seq)
      }
    }
  }

  async *media(sha256: string): AsyncGenerator<Uint8Array> {
    for (const ledger of Object.keys(this.options.ledgers)) {
      for (let seq = 0; seq < (this.options.ledgers[ledger] ?? 0); seq++) {
        const file = isRecord(seq)
          ? this.letter(ledger, seq).media.find(({ bytes }) => hash('sha256', bytes, 'hex') === sha256)
          : null
        if (file) {
          yield file.bytes
          return
        }
      }
    }
    throw new Error(`There is no medium ${sha256}.`)
  }

  async *entries(ledger: string, first: number, last: number): AsyncGenerator<string> {
    for (let seq = first; seq <= last; seq++) yield this.entry(ledger, seq)
  }

  record(ledger: string, seq: number): PackRecord {
    const letter = this.letter(ledger, seq)
    const bytes = rawOf(letter)
    const manifest = this.manifest(ledger, seq, letter, bytes)
    const reader = this.readers.get(ledger)
    if (reader === undefined) throw new Error(`There is no ledger ${ledger}.`)
    return {
      ledger,
      seq,
      entry: this.entryOf(ledger, seq, manifest),
      proof: reader.inclusionProof(seq, this.options.ledgers[ledger] ?? 0),
      manifest: manifestText(manifest),
      captured: manifest,
      salt: saltOf(ledger, seq),
      bytes: handedOut(letter, bytes),
      shown: {
        at: letter.at,
        from: letter.from,
        to: letter.to,
        subject: letter.subject,
        text: letter.text,
        kind: letter.network === 'mail' ? 'mail' : 'post',
        link: letter.link,
        attachments: letter.media.map(({ name, mediaType, bytes: file }) => ({ name, mediaType, size: file.length })),
        versions: 1,
      },
    }
  }

  letter(ledger: string, seq: number): Letter {
    const name = `${ledger}/${seq}`
    const dice = diceOf(name)
    const word = () => vocabulary[dice(vocabulary.length)] ?? ''
    const lines = Array.from({ length: Math.ceil((this.options.length ?? 400) / 72) }, () =>
      Array.from({ length: 9 }, word).join(' '),
    )
    const network = (['mail', 'mail', 'mastodon', 'feed'] as const)[dice(4)] ?? 'mail'
    const letter: Letter = {
      network,
      // Now and then an old one comes late, so that their order is not that of the ledger.
      at: iso(start + seq * 60_000 - (dice(10) === 0 ? 5_000_000_000 : 0)),
      from: `${word()} ${word()} <writer${dice(500)}@example.org>`,
      to: ['office@parliament.example'],
      subject: `${lines[0]?.slice(0, 40)} ${seq}`,
      text: lines.join('\n'),
      link: network === 'mail' ? null : `https://social.example/@writer/${ledger}/${seq}`,
      media: [],
    }
    return this.options.alter?.(letter, name) ?? letter
  }

  private entry(ledger: string, seq: number): string {
    const at = iso(start + seq * 60_000)
    if (seq === 0) {
      const publicKey = Buffer.from(keyOf(ledger).publicKey).toString('base64')
      return keyEntry({ algorithm: 'Ed25519', at, office, publicKey, seq })
    }
    if (!isRecord(seq)) return triageEntry({ act: 'read', at, by: 'clerk', conversations: [], seq, value: null })
    const letter = this.letter(ledger, seq)
    return this.entryOf(ledger, seq, this.manifest(ledger, seq, letter, rawOf(letter)))
  }

  private entryOf(ledger: string, seq: number, manifest: Manifest): string {
    const commitment = commit(sha, saltOf(ledger, seq), manifestText(manifest))
    const { account, message, network, origin, record, version, capturedAt: at } = manifest
    return capturedEntry({ account, at, commitment, message, network, origin, record, seq, version })
  }

  private manifest(ledger: string, seq: number, letter: Letter, bytes: Uint8Array): Manifest {
    return Manifest.parse({
      account: '3',
      capturedAt: iso(start + seq * 60_000 + 500),
      clockOffsetMs: 12,
      endpoint: letter.network === 'mail' ? 'imaps://mail.example/INBOX' : 'https://social.example/api/v1/timelines',
      headers: [['date', 'Mon, 01 Jan 2024 00:00:00 GMT']],
      identity: ledger,
      media: letter.media.map(({ name, mediaType, bytes: file }) => ({
        mediaType,
        name,
        sha256: hash('sha256', file, 'hex'),
        size: file.length,
      })),
      mediaType: { mail: 'message/rfc822', mastodon: 'application/json', feed: 'application/atom+xml' }[letter.network],
      message: String(1000 + seq),
      network: letter.network,
      origin: 'sync',
      record: `${ledger}0${seq}`,
      remoteId: `remote-${seq}`,
      sha256: hash('sha256', bytes, 'hex'),
      size: bytes.length,
      v: 1,
      version: 1,
    })
  }

  private build(ledger: string): ProvedLedger {
    const tiles = new Map<string, Uint8Array>()
    const read = (level: number, n: number) => tiles.get(`${level}/${n}`) ?? null
    const appender = new Appender(sha, 0, read)
    const size = this.options.ledgers[ledger] ?? 0
    for (let seq = 0; seq < size; seq++) appender.append(leafHash(sha, this.entry(ledger, seq)))
    for (const { level, n, hashes } of appender.flush()) tiles.set(`${level}/${n}`, hashes)
    const reader = new TreeReader(sha, read)
    this.readers.set(ledger, reader)
    const key = { name: ledgerOrigin(office, ledger), publicKey: keyOf(ledger).publicKey }
    const root = reader.root(size)
    const proof = reader.inclusionProof(0, size).map((node) => Buffer.from(node).toString('base64'))
    return {
      ledger,
      identity: `Identity ${ledger}`,
      voice: voices[Number(ledger) % voices.length] ?? 'mandate',
      size,
      root: Buffer.from(root).toString('base64'),
      checkpoint: signCheckpoint(sha, { origin: key.name, size, root }, key, keyOf(ledger).sign),
      key: formatKey(sha, key),
      keys: [{ entry: this.entry(ledger, 0), proof, seq: 0 }],
      timestamp: null,
      authority: null,
    }
  }
}

/** Whether an entry is the capture of a record. */
export const isRecord = (seq: number) => seq > 0 && seq % 5 !== 0

const saltOf = (ledger: string, seq: number) => createHash('sha256').update(`salt ${ledger}/${seq}`).digest()

const keys = new Map<string, ReturnType<typeof signer>>()
function keyOf(ledger: string): ReturnType<typeof signer> {
  const key = keys.get(ledger) ?? signer(createHash('sha256').update(`key ${ledger}`).digest())
  keys.set(ledger, key)
  return key
}

/** The bytes of a message as its network would have sent them. */
function rawOf({ network, at, from, to, subject, text, link, raw }: Letter): Uint8Array {
  if (raw !== undefined) return raw
  if (network === 'mail') {
    const encoded = `=?UTF-8?B?${Buffer.from(subject).toString('base64')}?=`
    const head = [
      `From: ${encodeWord(from)}`,
      `To: ${to.join(', ')}`,
      `Subject: ${encoded}`,
      `Date: ${new Date(at ?? 0).toUTCString()}`,
    ]
    const mime = ['MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit']
    return Buffer.from(`${[...head, ...mime].join('\r\n')}\r\n\r\n${text.replaceAll('\n', '\r\n')}\r\n`)
  }
  if (network === 'feed') return Buffer.from(`<entry><id>${link}</id><title>${subject}</title><content>${text}</content></entry>`)
  return Buffer.from(JSON.stringify({ url: link, account: from, title: subject, content: text, created_at: at }))
}

function encodeWord(from: string): string {
  const [, name = '', address = ''] = /^(.*) <(.*)>$/.exec(from) ?? []
  return `=?UTF-8?B?${Buffer.from(name).toString('base64')}?= <${address}>`
}

function handedOut({ broken, pieces }: Letter, bytes: Uint8Array): PackBytes {
  const given = broken ?? bytes
  if (pieces === undefined) return given
  return async function* () {
    for (let at = 0; at < given.length; at += pieces) yield given.subarray(at, at + pieces)
  }
}
