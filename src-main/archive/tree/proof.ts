import type { Sha256 } from '../sha256.ts'
import { nodeHash, sameHash } from './hash.ts'

const half = (number: number) => Math.floor(number / 2)
const isOdd = (number: number) => number % 2 === 1

/** Whether `leaf` is number `index` of the tree with that root: RFC 9162 section 2.1.3.2. */
export function verifyInclusion(
  sha: Sha256,
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!(index >= 0 && index < size)) return false
  let node = index
  let last = size - 1
  let hash = leaf
  for (const other of proof) {
    if (last === 0) return false
    if (isOdd(node) || node === last) {
      hash = nodeHash(sha, other, hash)
      while (!isOdd(node) && node !== 0) {
        node = half(node)
        last = half(last)
      }
    } else hash = nodeHash(sha, hash, other)
    node = half(node)
    last = half(last)
  }
  return last === 0 && sameHash(hash, root)
}

/** Whether the tree of `newSize` leaves with `newRoot` begins with the tree of `oldSize` with `oldRoot`: RFC 9162 section 2.1.4.2. */
export function verifyConsistency(
  sha: Sha256,
  oldSize: number,
  oldRoot: Uint8Array,
  newSize: number,
  newRoot: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (!(oldSize > 0 && oldSize <= newSize)) return false
  if (oldSize === newSize) return proof.length === 0 && sameHash(oldRoot, newRoot)
  // A whole tree on the left is its own first step, and is left out of the proof.
  const path = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : proof
  const [first, ...rest] = path
  if (first === undefined) return false
  let node = oldSize - 1
  let last = newSize - 1
  while (isOdd(node)) {
    node = half(node)
    last = half(last)
  }
  let was = first
  let is = first
  for (const other of rest) {
    if (last === 0) return false
    if (isOdd(node) || node === last) {
      was = nodeHash(sha, other, was)
      is = nodeHash(sha, other, is)
      while (!isOdd(node) && node !== 0) {
        node = half(node)
        last = half(last)
      }
    } else is = nodeHash(sha, is, other)
    node = half(node)
    last = half(last)
  }
  return last === 0 && sameHash(was, oldRoot) && sameHash(is, newRoot)
}

function isPowerOfTwo(size: number): boolean {
  let power = 1
  while (power < size) power *= 2
  return power === size
}
