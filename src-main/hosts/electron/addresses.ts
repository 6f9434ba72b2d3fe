/**
 * An address that may leave the window: https or mail. Parsed, and given on as the parser wrote it.
 * @returns null for anything else, and for addresses that carry a name and password.
 */
export function outsideAddress(text: string): string | null {
  if (text.length > 4096 || !URL.canParse(text)) return null
  const url = new URL(text)
  if (url.protocol === 'mailto:') return url.href
  return url.protocol === 'https:' && url.hostname !== '' && url.username === '' && url.password === '' ? url.href : null
}
