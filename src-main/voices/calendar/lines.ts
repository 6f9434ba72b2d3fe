import { ProblemError } from '#shared/model/index.ts'

/** One line of an iCalendar file, unfolded (RFC 5545, 3.1). Names are in capitals. */
export interface Property {
  name: string
  params: ReadonlyMap<string, string>
  value: string
  /** Where it begins in the file, from 1. */
  line: number
}

export interface Component {
  name: string
  properties: Property[]
  components: Component[]
}

/** Components in components: a calendar, its events, their alarms. */
const MOST_DEEP = 6
/** Properties of one file: events of a calendar have a dozen each. */
const MOST_PROPERTIES = 200_000

/** @throws `calendar_invalid`, saying in which line. */
export function invalid(source: string, line: number, detail: string): never {
  throw new ProblemError('calendar_invalid', { source, line, detail })
}

/** @throws `calendar_invalid` */
function readLines(text: string, source: string): Property[] {
  const found: { text: string; line: number }[] = []
  text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .forEach((raw, index) => {
      const last = found.at(-1)
      if (raw.startsWith(' ') || raw.startsWith('\t')) {
        if (!last) invalid(source, index + 1, 'it begins with the rest of a line')
        last.text += raw.slice(1)
      } else if (raw.trim() !== '') found.push({ text: raw, line: index + 1 })
    })
  if (found.length > MOST_PROPERTIES) throw new ProblemError('calendar_too_many', { source, limit: MOST_PROPERTIES })
  return found.map(({ text: content, line }) => propertyOf(content, line, source))
}

/** Cuts at a character that stands outside of quotes. */
function cut(text: string, at: ':' | ';'): string[] {
  const parts: string[] = []
  let quoted = false
  let start = 0
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '"') quoted = !quoted
    if (text[index] !== at || quoted) continue
    parts.push(text.slice(start, index))
    start = index + 1
    if (at === ':') break
  }
  parts.push(text.slice(start))
  return parts
}

function propertyOf(text: string, line: number, source: string): Property {
  const [head, value] = cut(text, ':')
  if (head === undefined || value === undefined) invalid(source, line, 'it has no colon')
  const [name = '', ...rest] = cut(head, ';')
  if (!/^[A-Za-z0-9-]{1,100}$/.test(name)) invalid(source, line, 'it does not begin with a name')
  const params = new Map<string, string>()
  for (const param of rest) {
    const equals = param.indexOf('=')
    if (equals < 1) invalid(source, line, 'a parameter has no value')
    params.set(param.slice(0, equals).toUpperCase(), param.slice(equals + 1).replaceAll('"', ''))
  }
  return { name: name.toUpperCase(), params, value, line }
}

/** The one calendar of a file. @param source The file's name, for what is said of it. @throws `calendar_invalid`, `calendar_too_many` */
export function readComponents(text: string, source: string): Component {
  const root: Component = { name: '', properties: [], components: [] }
  const open = [root]
  let last = 1
  for (const property of readLines(text, source)) {
    last = property.line
    const inner = open.at(-1) ?? root
    const named = property.value.trim().toUpperCase()
    if (property.name === 'BEGIN') {
      if (open.length > MOST_DEEP) invalid(source, property.line, 'there are too many parts in parts')
      const made = { name: named, properties: [], components: [] }
      inner.components.push(made)
      open.push(made)
    } else if (property.name === 'END') {
      if (inner === root || inner.name !== named) invalid(source, property.line, `${named} ends, but it was not begun`)
      open.pop()
    } else if (inner === root) invalid(source, property.line, 'it stands outside of the calendar')
    else inner.properties.push(property)
  }
  if (open.length > 1) invalid(source, last, 'it ends in the middle')
  const [calendar, ...more] = root.components
  if (calendar?.name !== 'VCALENDAR' || more.length > 0) invalid(source, 1, 'it does not hold one VCALENDAR')
  return calendar
}

/** A text value as it reads (RFC 5545, 3.3.11). */
export function textOf(value: string): string {
  return value.replace(/\\([\\;,nN])/g, (_, character: string) => (character.toLowerCase() === 'n' ? ' ' : character))
}

/** The values of a list of texts. */
export function textsOf(value: string): string[] {
  return value.split(/(?<!\\),/).map(textOf)
}
