/** Addresses that a message may lead to. Everything else (javascript:, file:, data:, unknown schemes) loses its link. */
const OPENABLE = new Set(['http:', 'https:', 'mailto:'])

/**
 * The address a link really leads to, or null when it must not be followed. Relative addresses have no page to be
 * relative to; control characters and spaces inside a scheme, which browsers skip, are taken out first.
 */
export function safeLink(href: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what browsers ignore in addresses.
  const clean = href.replace(/[\u0000-\u0020\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
  if (!URL.canParse(clean)) return null
  const url = new URL(clean)
  return OPENABLE.has(url.protocol) ? url.href : null
}

/** Address of a picture on the web, or null. Plain http is asked for over https. */
export function remotePicture(src: string): string | null {
  const link = safeLink(src.startsWith('//') ? `https:${src}` : src)
  if (link === null || link.startsWith('mailto:')) return null
  return link.replace(/^http:/, 'https:')
}

/** Whether a `data:` address holds a picture that cannot run anything. SVG is left out: it can refer to other things. */
export function isDataPicture(src: string): boolean {
  return /^data:image\/(png|jpe?g|gif|webp|avif|bmp|x-icon)[;,]/i.test(src.trim())
}

export interface LinkPart {
  text: string
  href: string | null
}

const ADDRESS =
  /\b(?:https?:\/\/[^\s<>"'`]+|mailto:[^\s<>"'`]+|www\.[a-z0-9-]+\.[^\s<>"'`]+|[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,24})/gi

/** Plain text cut into words and addresses that can be opened. A full stop or bracket after an address is not part of it. */
export function linkify(text: string): LinkPart[] {
  const parts: LinkPart[] = []
  let at = 0
  for (const match of text.matchAll(ADDRESS)) {
    const found = trimEnd(match[0])
    const href = safeLink(
      found.includes('://') || found.startsWith('mailto:') ? found : found.includes('@') ? `mailto:${found}` : `https://${found}`,
    )
    if (href === null) continue
    if (match.index > at) parts.push({ text: text.slice(at, match.index), href: null })
    parts.push({ text: found, href })
    at = match.index + found.length
  }
  if (at < text.length) parts.push({ text: text.slice(at), href: null })
  return parts
}

function trimEnd(address: string): string {
  let end = address.length
  for (; end > 0; end--) {
    const last = address[end - 1] ?? ''
    if (/[.,;:!?'"»”]/.test(last)) continue
    const closes = { ')': '(', ']': '[', '}': '{' }[last]
    if (closes && !address.slice(0, end - 1).includes(closes)) continue
    break
  }
  return address.slice(0, end)
}
