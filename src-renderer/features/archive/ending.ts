/** The ending of a file of the network's own bytes. */
export function endingOf(mediaType: string): string {
  if (mediaType.includes('rfc822')) return 'eml'
  if (mediaType.includes('json')) return 'json'
  return mediaType.includes('xml') ? 'xml' : 'txt'
}
