import { HASH_BYTES, type Sha256 } from '../sha256.ts'
import { emptyRoot, nodeHash, pairHash } from './hash.ts'
import { expandTile, rowStart, TILE_HEIGHT, TILE_WIDTH, type Tile } from './tile.ts'

/** The tile that is being filled at one level. */
interface Edge {
  n: number
  /** Nodes in it. */
  count: number
  hashes: Uint8Array
  changed: boolean
}

/**
 * Grows a stored tree. It holds only the right edge: at each level the tile that is not full yet.
 */
export class Appender {
  private readonly sha: Sha256
  private readonly edges: Edge[] = []
  private full: Tile[] = []
  private leaves: number

  /**
   * @param size Leaves of the stored tree.
   * @param partial Reads the tile that is not full; asked only for those that must be there.
   * @throws Error when one is missing or too short.
   */
  constructor(sha: Sha256, size: number, partial: (level: number, n: number) => Uint8Array | null) {
    this.sha = sha
    this.leaves = size
    for (let level = 0, nodes = size; nodes > 0; level++, nodes = Math.floor(nodes / TILE_WIDTH)) {
      const n = Math.floor(nodes / TILE_WIDTH)
      const count = nodes % TILE_WIDTH
      const hashes = new Uint8Array(TILE_WIDTH * HASH_BYTES)
      if (count > 0) {
        const stored = partial(level, n)
        if (stored === null || stored.length < count * HASH_BYTES)
          throw new Error(`Tile ${level}/${n} has fewer than ${count} hashes.`)
        hashes.set(stored.subarray(0, count * HASH_BYTES))
      }
      this.edges.push({ n, count, hashes, changed: false })
    }
  }

  get size(): number {
    return this.leaves
  }

  /** Adds one leaf. @returns its number. */
  append(leaf: Uint8Array): number {
    this.add(0, leaf)
    return this.leaves++
  }

  private add(level: number, hash: Uint8Array): void {
    let edge = this.edges[level]
    if (edge === undefined) {
      edge = { n: 0, count: 0, hashes: new Uint8Array(TILE_WIDTH * HASH_BYTES), changed: false }
      this.edges.push(edge)
    }
    edge.hashes.set(hash, edge.count * HASH_BYTES)
    edge.count++
    edge.changed = true
    if (edge.count === TILE_WIDTH) this.close(level, edge)
  }

  /** A tile is full: its inner nodes are worked out once, and the node above it goes to the next level. */
  private close(level: number, edge: Edge): void {
    const hashes = expandTile(this.sha, edge.hashes, TILE_WIDTH)
    this.full.push({ level, n: edge.n, hashes })
    edge.n++
    edge.count = 0
    edge.changed = false
    this.add(level + 1, pairHash(this.sha, hashes, rowStart(TILE_HEIGHT - 1) * HASH_BYTES))
  }

  /** Tiles to store, each in the place of what is there by its level and number: everything that changed since the last call. */
  flush(): Tile[] {
    const tiles = this.full
    this.full = []
    for (const [level, edge] of this.edges.entries()) {
      if (!edge.changed) continue
      tiles.push({ level, n: edge.n, hashes: edge.hashes.slice(0, edge.count * HASH_BYTES) })
      edge.changed = false
    }
    return tiles
  }

  /** The tiles that are not full, as a new `Appender` needs them to go on from here. */
  edge(): Tile[] {
    return [...this.edges.entries()].flatMap(([level, { n, count, hashes }]) =>
      count === 0 ? [] : [{ level, n, hashes: hashes.slice(0, count * HASH_BYTES) }],
    )
  }

  /** Root of the tree as it is now. Hashes up to 255 nodes for each level: for checkpoints, not for every entry. */
  root(): Uint8Array {
    let root: Uint8Array | null = null
    for (const { hashes, count } of this.edges) {
      const tile = expandTile(this.sha, hashes, count)
      // The complete trees that `count` is the sum of, from the smallest, which is the rightmost.
      for (let row = 0; row < TILE_HEIGHT; row++) {
        if (((count >> row) & 1) === 0) continue
        const at = (rowStart(row) + (count >> row) - 1) * HASH_BYTES
        const node = tile.slice(at, at + HASH_BYTES)
        root = root === null ? node : nodeHash(this.sha, node, root)
      }
    }
    return root ?? emptyRoot(this.sha)
  }
}
