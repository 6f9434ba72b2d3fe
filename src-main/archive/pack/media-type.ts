/** What file name ending bytes of a media type get in a pack. */
export function endingOf(mediaType: string): 'eml' | 'json' | 'xml' | 'html' | 'txt' | 'bin' {
  const type = essence(mediaType)
  if (type === 'message/rfc822' || type === 'message/global') return 'eml'
  if (type === 'text/html' || type === 'application/xhtml+xml') return 'html'
  if (type.endsWith('/json') || type.endsWith('+json')) return 'json'
  if (type.endsWith('/xml') || type.endsWith('+xml')) return 'xml'
  return type.startsWith('text/') ? 'txt' : 'bin'
}

/** The type without its parameters, in lower case. */
function essence(mediaType: string): string {
  return (mediaType.split(';', 1)[0] ?? '').trim().toLowerCase()
}
