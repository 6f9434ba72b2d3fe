/**
 * Text as `format=flowed; delsp=no` (RFC 3676): paragraphs are cut at spaces into lines that end with one, and come together again
 * where they are read. Lines that begin with `>` are quoted; marks written apart (`> >`) become the standard's `>>`.
 * @returns lines with CRLF ends, none longer than 78 characters unless a single word is.
 */
export function flow(text: string): string {
  return text.replace(/\r\n?/g, '\n').split('\n').flatMap(flowLine).join('\r\n')
}

/** Characters in a line that is cut, its space included: what older programs show without wrapping it again (RFC 3676 section 4.2). */
const WIDTH = 72

function flowLine(line: string): string[] {
  const marks = /^>(?: ?>)*/.exec(line)?.[0] ?? ''
  const depth = marks.replaceAll(' ', '').length
  const rest = depth === 0 ? line : line.slice(marks.length).replace(/^ /, '')
  // a space at the end would join it to the next line; only the line above a signature keeps its own
  const words = rest === SIGNATURE ? rest : rest.replace(/ +$/, '')
  return cut(words, WIDTH - depth - 1).map((piece) => {
    if (depth > 0) return piece === '' ? '>'.repeat(depth) : `${'>'.repeat(depth)} ${piece}`
    return /^(?: |>|From )/.test(piece) ? ` ${piece}` : piece
  })
}

const SIGNATURE = '-- '

/** Cuts after spaces, so that each piece but the last ends with one. */
function cut(words: string, width: number): string[] {
  const most = Math.max(width, 20)
  const pieces: string[] = []
  let from = 0
  while (words.length - from > most) {
    let at = words.lastIndexOf(' ', from + most - 1)
    // a piece that would be taken for the line above a signature, or a word longer than the line: cut later
    if (at < from || words.slice(from, at + 1) === SIGNATURE) at = words.indexOf(' ', Math.max(from + most, at + 1))
    if (at === -1 || at === words.length - 1) break
    pieces.push(words.slice(from, at + 1))
    from = at + 1
  }
  return [...pieces, words.slice(from)]
}

/** Joins the lines that `format=flowed` cut (RFC 3676 section 4), of each depth of quotation for itself. */
export function unflow(text: string, delsp: boolean): string {
  const out: string[] = []
  let open: number | null = null
  for (const raw of text.split(/\r?\n/)) {
    const depth = /^>*/.exec(raw)?.[0].length ?? 0
    const rest = raw.slice(depth).replace(/^ /, '')
    const signature = rest === SIGNATURE
    const flows = !signature && rest.endsWith(' ')
    const words = flows && delsp ? rest.slice(0, -1) : rest
    if (open === depth && !signature) out.push(`${out.pop() as string}${words}`)
    else out.push(depth === 0 ? words : words === '' ? '>'.repeat(depth) : `${'>'.repeat(depth)} ${words}`)
    open = flows ? depth : null
  }
  return out.join('\n')
}
