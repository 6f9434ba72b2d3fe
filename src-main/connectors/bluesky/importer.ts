import type { Export, ExportPart, Importer, Item, MediaRef, Tools } from '#connectors/kit/importer.ts'
import { type Source, type SourceEntry, UnreadableFile } from '#connectors/kit/source/source.ts'
import { type CarBlock, CarReader, isFault, isWhole, NotACar, nameOf } from './car.ts'
import { type Author, readRecord, timeOfKey, toMessage } from './message.ts'
import { type Post, readProfileName, unknownFields } from './record.ts'
import { fileNameOf } from './render.ts'
import { type Commit, keyOf, type Reached, readCommit, Tree } from './tree.ts'

/** Media type of a block as it stands in a CAR. */
const BLOCK_TYPE = 'application/vnd.ipld.dag-cbor'

/**
 * Exports of Bluesky: the repository of an account as a CAR, by itself or with its pictures beside it. The file is read
 * twice: once for its tree, which says what path each record has, and once for the records, in the order of the file.
 */
export const blueskyImporter: Importer = {
  async detect(source) {
    for (const entry of await candidates(source)) {
      const head = await readHead(source, entry.path)
      if (head !== null) return toExport(source, entry, head)
    }
    return null
  },
}

/** What the beginning of a CAR says; `commit` is null where the file ends before its commit comes, or that is none. */
interface Head {
  commit: Commit | null
}

function toExport(source: Source, entry: SourceEntry, { commit }: Head): Export {
  const part: ExportPart = { name: entry.path, reads: [], items: (tools) => items(source, entry.path, tools) }
  return { owner: { userId: commit?.did ?? null, handle: null, name: '', server: null }, parts: [part] }
}

/** Files that may be a repository: by their ending, or the only file there is. */
async function candidates(source: Source): Promise<SourceEntry[]> {
  const all: SourceEntry[] = []
  const named: SourceEntry[] = []
  for await (const entry of source.entries()) {
    if (all.length < 2) all.push(entry)
    if (/\.car$/i.test(entry.path)) named.push(entry)
  }
  return named.length > 0 ? named : all.length === 1 ? all : []
}

async function readHead(source: Source, path: string): Promise<Head | null> {
  const reader = await openCar(source, path)
  if (reader === null) return null
  const root = reader.header.roots[0]
  for await (const block of reader.blocks()) {
    if (isFault(block) || root === undefined || !Buffer.from(block.id).equals(root.bytes)) continue
    return { commit: isWhole(block) ? readCommit(block.data) : null }
  }
  return { commit: null }
}

async function openCar(source: Source, path: string): Promise<CarReader | null> {
  try {
    return await CarReader.open(source.open(path))
  } catch (error) {
    if (error instanceof NotACar || error instanceof UnreadableFile) return null
    throw error
  }
}

interface Index extends Omit<Reached, 'missing'> {
  author: Author | null
}

async function* items(source: Source, path: string, tools: Tools): AsyncGenerator<Item> {
  const index = await readIndex(source, path, tools)
  const pictures = await findPictures(source)
  const reader = await openCar(source, path)
  if (reader === null) return
  for await (const block of reader.blocks()) {
    tools.signal.throwIfAborted()
    if (isFault(block)) {
      tools.remark('file_unreadable', path, block.fault)
      if (block.data !== null) yield kept(path, block.data)
    } else if (!isWhole(block)) {
      tools.remark('hash_mismatch', path, nameOf(block))
      yield kept(path, block.data)
    } else yield* records(block, path, index, pictures, tools)
  }
}

function* records(block: CarBlock, path: string, index: Index, pictures: Map<string, string>, tools: Tools): Generator<Item> {
  const { author } = index
  const key = keyOf(block.sha256 ?? block.id)
  if (index.nodes.has(key)) return
  const places = [index.paths.get(key) ?? []].flat()
  if (places.length === 0 || author === null) {
    // A record that nothing leads to has no address: an old version, or what a damaged tree has lost. The file holds it.
    tools.remark('item_kept', path, nameOf(block))
    return
  }
  const raw = new Uint8Array(block.data)
  const record = readRecord(raw)
  if (record === null) tools.remark('value_unknown', path, nameOf(block))
  else for (const name of unknownFields(record.value)) tools.remark('field_unknown', path, `${record.type}#${name}`)
  if (record?.post?.damaged) tools.remark('value_unknown', path, nameOf(block))
  const media = record?.post ? mediaOf(record.post, pictures) : []
  for (const place of places) {
    yield { path, raw, mediaType: BLOCK_TYPE, message: record && toMessage(record, place, author), media }
  }
}

function kept(path: string, data: Uint8Array): Item {
  return { path, raw: new Uint8Array(data), mediaType: 'application/octet-stream', message: null, media: [] }
}

function mediaOf({ blobs }: Post, pictures: Map<string, string>): MediaRef[] {
  return blobs.map((blob) => ({
    path: pictures.get(blob.cid) ?? null,
    name: fileNameOf(blob),
    mediaType: blob.mediaType,
    inline: false,
  }))
}

/** Files that are named by a content id, as programs do that save the pictures of an account. */
async function findPictures(source: Source): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for await (const { path } of source.entries()) {
    const cid = /(?:^|\/)(baf[a-z2-7]{50,100})(?:\.[A-Za-z0-9]{1,8})?$/.exec(path)?.[1]
    if (cid !== undefined) found.set(cid, path)
  }
  return found
}

/** The first reading: the tree, whose it is, and what the account calls itself. */
async function readIndex(source: Source, path: string, { remark, signal }: Tools): Promise<Index> {
  const empty: Index = { author: null, paths: new Map(), nodes: new Set() }
  const reader = await openCar(source, path)
  const root = reader?.header.roots[0]
  if (reader === null || root === undefined) return empty
  const tree = new Tree()
  let commit: Commit | null = null
  let name = ''
  for await (const block of upToFault(reader)) {
    signal.throwIfAborted()
    if (Buffer.from(block.id).equals(root.bytes)) commit = isWhole(block) ? readCommit(block.data) : null
    else if (!tree.offer(block)) name = readProfileName(block.data) ?? name
  }
  if (commit === null) return empty
  remark('signature_unchecked', path, commit.did)
  const { paths, nodes, missing } = tree.paths(commit.data)
  if (missing > 0) remark('file_unreadable', path, `tree:${missing}`)
  return {
    author: { did: commit.did, name, changedAt: timeOfKey(commit.rev ?? '') ?? new Date(0).toISOString() },
    paths,
    nodes: nodes.add(keyOf(root.multihash.digest)),
  }
}

/** The blocks that can be read. Where the file is damaged is told by the second reading. */
async function* upToFault(reader: CarReader): AsyncGenerator<CarBlock> {
  try {
    for await (const block of reader.blocks()) if (!isFault(block)) yield block
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
  }
}
