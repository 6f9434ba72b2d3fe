import createPurify, { type Config } from 'dompurify'
import { cleanSheet, cleanStyle } from './clean-css.ts'
import { isDataPicture, remotePicture, safeLink } from './links.ts'
import { foldQuote } from './quotes.ts'

export interface SanitiseOptions {
  /** The person asked for pictures from the web. */
  remote: boolean
  /** The address of a picture that came with the message, by its content id; null when there is none. */
  picture: (contentId: string) => string | null
  /** Words on the fold that hides quoted text. */
  quoteLabel: string
}

export interface Sanitised {
  /** What goes into the frame's body. */
  html: string
  /** Pictures on the web that were held back. */
  held: number
  /** The message brings colours of its own, so it is shown on white in the dark theme too. */
  ownColours: boolean
}

const tags =
  'a abbr address article aside b bdi bdo big blockquote body br caption center cite code col colgroup dd del details dfn div dl dt em ' +
  'figcaption figure font footer h1 h2 h3 h4 h5 h6 head header hr html i img ins kbd li main mark nav ol p pre q rp rt ruby s samp ' +
  'section small span strike strong style sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr'
const attributes =
  'align alt bgcolor border cellpadding cellspacing class color cols colspan dir face headers height href hspace id lang noshade nowrap ' +
  'reversed rowspan rules scope size span src start style summary title type valign value vspace width'

const config: Config = {
  ALLOWED_TAGS: tags.split(' '),
  ALLOWED_ATTR: attributes.split(' '),
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  // Addresses are judged one by one below, with what each is for in mind. This holds for every attribute, so values
  // without a scheme (a width, an alignment) have to pass too.
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|cid:|data:image\/|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i,
  FORBID_CONTENTS: ['script', 'noscript', 'template', 'iframe', 'object', 'embed', 'svg', 'math', 'audio', 'video', 'title'],
  WHOLE_DOCUMENT: true,
  RETURN_DOM: true,
}

const purify = createPurify(window)

/**
 * Makes a message's HTML harmless: no script, form, frame, refresh, base or object; no style that loads or hides; links
 * to the web and to mail only; pictures from the message itself, and from the web only when asked for. What comes out is
 * shown in a frame without scripts under a policy of its own, so that each of the three would be enough.
 */
export function sanitise(html: string, { remote, picture, quoteLabel }: SanitiseOptions): Sanitised {
  const root = purify.sanitize(html, config) as unknown as HTMLElement
  const body = root.querySelector('body') ?? root
  const sheets = [...root.querySelectorAll('style')].map((style) => {
    style.remove()
    return cleanSheet(style.textContent ?? '')
  })
  let held = 0
  for (const element of [body, ...body.querySelectorAll<HTMLElement>('*')]) {
    const style = element.getAttribute('style')
    if (style !== null) element.setAttribute('style', cleanStyle(style))
    if (element.tagName === 'A') cleanLink(element)
    else if (element.tagName === 'IMG') held += cleanPicture(element, remote, picture)
    else element.removeAttribute('src')
    if (element.tagName !== 'A') element.removeAttribute('href')
  }
  const ownColours = bringsColours(body, sheets)
  foldQuote(body, quoteLabel)
  return { html: assemble(body, sheets), held, ownColours }
}

function cleanLink(link: HTMLElement): void {
  const href = safeLink(link.getAttribute('href') ?? '')
  // The title could claim another address than the one the link leads to.
  link.removeAttribute('title')
  if (href === null) {
    link.removeAttribute('href')
    return
  }
  link.setAttribute('href', href)
  link.setAttribute('target', '_blank')
  link.setAttribute('rel', 'noopener noreferrer')
}

/** @returns 1 when the picture was held back. */
function cleanPicture(image: HTMLElement, remote: boolean, picture: SanitiseOptions['picture']): number {
  const src = image.getAttribute('src')?.trim() ?? ''
  image.removeAttribute('src')
  if (/^cid:/i.test(src)) {
    const own = picture(contentIdOf(src))
    if (own !== null) image.setAttribute('src', own)
    return 0
  }
  if (isDataPicture(src)) {
    image.setAttribute('src', src)
    return 0
  }
  const address = remotePicture(src)
  if (address === null || isTracker(image)) {
    image.remove()
    return 0
  }
  if (!remote) {
    image.setAttribute('class', 'held')
    return 1
  }
  image.setAttribute('src', address)
  image.setAttribute('referrerpolicy', 'no-referrer')
  image.setAttribute('loading', 'lazy')
  return 0
}

function contentIdOf(src: string): string {
  const raw = src.slice(4)
  try {
    return decodeURIComponent(raw)
  } catch (error) {
    // Not escaped after all: a percent sign that stands for itself.
    if (error instanceof URIError) return raw
    throw error
  }
}

/** Pictures too small to be seen only tell the sender that the message was opened. They are never fetched. */
function isTracker(image: HTMLElement): boolean {
  const { width, height, display, visibility } = image.style
  if (display === 'none' || visibility === 'hidden') return true
  const sides = [image.getAttribute('width'), image.getAttribute('height'), width, height]
  return sides.some(
    (side) => side !== null && side !== '' && /^\d/.test(side) && !side.endsWith('%') && Number.parseFloat(side) <= 2,
  )
}

function bringsColours(body: HTMLElement, sheets: readonly string[]): boolean {
  const colour = /(^|[;{\s])(background|background-color|color)\s*:/i
  if (sheets.some((sheet) => colour.test(sheet))) return true
  const coloured = [body, ...body.querySelectorAll('[bgcolor], [style], font[color]')]
  return coloured.some(
    (element) =>
      element.hasAttribute('bgcolor') || element.tagName === 'FONT' || colour.test(element.getAttribute('style') ?? ''),
  )
}

/** The body as a block of its own, so that its background, direction and style survive. */
function assemble(body: HTMLElement, sheets: readonly string[]): string {
  const box = body.ownerDocument.createElement('div')
  for (const name of ['style', 'class', 'dir', 'lang', 'id']) {
    const value = body.getAttribute(name)
    if (value !== null) box.setAttribute(name, value)
  }
  // A message without a direction of its own has that of its first letters, whatever the window's language.
  if (!box.hasAttribute('dir')) box.setAttribute('dir', 'auto')
  const background = body.getAttribute('bgcolor')
  if (background !== null) box.style.backgroundColor = background
  box.append(...body.childNodes)
  const sheet = sheets.filter((text) => text !== '').join('\n')
  return `${sheet === '' ? '' : `<style>${sheet}</style>`}${box.outerHTML}`
}
