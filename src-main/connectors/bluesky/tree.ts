import { CID } from 'multiformats/cid'
import { z } from 'zod'
import { type CarBlock, isWhole, tryDecode } from './car.ts'
import { limits } from './limits.ts'

const link = z.custom<CID>((value) => CID.asCID(value) !== null)
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array)

/** https://atproto.com/specs/repository: what the signature at the top covers. */
const Commit = z.object({
  did: z.string().regex(/^did:[a-z]+:[A-Za-z0-9._:%-]{1,2048}$/),
  version: z.number().int(),
  data: link,
  rev: z.string().max(100).optional(),
  sig: bytes.optional(),
})

export interface Commit {
  /** Whose repository it is. */
  did: string
  /** Root of the tree of records. */
  data: CID
  rev: string | null
  /** There is a signature. Whether it is right cannot be told without the account's DID document, which is not in the file. */
  signed: boolean
}

/** @returns null when the block is no commit. */
export function readCommit(data: Uint8Array): Commit | null {
  const commit = Commit.safeParse(tryDecode(data)).data
  if (commit === undefined) return null
  const { did, rev, sig } = commit
  return { did, data: commit.data, rev: rev ?? null, signed: sig !== undefined && sig.byteLength > 0 }
}

const Node = z.object({
  l: link.nullable(),
  e: z.array(z.object({ p: z.number().int().nonnegative(), k: bytes, v: link, t: link.nullable() })),
})
type Node = z.infer<typeof Node>

/** Short text that stands for a hash in a map. */
export function keyOf(hash: Uint8Array): string {
  return Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString('latin1')
}

/**
 * The tree of a repository (Merkle search tree): which record has which path. Nodes are put in as they come, in any
 * order; then `paths` walks from the root.
 */
export class Tree {
  private readonly nodes = new Map<string, Uint8Array>()

  /** Takes a block if it is a node: a map of `e` and `l`, and nothing else (DAG-CBOR sorts the keys). */
  offer({ sha256, data }: CarBlock): boolean {
    if (data[0] !== 0xa2 || data[1] !== 0x61 || data[2] !== 0x65) return false
    if (sha256 !== null) this.nodes.set(keyOf(sha256), new Uint8Array(data))
    return true
  }

  /** The records that can be reached. */
  paths(root: CID): Reached {
    const reached: Reached = { paths: new Map(), nodes: new Set(), missing: 0 }
    let entries = 0
    const waiting: { cid: CID; depth: number }[] = [{ cid: root, depth: 0 }]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const key = keyOf(next.cid.multihash.digest)
      if (reached.nodes.has(key)) continue
      reached.nodes.add(key)
      const node = next.depth > limits.treeDepth ? null : this.take(next.cid, key)
      if (node === null) {
        reached.missing++
        continue
      }
      const depth = next.depth + 1
      if (node.l !== null) waiting.push({ cid: node.l, depth })
      let path = Buffer.alloc(0)
      for (const { p, k, v, t } of node.e) {
        path = Buffer.concat([path.subarray(0, p), k])
        if (t !== null) waiting.push({ cid: t, depth })
        if (++entries <= limits.entries) add(reached.paths, keyOf(v.multihash.digest), path.toString('latin1'))
      }
    }
    return reached
  }

  /** A node, once. */
  private take(cid: CID, key: string): Node | null {
    const data = this.nodes.get(key)
    this.nodes.delete(key)
    if (data === undefined || !isWhole({ sha256: cid.multihash.digest, data })) return null
    return Node.safeParse(tryDecode(data)).data ?? null
  }
}

export interface Reached {
  /** Paths (`collection/rkey`) by `keyOf` the record's hash. Records with the same bytes share one; then it is a list. */
  paths: Map<string, string | string[]>
  /** `keyOf` every node that was asked for. */
  nodes: Set<string>
  /** Nodes that are named but not there, or are none: their records have no path. */
  missing: number
}

function add(paths: Reached['paths'], key: string, path: string): void {
  if (path.length > limits.keyChars || !/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._:~-]+$/.test(path)) return
  const known = paths.get(key)
  if (known === undefined) paths.set(key, path)
  else if (typeof known === 'string') paths.set(key, [known, path])
  else known.push(path)
}
