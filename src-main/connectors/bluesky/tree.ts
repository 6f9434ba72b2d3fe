import { CID } from 'multiformats/cid'
import { z } from 'zod'
import { hasHash, tryDecode } from './car.ts'
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

/** Short text that stands for an id in a map: the bytes of its hash. */
export function keyOf(cid: CID): string {
  return Buffer.from(cid.multihash.digest).toString('latin1')
}

/**
 * The tree of a repository (Merkle search tree): which record has which path. Nodes are put in as they come, in any
 * order; then `paths` walks from the root.
 */
export class Tree {
  private readonly nodes = new Map<string, Uint8Array>()

  /** Takes a block if it is a node: a map of `e` and `l`, and nothing else (DAG-CBOR sorts the keys). */
  offer(cid: CID, data: Uint8Array): boolean {
    if (data[0] !== 0xa2 || data[1] !== 0x61 || data[2] !== 0x65) return false
    this.nodes.set(keyOf(cid), data)
    return true
  }

  /**
   * Paths (`collection/rkey`) of every record that can be reached, by `keyOf` its id. Two records with the same bytes
   * share one id.
   * @returns `missing`: nodes that are named but not there, or are none: their records have no path.
   */
  paths(root: CID): { paths: Map<string, string[]>; missing: number; seen: Set<string> } {
    const paths = new Map<string, string[]>()
    const seen = new Set<string>()
    let missing = 0
    let entries = 0
    const waiting: { cid: CID; depth: number }[] = [{ cid: root, depth: 0 }]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const id = keyOf(next.cid)
      if (seen.has(id)) continue
      seen.add(id)
      const node = next.depth > limits.treeDepth ? null : this.node(next.cid, id)
      if (node === null) {
        missing++
        continue
      }
      const depth = next.depth + 1
      if (node.l !== null) waiting.push({ cid: node.l, depth })
      let path = ''
      for (const { p, k, v, t } of node.e) {
        path = path.slice(0, p) + Buffer.from(k).toString('latin1')
        if (t !== null) waiting.push({ cid: t, depth })
        if (!isPath(path) || ++entries > limits.entries) continue
        const key = keyOf(v)
        const known = paths.get(key)
        if (known === undefined) paths.set(key, [path])
        else known.push(path)
      }
    }
    return { paths, missing, seen }
  }

  private node(cid: CID, id: string): Node | null {
    const data = this.nodes.get(id)
    if (data === undefined || hasHash(cid, data) === false) return null
    return Node.safeParse(tryDecode(data)).data ?? null
  }
}

function isPath(path: string): boolean {
  return path.length <= limits.keyChars && /^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._:~-]+$/.test(path)
}
