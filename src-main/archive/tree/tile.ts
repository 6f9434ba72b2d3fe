import { HASH_BYTES, type Sha256 } from '../sha256.ts'
import { pairHash } from './hash.ts'

/**
 * The tree as it is stored: tile `n` of level `level` has the nodes `256 n` to `256 n + 255` of height `8 level`, 32 bytes
 * each. While it fills, a tile holds just those. A full one goes on with the 128 nodes above them, the 64 above those and so
 * on to the last two, so that a proof is read and not computed; the node above those two is the first thing of the next level.
 */
export interface Tile {
  level: number
  n: number
  hashes: Uint8Array
}

/** Nodes in the lowest row of a full tile. */
export const TILE_WIDTH = 256
/** Heights that a tile covers. */
export const TILE_HEIGHT = 8
/** Bytes of a full tile: 256 + 128 + ... + 2 hashes. */
export const FULL_TILE_BYTES = (2 * TILE_WIDTH - 2) * HASH_BYTES

/** Reads a tile; null for one that is not there. */
export type ReadTile = (level: number, n: number) => Uint8Array | null

/** Where a row begins in a full tile, in hashes: row 0 is the lowest. */
export function rowStart(row: number): number {
  return 2 * TILE_WIDTH - 2 * (TILE_WIDTH >> row)
}

/**
 * Adds the rows above the lowest one, as far as they can be known: rows of a tile that is not full have gaps, but every
 * node whose leaves are all there is in its place.
 * @param count Nodes in the lowest row.
 * @returns as many bytes as a full tile has.
 */
export function expandTile(sha: Sha256, lowest: Uint8Array, count: number): Uint8Array {
  const tile = new Uint8Array(FULL_TILE_BYTES)
  tile.set(lowest.subarray(0, count * HASH_BYTES))
  for (let row = 1; row < TILE_HEIGHT; row++) {
    const below = rowStart(row - 1)
    const here = rowStart(row)
    for (let index = 0; index < count >> row; index++) {
      tile.set(pairHash(sha, tile, (below + 2 * index) * HASH_BYTES), (here + index) * HASH_BYTES)
    }
  }
  return tile
}
