import * as crypto from 'node:crypto'
import type { Sha256 } from './sha256.ts'
import { sha256Of } from './sha256-crypto.ts'

/** SHA-256 by Node. */
export const nodeSha256: Sha256 = sha256Of(crypto)
