import { Parser } from 'htmlparser2'

const silent = new Set([
  'script',
  'style',
  'head',
  'title',
  'template',
  'noscript',
  'svg',
  'math',
  'object',
  'iframe',
  'textarea',
  'select',
])
const breaks = new Set([
  'address',
  'article',
  'blockquote',
  'br',
  'dd',
  'div',
  'dl',
  'dt',
  'figure',
  'footer',
  'form',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'header',
  'hr',
  'li',
  'main',
  'ol',
  'p',
  'pre',
  'section',
  'table',
  'td',
  'th',
  'tr',
  'ul',
])

/** What a person would read of an HTML mail: no script, style or hidden parts; blocks on lines of their own. */
export function htmlToText(html: string): string {
  let out = ''
  let muted = 0
  let mutedBy = ''
  const parser = new Parser({
    onopentagname(name) {
      if (muted > 0) {
        if (name === mutedBy) muted++
      } else if (silent.has(name)) {
        muted = 1
        mutedBy = name
      } else if (breaks.has(name)) out += '\n'
    },
    onclosetag(name) {
      if (muted > 0) {
        if (name === mutedBy) muted--
      } else if (breaks.has(name) && name !== 'br' && name !== 'hr') out += '\n'
    },
    ontext(text) {
      if (muted === 0) out += text
    },
  })
  parser.end(html)
  return tidy(out)
}

/** Runs of blanks become one, runs of empty lines one. Linear in the length. */
function tidy(text: string): string {
  const lines: string[] = []
  for (const line of text.split('\n')) {
    const words = line.replace(/[\s\u00a0]+/g, ' ').trim()
    if (words !== '' || (lines.length > 0 && lines.at(-1) !== '')) lines.push(words)
  }
  return lines.join('\n').trim()
}
