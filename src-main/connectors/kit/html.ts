import { Parser } from 'htmlparser2'
import { limits } from './limits.ts'

/** Elements that stand on lines of their own. */
const blocks = new Set('p div blockquote ul ol li pre h1 h2 h3 h4 h5 h6 table tr section article'.split(' '))
/** Elements whose content is not for reading. */
const unread = new Set('script style template noscript head title'.split(' '))

/** The text of a post's HTML, one empty line between paragraphs. Any bytes give some text; a reader without recursion, so depth is no matter. */
export function htmlText(html: string): string {
  let text = ''
  let hidden = 0
  const parser = new Parser({
    onopentag: (name) => {
      if (unread.has(name)) hidden++
      else if (name === 'br') text += '\n'
      else if (blocks.has(name)) text += '\n\n'
    },
    onclosetag: (name) => {
      if (unread.has(name)) hidden = Math.max(0, hidden - 1)
      else if (blocks.has(name)) text += '\n\n'
    },
    ontext: (part) => {
      if (hidden === 0) text += part
    },
  })
  parser.end(html.slice(0, limits.searchText))
  return text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
