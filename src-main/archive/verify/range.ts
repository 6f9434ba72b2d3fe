import { fromBase64 } from '../base64.ts'
import type { Sha256 } from '../sha256.ts'
import { nodeHash, sameHash } from '../tree/hash.ts'
import { pathSteps } from './inclusion.ts'

/**
 * Checks that leaves which follow one another are all that stands at their places of the tree: with what stands left of the
 * first and right of the last, which their proofs have, they must give the root.
 */
export class RangeChecker {
  private readonly sha: Sha256
  /** Complete trees over everything so far, the widest first: as many as the number of leaves has ones in binary. */
  private readonly stack: Uint8Array[]
  private next: number
  private latest: Uint8Array | null = null

  /** @param proof The inclusion proof of leaf `first`, in base64, already found good. */
  constructor(sha: Sha256, first: number, size: number, proof: readonly string[]) {
    this.sha = sha
    this.next = first
    const left = pathSteps(first, size).flatMap((step, place) =>
      step.left ? [fromBase64(proof[place] ?? '') ?? new Uint8Array()] : [],
    )
    this.stack = left.reverse()
  }

  add(leaf: Uint8Array): void {
    // The last one stays aside: it goes up by its own way.
    if (this.latest !== null) this.push(this.latest)
    this.latest = leaf
  }

  private push(leaf: Uint8Array): void {
    let node = leaf
    for (let place = this.next; place % 2 === 1; place = Math.floor(place / 2)) {
      node = nodeHash(this.sha, this.stack.pop() ?? new Uint8Array(), node)
    }
    this.stack.push(node)
    this.next++
  }

  /** @param proof The inclusion proof of the last leaf that was added. */
  gives(root: Uint8Array, size: number, proof: readonly string[]): boolean {
    if (this.latest === null) return false
    let node = this.latest
    for (const [place, { left }] of pathSteps(this.next, size).entries()) {
      const sibling = left ? this.stack.pop() : fromBase64(proof[place] ?? '')
      if (sibling === undefined || sibling === null) return false
      node = left ? nodeHash(this.sha, sibling, node) : nodeHash(this.sha, node, sibling)
    }
    return this.stack.length === 0 && sameHash(node, root)
  }
}
