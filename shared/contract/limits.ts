/** Largest frame either side accepts, in bytes. A call carries at most 5,000 targets (about 400 KB); the rest is room. */
export const MAX_CALL_BYTES = 2 * 1024 * 1024
/** Largest answer: one attachment of the largest mail that is taken in whole. */
export const MAX_ANSWER_BYTES = 128 * 1024 * 1024
