import { foldTerm } from '../fold.ts'
import type { GuardRange } from '../model.ts'
import type { Detection, Detector, Looked } from './detector.ts'

/** Links, told by how they are written: nothing is asked of any server. */

interface Written {
  url: string
  range: GuardRange | null
}

function links({ text, cut, variant }: Looked): Written[] {
  const inText = cut.tokens
    .filter(({ kind }) => kind === 'link')
    .map(({ from, to }) => ({ url: text.slice(from, to), range: { from, to } }))
  return [...inText, ...variant.links.map((url) => ({ url, range: null }))]
}

const finder =
  (accept: (address: Address) => boolean): Detector =>
  (looked) =>
    links(looked).flatMap(({ url, range }) => {
      const parsed = parse(url)
      return parsed !== null && accept(parsed) ? [detection(url, range)] : []
    })

function detection(url: string, range: GuardRange | null): Detection {
  return { ranges: range === null ? [] : [range], params: { link: url.length > 80 ? `${url.slice(0, 79)}…` : url } }
}

/** The parts of a web address, in lower case where case says nothing. */
interface Address {
  scheme: string
  /** Slashes behind the scheme. */
  slashes: string
  user: string
  host: string
  port: string
  path: string
  /** Names of the values behind `?`. */
  names: string[]
}

const shape = /^([a-z][a-z0-9+.-]{0,30}):(\/{0,3})([^/?#]*)([^?#]*)(?:\?([^#]*))?/i

function parse(url: string): Address | null {
  const found = shape.exec(/^www\./i.test(url) ? `https://${url}` : url)
  if (found === null) return null
  const [, scheme = '', slashes = '', authority = '', path = '', query = ''] = found
  const [, user = '', place = ''] = /^(?:(.*)@)?([^@]*)$/.exec(authority) ?? []
  const [, host = '', port = ''] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?/.exec(place) ?? []
  const names = query.split('&').map((pair) => pair.split('=')[0] ?? '')
  return { scheme: scheme.toLowerCase(), slashes, user, host: host.toLowerCase(), port, path, names }
}

const schemes = new Set(['http', 'https', 'mailto', 'tel', 'file'])

/** What no browser would open: wrong schemes, empty names, one slash, `www.` and nothing. */
export const linkBroken: Detector = (looked) =>
  links(looked).flatMap(({ url, range }) => (isBroken(url) ? [detection(url, range)] : []))

function isBroken(url: string): boolean {
  const parsed = parse(url)
  if (parsed === null || !schemes.has(parsed.scheme)) return true
  if (!parsed.scheme.startsWith('http')) return false
  const { slashes, host, path } = parsed
  if (slashes !== '//' || host === '' || /\.\.|^\.|[^\p{L}\p{N}.:[\]_-]/u.test(host)) return true
  return /^www\.[^.]*$/.test(host) || /%5b|%7b|\[|\{\{/i.test(path)
}

const privateHost =
  /^(?:localhost|.*\.(?:localhost|local|internal|intranet|lan|test|invalid|home|corp)|127\.[\d.]+|10\.[\d.]+|192\.168\.[\d.]+|172\.(?:1[6-9]|2\d|3[01])\.[\d.]+|\[.*\]|(?:staging|preview|preprod|dev|intranet|test)\..*)$/

/** What only opens in the house: names without a dot, private addresses, files, trial servers. */
export const linkLocal = finder(
  ({ scheme, host, port }) =>
    scheme === 'file' ||
    (scheme.startsWith('http') &&
      host !== '' &&
      (privateHost.test(host) || !host.includes('.') || /^(?:3000|5173|80[08]\d)$/.test(port))),
)

/** Passwords and keys that open the page for whoever has the link. */
export const linkSecret = finder(({ user, names }) => user !== '' || names.some((name) => keyName.test(name)))
const keyName = /^(?:access_?token|token|auth|apikey|api_key|key|sig|signature|password|pwd|session(?:id)?)$/i

const shorteners = new Set(
  'bit.ly tinyurl.com t.co goo.gl ow.ly is.gd buff.ly lnkd.in fb.me youtu.be.ly cutt.ly rb.gy rebrand.ly shorturl.at tiny.cc t.ly dlvr.it trib.al shorturl.me bl.ink v.gd x.gd'.split(
    ' ',
  ),
)

export const linkShort = finder(({ host }) => shorteners.has(host.replace(/^www\./, '')))

const tracking =
  /^(?:utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|igsh|yclid|twclid|li_fat_id|_hsenc|_hsmi|vero_id|mkt_tok|ref_src)$/i

export const linkTracking = finder(({ names }) => names.some((name) => tracking.test(name)))

const placeholderShape =
  /\[[^\][\n]{1,60}\]|\{\{[^{}\n]{1,60}\}\}|<[^<>\n]{1,40}>|(?<![\p{L}\p{N}])(?:X{3,8}|lorem ipsum)(?![\p{L}\p{N}])/giu
const placeholderWord =
  /\b(?:link|lien|enlace|insert|inserer|insertar|name|nom|nombre|date|fecha|title|titre|titulo|url|here|ici|aqui|tbc|tbd|a completer|por completar|photo|image|imagen|draft|brouillon|borrador|handle|hashtag|number|numero|version|v\d)\b|^(?:\W*x{3,8}\W*|lorem ipsum)$/

/** Blanks of a template that nobody filled. */
export const placeholder: Detector = ({ text }) => {
  const found: Detection[] = []
  for (const match of text.matchAll(placeholderShape)) {
    const words = foldTerm(match[0])
    if (placeholderWord.test(words)) found.push({ ranges: [{ from: match.index, to: match.index + match[0].length }] })
  }
  return found
}
