import { randomFillSync } from 'node:crypto'
import { SALT_BYTES } from './commit.ts'

/** Random bytes are asked for in larger pieces: one call costs as much as a whole message may. */
const pool = new Uint8Array(256 * SALT_BYTES)
let used = pool.length

/** 32 random bytes, never given out twice. */
export function newSalt(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const salt = pool.slice(used, used + SALT_BYTES)
  // What was given out is kept in one place only: where the salt is stored.
  pool.fill(0, used, used + SALT_BYTES)
  used += SALT_BYTES
  return salt
}
