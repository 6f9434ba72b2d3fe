import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { naiveLeaf, naivePath, naiveRoot } from './naive-tree.ts'

/**
 * An evidence pack made by hand from docs/formats.md, with nothing of the program in it: what its verifier is tried on. Files
 * are changed in `files` before `write` (a forger who keeps the manifests right), or on the disk after it (an accident).
 */

export const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest()
const hex = (bytes: Uint8Array | string) => sha256(bytes).toString('hex')
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

/** JSON with the members in order; all that is put in here is plain ASCII and small numbers. */
export function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${sorted(inner)}`).join()}}`
}

export type Line = Record<string, unknown> & { seq: number; entry: string; proof: string[] }

export interface MadeLedger {
  id: string
  /** Texts of all entries. */
  entries: string[]
  lines: Line[]
  key: { public: Buffer; secret: KeyObject }
}

export interface MadePack {
  files: Map<string, Buffer>
  ledgers: MadeLedger[]
}

export const office = 'made-by-hand'
const at = (minute: number) => new Date(Date.UTC(2026, 0, 31, 9, minute)).toISOString()

export function newKey(): MadeLedger['key'] {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return { public: publicKey.export({ format: 'der', type: 'spki' }).subarray(12), secret: privateKey }
}

export interface PackOptions {
  /** Ids of the ledgers. */
  ledgers?: string[]
  /** Records of each ledger. */
  records?: number
  /** Which of them (from 0) are redacted. */
  redacted?: number[]
  /** Which of them came out of a file. */
  imported?: number[]
  entries?: boolean
  /** The key is replaced by another half way. */
  newKeyHalfWay?: boolean
}

export function makePack(options: PackOptions = {}): MadePack {
  const pack: MadePack = { files: new Map(), ledgers: [] }
  for (const id of options.ledgers ?? ['7']) pack.ledgers.push(makeLedger(pack, id, options))
  pack.files.set('data/index.csv', Buffer.from('\ufeffseq,subject\r\n'))
  pack.files.set('data/html/index.html', Buffer.from('<!doctype html><title>Pack</title>'))
  describe(pack, options)
  return pack
}

/** Writes `pack.json` for what the ledgers have now. */
export function describe(pack: MadePack, { entries = true }: PackOptions = {}): void {
  const ledgers = pack.ledgers.map(({ id, entries: all, lines }) => ({
    ...{ entries, ledger: id, identity: `Voice ${id}`, voice: 'mandate', size: all.length, records: lines.length },
    root: base64(naiveRoot(leavesOf(all))),
    first: lines[0]?.seq ?? null,
    last: lines.at(-1)?.seq ?? null,
  }))
  const lines = pack.ledgers.flatMap((ledger) => ledger.lines)
  const info = {
    ...{ v: 1, id: 'export-1', office, madeAt: at(59), madeBy: 'a person', program: 'by hand', query: 'bridge', ledgers },
    records: lines.length,
    redacted: lines.filter(({ manifest }) => manifest === null).length,
    coverage: [{ account: '3', from: at(0), to: at(50), state: 'watched' }],
  }
  pack.files.set('data/pack.json', Buffer.from(JSON.stringify(info)))
}

const leavesOf = (entries: readonly string[]) => entries.map((entry) => naiveLeaf(Buffer.from(entry)))

function makeLedger(pack: MadePack, id: string, options: PackOptions): MadeLedger {
  const { records = 12, redacted = [], imported = [] } = options
  const ledger: MadeLedger = { id, entries: [], lines: [], key: newKey() }
  const add = (entry: Record<string, unknown>) => {
    ledger.entries.push(sorted({ ...entry, at: at(ledger.entries.length), seq: ledger.entries.length, v: 1 }))
    return ledger.entries.length - 1
  }
  const addKey = () => add({ kind: 'key', algorithm: 'Ed25519', publicKey: base64(ledger.key.public), office })
  const keys = [addKey()]
  for (let index = 0; index < records; index++) {
    if (index % 3 === 2) add({ kind: 'coverage', account: '3', from: at(0), to: at(1), state: 'watched' })
    if (options.newKeyHalfWay && index === Math.floor(records / 2)) {
      ledger.key = newKey()
      keys.push(addKey())
    }
    addRecord(pack, ledger, add, index, { redacted: redacted.includes(index), imported: imported.includes(index) })
  }
  add({ kind: 'coverage', account: '3', from: at(1), to: at(2), state: 'offline' })
  prove(pack, ledger, keys, options.entries ?? true)
  return ledger
}

type Add = (entry: Record<string, unknown>) => number

