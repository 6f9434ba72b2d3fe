/** Elements in which mail programs put the message that is being answered. */
const QUOTES = '.gmail_quote, blockquote, .yahoo_quoted'
/** Elements after which it follows, as siblings up to the end. */
const HEADS = '#divRplyFwdMsg, #appendonsend, #mail-editor-reference-message-container'

/**
 * Folds the quoted message away behind a line that opens it. A message that is all quote, or that answers between
 * several quotes, is left as it is: there the quotes are what makes sense of the rest.
 */
export function foldQuote(body: HTMLElement, label: string): void {
  const head = body.querySelector<HTMLElement>(HEADS)
  if (head && textBefore(body, head) !== '') {
    const following = [head, ...followingSiblings(head)]
    wrap(following, label)
    return
  }
  const quotes = [...body.querySelectorAll<HTMLElement>(QUOTES)].filter((quote) => !quote.parentElement?.closest(QUOTES))
  const [quote] = quotes
  if (!quote || quotes.length > 1) return
  const own = (body.textContent ?? '').trim().length - (quote.textContent ?? '').trim().length
  if (own > 0) wrap([quote], label)
}

function wrap(nodes: readonly ChildNode[], label: string): void {
  const [first] = nodes
  const made = first?.ownerDocument
  if (!first || !made) return
  const fold = made.createElement('details')
  const summary = made.createElement('summary')
  summary.textContent = label
  fold.className = 'quoted'
  first.before(fold)
  fold.append(summary, ...nodes)
}

function followingSiblings(node: ChildNode): ChildNode[] {
  const found: ChildNode[] = []
  for (let next = node.nextSibling; next; next = next.nextSibling) found.push(next)
  return found
}

function textBefore(body: HTMLElement, element: HTMLElement): string {
  const range = body.ownerDocument.createRange()
  range.selectNodeContents(body)
  range.setEndBefore(element)
  return range.toString().trim()
}

export interface TextParts {
  text: string
  /** The quoted end; empty when there is none. */
  quoted: string
}

const INTRO = /^.{0,400}(wrote|écrit|escribió|كتب)\s*:\s*$/i
const DIVIDER = /^-{2,}\s*(original message|message d'origine|mensaje original|الرسالة الأصلية|forwarded message)\s*-{2,}$/i

/** Plain text and the quote at its end: lines that begin with `>` and the line that introduces them. */
export function splitQuote(text: string): TextParts {
  const lines = text.split('\n')
  let start = lines.length
  const divider = lines.findIndex((line) => DIVIDER.test(line.trim()))
  if (divider > 0) start = divider
  else {
    while (start > 0 && /^\s*(>|$)/.test(lines[start - 1] ?? '')) start--
    if (!lines.slice(start).some((line) => line.trimStart().startsWith('>'))) start = lines.length
    else if (INTRO.test(lines[start - 1]?.trim() ?? '')) start--
  }
  const own = lines.slice(0, start).join('\n').trimEnd()
  if (start === lines.length || own === '') return { text, quoted: '' }
  return { text: own, quoted: lines.slice(start).join('\n').trim() }
}
