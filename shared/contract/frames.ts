/** Bytes of a frame as it travels. */
export function frameBytes(frame: string | Uint8Array): number {
  if (typeof frame !== 'string') return frame.byteLength
  let bytes = frame.length
  for (let i = 0; i < frame.length; i++) {
    const unit = frame.charCodeAt(i)
    // Each half of a surrogate pair counts 2 of the pair's 4 bytes.
    if (unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff)) bytes += 2
    else if (unit > 0x7f) bytes += 1
  }
  return bytes
}

/** Code of the one error that crosses the wire; its data is a `Fault`. */
export const FAULT = 'FAULT'

/** Whether a call answered with a stream of events. */
export function isEventStream(value: unknown): value is AsyncIterator<unknown> & AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value && 'next' in value
}