function addRecord(pack: MadePack, ledger: MadeLedger, add: Add, index: number, is: { redacted: boolean; imported: boolean }) {
  const mail = index % 2 === 0
  const bytes = Buffer.from(mail ? `Subject: Bridge ${index}\r\n\r\nThe bridge is shut.\r\n` : `{"text":"Post ${index}"}`)
  const picture = Buffer.from(`picture ${ledger.id} ${index}`)
  const media =
    index % 4 === 3 ? [{ mediaType: 'image/png', name: 'bridge.png', sha256: hex(picture), size: picture.length }] : []
  const captured = {
    ...{ account: '3', message: String(1000 + index), network: mail ? 'mail' : 'mastodon', record: String(500 + index) },
    ...{ origin: is.imported ? 'file' : 'sync', version: index === 5 ? 2 : 1 },
  }
  const manifest = sorted({
    ...{
      ...captured,
      capturedAt: at(index),
      clockOffsetMs: index % 5 === 0 ? null : -12,
      endpoint: 'imaps://mail.example/',
      v: 1,
    },
    ...{ headers: [['date', 'Sat, 31 Jan 2026 09:00:00 GMT']], identity: ledger.id, media, remoteId: `<${index}@example>` },
    ...{ mediaType: mail ? 'message/rfc822' : 'application/json', sha256: hex(bytes), size: bytes.length },
  })
  const salt = randomBytes(32)
  const commitment = base64(sha256(Buffer.concat([salt, Buffer.from(manifest)])))
  const seq = add({ ...captured, kind: captured.version === 1 ? 'capture' : 'edit', commitment })
  const place = `${ledger.id}/${Math.floor(seq / 1000)}/${seq}`
  const file = `records/${place}.${mail ? 'eml' : 'json'}`
  const common = { seq, entry: ledger.entries[seq] ?? '', proof: [] }
  if (is.redacted) {
    pack.files.set(`data/derived/${place}.txt`, Buffer.from('The [redacted] is shut.'))
    const redactions = [{ by: 'a person', reason: 'names a child' }]
    ledger.lines.push({ ...common, file: null, manifest: null, salt: null, redactions })
    return
  }
  pack.files.set(`data/${file}`, bytes)
  if (media.length > 0) pack.files.set(`data/media/${hex(picture)}`, picture)
  ledger.lines.push({ ...common, file, manifest, salt: base64(salt), redactions: [] })
}

/** Proofs, checkpoint and keys for the entries as they are. @param keys `seq` of the entries of kind `key`. */
export function prove(pack: MadePack, ledger: MadeLedger, keys: readonly number[] = [0], entries = true): void {
  const leaves = leavesOf(ledger.entries)
  const proof = (seq: number) => naivePath(seq, leaves).map(base64)
  for (const line of ledger.lines) line.proof = proof(line.seq)
  const folder = `data/ledger/${ledger.id}`
  const keyLines = keys.map((seq) => ({ seq, entry: ledger.entries[seq], proof: proof(seq) }))
  pack.files.set(`${folder}/keys.jsonl`, jsonLines(keyLines))
  const { note, key } = signHead(ledger, naiveRoot(leaves))
  pack.files.set(`${folder}/checkpoint`, Buffer.from(note))
  pack.files.set(`${folder}/key`, Buffer.from(`${key}\n`))
  const [first, last] = [ledger.lines[0]?.seq ?? 0, ledger.lines.at(-1)?.seq ?? -1]
  const between = ledger.entries.slice(first, last + 1)
  if (entries) pack.files.set(`${folder}/entries.jsonl`, Buffer.from(between.map((entry) => `${entry}\n`).join('')))
  saveLines(pack, ledger)
}

export function saveLines(pack: MadePack, ledger: MadeLedger): void {
  pack.files.set(`data/records/${ledger.id}.jsonl`, jsonLines(ledger.lines))
}

const jsonLines = (lines: readonly unknown[]) => Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))

export function signHead(ledger: MadeLedger, root: Uint8Array, size = ledger.entries.length): { note: string; key: string } {
  const name = `dispatch-box/${office}/${ledger.id}`
  const encoded = Buffer.concat([Buffer.of(1), ledger.key.public])
  const id = sha256(Buffer.concat([Buffer.from(`${name}\n`), encoded])).subarray(0, 4)
  const text = `${name}\n${size}\n${base64(root)}\n`
  const signature = sign(null, Buffer.from(text), ledger.key.secret)
  return {
    note: `${text}\n\u2014 ${name} ${base64(Buffer.concat([id, signature]))}\n`,
    key: `${name}+${id.toString('hex')}+${base64(encoded)}`,
  }
}

/** Writes the bag: payload, tag files, manifests for all of it. */
export function writePack({ files }: MadePack, dir: string): string {
  const put = (path: string, bytes: Uint8Array | string) => {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), bytes)
  }
  const payload = [...files]
  for (const [path, bytes] of payload) put(path, bytes)
  const octets = payload.reduce((sum, [, bytes]) => sum + bytes.length, 0)
  const tags: [string, string][] = [
    ['bagit.txt', 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'],
    ['bag-info.txt', `Source-Organization: An office\nPayload-Oxum: ${octets}.${payload.length}\n`],
    ['manifest-sha256.txt', payload.map(([path, bytes]) => `${hex(bytes)}  ${path}\n`).join('')],
    ['verify.js', '// The verifier.\n'],
    ['verify.html', '<!doctype html>\n'],
  ]
  for (const [path, text] of tags) put(path, text)
  put('tagmanifest-sha256.txt', tags.map(([path, text]) => `${hex(text)}  ${path}\n`).join(''))
  return dir
}
