import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { nodeSha256 as sha } from '#archive/sha256-node.ts'
import { Appender } from '#archive/tree/appender.ts'
import { leafHash } from '#archive/tree/hash.ts'
import { verifyConsistency, verifyInclusion } from '#archive/tree/proof.ts'
import { TreeReader } from '#archive/tree/reader.ts'
import { FULL_TILE_BYTES, type ReadTile } from '#archive/tree/tile.ts'
import { naiveLeaf, naivePath, naiveProof, naiveRoot } from './support/naive-tree.ts'

const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex')
const hexes = (hashes: readonly Uint8Array[]) => hashes.map(hex)
const entry = (index: number) => `{"seq":${index}}`
const leafOf = (index: number) => leafHash(sha, entry(index))

/** The table of tiles that the store keeps. */
class Tiles {
  readonly stored = new Map<string, Uint8Array>()
  readonly read: ReadTile = (level, n) => this.stored.get(`${level}/${n}`) ?? null

  save(appender: Appender): void {
    for (const { level, n, hashes } of appender.flush()) this.stored.set(`${level}/${n}`, hashes)
  }
}

/** Grows a tree to `size` in batches; after each, what was stored is all that the next begins from. */
function grow(tiles: Tiles, from: number, sizes: readonly number[]): Appender {
  let appender = new Appender(sha, from, tiles.read)
  for (const size of sizes) {
    while (appender.size < size) appender.append(leafOf(appender.size))
    tiles.save(appender)
    appender = new Appender(sha, appender.size, tiles.read)
  }
  return appender
}

