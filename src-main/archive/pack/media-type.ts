/** What file name ending bytes get in a pack. */
export type Ending = 'eml' | 'json' | 'xml' | 'html' | 'txt' | 'bin'

/** There are few types, and every record has one. */
const known = new Map<string, Ending>()
const MOST_KNOWN = 1000

/** The ending for a media type. */
export function endingOf(mediaType: string): Ending {
  const before = known.get(mediaType)
  if (before !== undefined) return before
  const ending = workOut((mediaType.split(';', 1)[0] ?? '').trim().toLowerCase())
  if (known.size < MOST_KNOWN) known.set(mediaType, ending)
  return ending
}

/** @param type Without parameters, in lower case. */
function workOut(type: string): Ending {
  if (type === 'message/rfc822' || type === 'message/global') return 'eml'
  if (type === 'text/html' || type === 'application/xhtml+xml') return 'html'
  if (type.endsWith('/json') || type.endsWith('+json')) return 'json'
  if (type.endsWith('/xml') || type.endsWith('+xml')) return 'xml'
  return type.startsWith('text/') ? 'txt' : 'bin'
}
