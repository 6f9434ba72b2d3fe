import type { SendLimits } from '#shared/model/index.ts'
import { limits } from '../limits.ts'

/** Bytes left for the header, the text and the frame of a mail. */
const FRAME = 256 * 1024

/**
 * What an account can send. A file grows by 37 % on its way (base64 in lines), so the largest one is smaller than the mail.
 * @param mostBytes largest mail that the server takes (SIZE, RFC 1870); null where it did not say.
 */
export function mailCapacity(mostBytes: number | null): SendLimits {
  const whole = Math.min(mostBytes ?? limits.mailBytes, limits.mailBytes)
  return {
    kinds: ['mail'],
    acts: [],
    edits: false,
    deletes: false,
    visibilities: [],
    warnings: false,
    quotes: false,
    text: { counting: 'code_points', most: null, mostBytes: null },
    media: {
      most: 100,
      types: ['*/*'],
      mostBytes: { '*': Math.max(1, Math.floor(((whole - FRAME) * 57) / 78)) },
      mostAlt: limits.line,
    },
  }
}
