import { fromBase64, toBase64 } from '../base64.ts'
import type { Sha256 } from '../sha256.ts'
import { nodeHash, sameHash } from '../tree/hash.ts'

/** One step of the way from a leaf to the root: a node, and on which side its sibling stands. */
export interface Step {
  height: number
  /** Of the node, among those of its height. */
  index: number
  /** The sibling is on the left. */
  left: boolean
}

/** The way from a leaf to the root: the same as RFC 9162 section 2.1.3.2 walks, with names for the nodes. */
export function pathSteps(leaf: number, size: number): Step[] {
  const steps: Step[] = []
  let index = leaf
  let last = size - 1
  for (let height = 0; last > 0; height++) {
    const left = index % 2 === 1
    // A rightmost node without a sibling goes up as it is.
    if (left || index < last) steps.push({ height, index, left })
    index = Math.floor(index / 2)
    last = Math.floor(last / 2)
  }
  return steps
}

/** A node of the way that was proved last, with its sibling, which is proved by the same. */
interface Known {
  index: number
  /** Base64, as the proofs are: most are compared and few are hashed. */
  node: string
  /** Place of the sibling in the proof. */
  place: number
}

/**
 * Checks the proofs of many leaves of one tree. What one proof proved, the next need not: leaves that come in order share
 * most of their way, so that each costs about one hash instead of one for every level.
 */
export class InclusionChecker {
  private readonly sha: Sha256
  private readonly size: number
  private readonly root: Uint8Array
  private known: (Known | undefined)[] = []
  private proof: readonly string[] = []

  constructor(sha: Sha256, size: number, root: Uint8Array) {
    this.sha = sha
    this.size = size
    this.root = root
  }

  /** @param proof Hashes in base64, deepest first. */
  check(leaf: Uint8Array, seq: number, proof: readonly string[]): boolean {
    if (!(seq >= 0 && seq < this.size)) return false
    const steps = pathSteps(seq, this.size)
    if (steps.length !== proof.length) return false
    const climbed: Known[] = []
    let node = leaf
    for (let place = 0; place < steps.length; place++) {
      const { height, index, left } = steps[place] as Step
      const here = { index, node: toBase64(node), place }
      climbed.push(here)
      const known = this.known[height]
      if (known !== undefined && (known.index === index || known.index === siblingOf(index))) {
        return this.joins(known, here, proof) && this.keep(steps, climbed, proof)
      }
      const sibling = fromBase64(proof[place] ?? '')
      if (sibling === null) return false
      node = left ? nodeHash(this.sha, sibling, node) : nodeHash(this.sha, node, sibling)
    }
    return sameHash(node, this.root) && this.keep(steps, climbed, proof)
  }

  /** Whether a way that meets the last one goes on as that one did. */
  private joins(known: Known, here: Known, proof: readonly string[]): boolean {
    const beside = this.proof[known.place]
    const same = known.index === here.index
    if (here.node !== (same ? known.node : beside) || proof[here.place] !== (same ? beside : known.node)) return false
    for (let up = 1; here.place + up < proof.length; up++) {
      if (proof[here.place + up] !== this.proof[known.place + up]) return false
    }
    return proof.length - here.place === this.proof.length - known.place
  }

  /** Remembers a way that was proved: new up to where it met the last one, and as that one was from there. */
  private keep(steps: readonly Step[], climbed: readonly Known[], proof: readonly string[]): true {
    const known: (Known | undefined)[] = []
    for (let place = 0; place < steps.length; place++) {
      const { height, index } = steps[place] as Step
      const before = this.known[height]
      const node = climbed[place]?.node ?? (before?.index === index ? before.node : undefined)
      if (node !== undefined) known[height] = { index, node, place }
    }
    this.known = known
    this.proof = proof
    return true
  }
}

function siblingOf(index: number): number {
  return index % 2 === 1 ? index - 1 : index + 1
}
