/** Largest frame of a call, in bytes. A call carries at most 5,000 targets (about 400 KB); the rest is room. */
export const MAX_CALL_BYTES = 2 * 1024 * 1024
/** A WebSocket frame above this ends the connection unread; between the two limits the call is refused and the connection stays. */
export const MAX_FRAME_BYTES = 8 * 1024 * 1024
/** Largest answer: one attachment of the largest mail that is taken in whole. */
export const MAX_ANSWER_BYTES = 128 * 1024 * 1024
/** Calls and open event streams of one connection at one time. The interface uses a few dozen; a runaway loop stops here. */
export const MAX_OPEN_CALLS = 1000
