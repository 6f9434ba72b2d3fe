import { limits } from './limits.ts'

/** Text for search: whole characters, without those that mark a search hit, and not longer than a search reads. */
export function searchText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL ends texts in some places, so it is left out
  const unmarked = text.slice(0, limits.searchText).replace(/[\u0000\ue000\ue001]/g, '')
  return unmarked.replace(/\p{Surrogate}/gu, '\ufffd').trim()
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** Whether the address leads to a page of the web, which alone may become a link. */
export function isWebAddress(address: string): boolean {
  return address.length <= limits.line && /^https?:\/\//i.test(address) && URL.canParse(address)
}

/** A link when the address leads to a page of the web, else its text. Both are escaped. */
export function linkHtml(address: string, text: string = address): string {
  return isWebAddress(address) ? `<a href="${escapeHtml(address)}">${escapeHtml(text)}</a>` : escapeHtml(text)
}

/** Plain text as HTML: blank lines part paragraphs, and addresses of the web in it become links. */
export function paragraphs(text: string): string {
  return text
    .split(/\r?\n(?:[ \t]*\r?\n)+/)
    .filter((part) => part.trim() !== '')
    .map((part) => `<p>${withLinks(part).replace(/\r?\n/g, '<br>')}</p>`)
    .join('')
}

function withLinks(text: string): string {
  const parts: string[] = []
  let at = 0
  for (const match of text.matchAll(/https?:\/\/[^\s<>"']{1,2000}/gi)) {
    const address = match[0].replace(/[.,;:!?)\]]+$/, '')
    parts.push(escapeHtml(text.slice(at, match.index)), linkHtml(address))
    at = match.index + address.length
  }
  parts.push(escapeHtml(text.slice(at)))
  return parts.join('')
}
