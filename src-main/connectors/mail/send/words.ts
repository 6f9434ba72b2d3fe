/** A word longer than this could not be folded into short lines as it is. */
const LONGEST_WORD = 50
/** Bytes in one encoded word, so that it stays beside the longest field name in one line (RFC 2047 section 2). */
const WORD_BYTES = 30

/**
 * Free text of a header field (a subject, a description) in ASCII. It is encoded (RFC 2047) where it holds other letters, where a word is too
 * long for a line, and where it would be taken for encoded text although it is not.
 */
export function headerText(value: string): string {
  return isPlain(value) ? value : encode(value)
}

function isPlain(value: string): boolean {
  return /^[\x20-\x7e]*$/.test(value) && !value.includes('=?') && value.split(' ').every((word) => word.length <= LONGEST_WORD)
}

/** Encoded words with a space between, none of which parts a letter. */
function encode(value: string): string {
  const words: string[] = []
  let word: string[] = []
  let bytes = 0
  const close = () => {
    if (word.length > 0) words.push(`=?utf-8?B?${Buffer.from(word.join('')).toString('base64')}?=`)
    word = []
    bytes = 0
  }
  for (const letter of value) {
    const size = Buffer.byteLength(letter)
    if (bytes + size > WORD_BYTES) close()
    word.push(letter)
    bytes += size
  }
  close()
  return words.join(' ')
}
