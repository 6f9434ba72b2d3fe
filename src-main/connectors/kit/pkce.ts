import { createHash, randomBytes } from 'node:crypto'

/** Values of one visit to a sign-in page: proof key (RFC 7636) and state (RFC 6749 section 10.12). */
export interface Proof {
  state: string
  verifier: string
  /** For the address: `code_challenge` of method `S256`. */
  challenge: string
}

export function newProof(): Proof {
  const verifier = randomBytes(48).toString('base64url')
  return {
    state: randomBytes(32).toString('base64url'),
    verifier,
    challenge: createHash('sha256').update(verifier).digest('base64url'),
  }
}