/** The tests of Certificate Transparency: leaves, and the root after each. */
const published: [string, string][] = [
  ['', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
  ['00', 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
  ['10', 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
  ['2021', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
  ['3031', '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
  ['40414243', '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
  ['5051525354555657', 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
  ['606162636465666768696a6b6c6d6e6f', '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
]

describe('the tree', () => {
  it('has the published roots', () => {
    const appender = new Appender(sha, 0, () => null)
    expect(hex(appender.root())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    for (const [leaf, root] of published) {
      appender.append(leafHash(sha, Buffer.from(leaf, 'hex').toString('latin1')))
      expect(hex(appender.root())).toBe(root)
    }
  })

  it('hashes an entry as its UTF-8', () => {
    expect(hex(leafHash(sha, 'é€😀'))).toBe(hex(naiveLeaf(Buffer.from('é€😀'))))
  })
})

describe('a tree grown in batches', () => {
  const most = 1100
  let leaves: Uint8Array[] = []
  beforeAll(() => {
    leaves = Array.from({ length: most }, (_, index) => naiveLeaf(Buffer.from(entry(index))))
  })

  it('has the same root as one that is hashed whole, at every size', () => {
    const sizes = fc.uniqueArray(fc.oneof(fc.integer({ min: 1, max: most }), fc.constantFrom(255, 256, 257, 512, 768, 1024)))
    fc.assert(
      fc.property(sizes, (list) => {
        const tiles = new Tiles()
        list.sort((a, b) => a - b)
        const appender = grow(tiles, 0, list)
        const size = list.at(-1) ?? 0
        const expected = hex(naiveRoot(leaves.slice(0, size)))
        expect(hex(appender.root())).toBe(expected)
        const reader = new TreeReader(sha, tiles.read)
        for (const past of [0, ...list]) expect(hex(reader.root(past))).toBe(hex(naiveRoot(leaves.slice(0, past))))
      }),
      { numRuns: 30 },
    )
  })

  it('stores full tiles once, with everything that a proof needs, and only what changed', () => {
    const appender = new Appender(sha, 0, () => null)
    for (let index = 0; index < 300; index++) appender.append(leafOf(index))
    const sizes = appender.flush().map(({ level, n, hashes }) => [level, n, hashes.length])
    expect(sizes).toEqual([
      [0, 0, FULL_TILE_BYTES],
      [0, 1, 44 * 32],
      [1, 0, 32],
    ])
    expect(appender.flush()).toEqual([])
    appender.append(leafOf(300))
    expect(appender.flush().map(({ level, n, hashes }) => [level, n, hashes.length])).toEqual([[0, 1, 45 * 32]])
  })

  it('goes on beyond two levels', () => {
    const tiles = new Tiles()
    const appender = grow(tiles, 0, [65_500, 65_536, 65_601])
    expect([...tiles.stored.keys()].filter((name) => name.startsWith('2/'))).toEqual(['2/0'])
    const reader = new TreeReader(sha, tiles.read)
    expect(hex(reader.root(65_601))).toBe(hex(appender.root()))
    for (const leaf of [0, 255, 256, 40_000, 65_535, 65_536, 65_600]) {
      for (const size of [65_535, 65_536, 65_537, 65_601].filter((size) => size > leaf)) {
        const proof = reader.inclusionProof(leaf, size)
        expect(verifyInclusion(sha, leafOf(leaf), leaf, size, proof, reader.root(size))).toBe(true)
      }
    }
  })

  it('refuses to go on from tiles that are not there', () => {
    const tiles = new Tiles()
    grow(tiles, 0, [300])
    expect(() => new Appender(sha, 301, tiles.read)).toThrow('Tile 0/1 has fewer than 45 hashes.')
    expect(() => new Appender(sha, 300, () => null)).toThrow('Tile 0/1')
    expect(() => new TreeReader(sha, tiles.read).root(301)).toThrow('Tile 0/1')
    expect(() => new TreeReader(sha, tiles.read).inclusionProof(300, 300)).toThrow(RangeError)
    expect(() => new TreeReader(sha, tiles.read).consistencyProof(0, 300)).toThrow(RangeError)
  })

  it('goes on reading a tile that has grown since', () => {
    const tiles = new Tiles()
    grow(tiles, 0, [3])
    const reader = new TreeReader(sha, tiles.read)
    reader.root(3)
    grow(tiles, 3, [200, 600])
    expect(hex(reader.root(600))).toBe(hex(naiveRoot(leaves.slice(0, 600))))
  })

  describe('proves', () => {
    const tiles = new Tiles()
    const reader = new TreeReader(sha, tiles.read)
    beforeAll(() => {
      grow(tiles, 0, [most])
    })
    const pair = fc
      .integer({ min: 1, max: most })
      .chain((size) => fc.tuple(fc.integer({ min: 0, max: size - 1 }), fc.constant(size)))

    it('that a leaf is in it, as RFC 6962 defines, and nothing else', () => {
      fc.assert(
        fc.property(pair, fc.nat(), ([leaf, size], other) => {
          const proof = reader.inclusionProof(leaf, size)
          expect(hexes(proof)).toEqual(hexes(naivePath(leaf, leaves.slice(0, size))))
          const root = reader.root(size)
          const hash = leafOf(leaf)
          expect(verifyInclusion(sha, hash, leaf, size, proof, root)).toBe(true)
          expect(verifyInclusion(sha, leafOf(leaf + 1), leaf, size, proof, root)).toBe(false)
          expect(verifyInclusion(sha, hash, size, size, proof, root)).toBe(false)
          expect(verifyInclusion(sha, hash, -1, size, proof, root)).toBe(false)
          expect(verifyInclusion(sha, hash, leaf, size, [...proof, root], root)).toBe(false)
          if (proof.length === 0) return
          expect(verifyInclusion(sha, hash, leaf, size, proof.slice(1), root)).toBe(false)
          const broken = proof.map((step) => step.slice())
          const step = broken[other % broken.length]
          if (step !== undefined) step[other % 32] = (step[other % 32] ?? 0) ^ 1
          expect(verifyInclusion(sha, hash, leaf, size, broken, root)).toBe(false)
        }),
      )
    })

    it('that it grew from what it was, as RFC 6962 defines, and nothing else', () => {
      fc.assert(
        fc.property(pair, fc.nat(), ([before, size], other) => {
          const old = before + 1
          const proof = reader.consistencyProof(old, size)
          expect(hexes(proof)).toEqual(hexes(naiveProof(old, leaves.slice(0, size))))
          const [was, is] = [reader.root(old), reader.root(size)]
          expect(verifyConsistency(sha, old, was, size, is, proof)).toBe(true)
          // Of an entry that the tree does not have: a tree of one has its only leaf for a root.
          const forged = leafOf(most + other)
          expect(verifyConsistency(sha, old, forged, size, is, proof)).toBe(false)
          expect(verifyConsistency(sha, old, was, size, forged, proof)).toBe(false)
          expect(verifyConsistency(sha, old, was, size, is, [...proof, forged])).toBe(false)
          expect(verifyConsistency(sha, size + 1, was, size, is, proof)).toBe(false)
          expect(verifyConsistency(sha, 0, was, size, is, proof)).toBe(false)
          if (proof.length > 0) expect(verifyConsistency(sha, old, was, size, is, proof.slice(1))).toBe(false)
        }),
      )
    })
  })
})
