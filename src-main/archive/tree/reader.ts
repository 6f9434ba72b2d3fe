import { HASH_BYTES, type Sha256 } from '../sha256.ts'
import { emptyRoot, nodeHash } from './hash.ts'
import { expandTile, FULL_TILE_BYTES, type ReadTile, rowStart, TILE_HEIGHT, TILE_WIDTH } from './tile.ts'

/** Tiles kept in memory, 16 KiB each. Records are proved in the order of the ledger, so a few serve for long. */
const keptTiles = 64

/** A tile with all inner nodes that can be known, and the nodes of its lowest row. */
interface Expanded {
  hashes: Uint8Array
  count: number
}

/** Answers about a stored tree, for any size that it has or had. */
export class TreeReader {
  private readonly sha: Sha256
  private readonly readTile: ReadTile
  private readonly tiles = new Map<string, Expanded>()

  constructor(sha: Sha256, readTile: ReadTile) {
    this.sha = sha
    this.readTile = readTile
  }

  /** Root of the first `size` leaves. @throws RangeError when the stored tree has fewer. */
  root(size: number): Uint8Array {
    return size === 0 ? emptyRoot(this.sha) : this.hash(0, size)
  }

  /** The inclusion proof of a leaf in the tree of `size` leaves, deepest first: RFC 9162 section 2.1.3.1. */
  inclusionProof(leaf: number, size: number): Uint8Array[] {
    if (!(leaf >= 0 && leaf < size)) throw new RangeError(`A tree of ${size} has no leaf ${leaf}.`)
    const proof: Uint8Array[] = []
    let start = 0
    let end = size
    while (end - start > 1) {
      const middle = start + largestPowerBelow(end - start)
      if (leaf < middle) {
        proof.push(this.hash(middle, end))
        end = middle
      } else {
        proof.push(this.hash(start, middle))
        start = middle
      }
    }
    return proof.reverse()
  }

  /** The proof that the tree of `newSize` leaves begins with that of `oldSize`, deepest first: RFC 9162 section 2.1.4.1. */
  consistencyProof(oldSize: number, newSize: number): Uint8Array[] {
    if (!(oldSize > 0 && oldSize <= newSize)) throw new RangeError(`Nothing leads from ${oldSize} to ${newSize}.`)
    const proof: Uint8Array[] = []
    let start = 0
    let end = newSize
    while (end !== oldSize) {
      const middle = start + largestPowerBelow(end - start)
      if (oldSize <= middle) {
        proof.push(this.hash(middle, end))
        end = middle
      } else {
        proof.push(this.hash(start, middle))
        start = middle
      }
    }
    // Whoever has the old root need not be told the one subtree that is all of the old tree.
    if (start > 0) proof.push(this.hash(start, end))
    return proof.reverse()
  }

  /** Hash over the leaves from `start` to before `end`, where `start` is one at which such a subtree may begin. */
  private hash(start: number, end: number): Uint8Array {
    let right: Uint8Array | null = null
    // The complete trees that make it up, from the right: the smallest first.
    let stop = end
    for (let height = 0, width = 1; stop > start; height++, width *= 2) {
      if (Math.floor((end - start) / width) % 2 === 0) continue
      stop -= width
      const node = this.node(height, stop / width)
      right = right === null ? node : nodeHash(this.sha, node, right)
    }
    return right ?? emptyRoot(this.sha)
  }

  /** The root of a complete tree of 2^height leaves, the `index`th of its size. */
  private node(height: number, index: number): Uint8Array {
    const row = height % TILE_HEIGHT
    const level = (height - row) / TILE_HEIGHT
    const perTile = TILE_WIDTH >> row
    const n = Math.floor(index / perTile)
    const place = index % perTile
    const tile = this.tile(level, n, (place + 1) << row)
    const at = (rowStart(row) + place) * HASH_BYTES
    return tile.slice(at, at + HASH_BYTES)
  }

  /** @param count Nodes that its lowest row must have. */
  private tile(level: number, n: number, count: number): Uint8Array {
    const name = `${level}/${n}`
    const kept = this.tiles.get(name)
    if (kept !== undefined && kept.count >= count) return kept.hashes
    const stored = this.readTile(level, n)
    const tile = stored === null ? null : this.expand(stored)
    if (tile === null || tile.count < count) throw new RangeError(`Tile ${name} has fewer than ${count} hashes.`)
    const [oldest] = this.tiles.keys()
    if (this.tiles.size >= keptTiles && oldest !== undefined) this.tiles.delete(oldest)
    this.tiles.set(name, tile)
    return tile.hashes
  }

  private expand(stored: Uint8Array): Expanded {
    if (stored.length === FULL_TILE_BYTES) return { hashes: stored, count: TILE_WIDTH }
    const count = Math.floor(stored.length / HASH_BYTES)
    return { hashes: expandTile(this.sha, stored, count), count }
  }
}

/** The largest power of two that is smaller than `size` (from 2). Sizes may be beyond 32 bits. */
function largestPowerBelow(size: number): number {
  let power = 1
  while (power * 2 < size) power *= 2
  return power
}
