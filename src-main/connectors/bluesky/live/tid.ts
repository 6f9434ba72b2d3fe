import { createHash } from 'node:crypto'

const DIGITS = '234567abcdefghijklmnopqrstuvwxyz'

/**
 * The record key of an item of the outbox, the same at every try: a TID (https://atproto.com/specs/tid) of the time when it was put
 * into the outbox, whose microseconds and clock are taken from the item's random key. Two items would need the same millisecond and the
 * same 20 bits to get one.
 */
export function keyOfItem({ key, queuedAt }: { key: string; queuedAt: string }): string {
  const noise = createHash('sha256').update(key).digest()
  const micros = BigInt(Date.parse(queuedAt)) * 1000n + BigInt(noise.readUInt32BE(0) % 1000)
  let number = (micros << 10n) | BigInt(noise.readUInt16BE(4) & 0x3ff)
  let text = ''
  for (let digit = 0; digit < 13; digit++) {
    text = `${DIGITS[Number(number & 31n)]}${text}`
    number >>= 5n
  }
  return text
}
