import { userInfo } from 'node:os'
import { InvalidArgumentError } from 'commander'

/** Who does something: the name given, or the one that this person is signed in with. */
export function doer(given: string | undefined): string {
  return given ?? userInfo().username
}

/** A reason as it stands in a certificate: one line, at most 1,000 characters. */
export function reasonText(text: string): string {
  const plain = text.trim()
  if (plain === '' || plain.length > 1000 || /\p{Cc}/u.test(plain))
    throw new InvalidArgumentError('It must be one line of text, at most 1,000 characters.')
  return plain
}
