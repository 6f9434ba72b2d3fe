import type { SearchMissing } from '#shared/contract/index.ts'
import type { DateNode, FilterNode, QueryNode, WordsNode } from '#shared/query/index.ts'
import { type Stemmed, stemmed, stemOf } from '#shared/text/stem.ts'
import type { ReadDb } from '../handle.ts'
import { firstId, isDated, nextSecond } from '../ids.ts'
import { token } from './doc.ts'
import type { Facts } from './facts.ts'
import { type Mark, markOf } from './marks.ts'
import { Names } from './names.ts'
import { tokensOf } from './tokens.ts'
import { unsteady } from './unsteady.ts'

/** Something that is true or not of a message, looked up one by one. `small`: ids, ascending, of all of which it is true, where they are few. */
export interface Check {
  has(facts: Facts, offset: number): boolean
  small: Float64Array | null
}

/** How a query is carried out: expressions for FTS5, joined with what the index does not know. */
export type Plan =
  /** `prefix`: has a beginning of a word, which FTS5 gathers anew for every statement. */
  | { kind: 'match'; match: string; prefix: boolean }
  | { kind: 'check'; check: Check }
  | { kind: 'and'; parts: Plan[] }
  | { kind: 'or'; parts: Plan[] }
  | { kind: 'not'; part: Plan }
  | { kind: 'none' }

export interface Compiled {
  plan: Plan
  /** The same without other forms of words: what stands first when the best comes first. Null where there is no difference. */
  exact: Plan | null
  /** Hits are in these accounts only; null for all. */
  accounts: ReadonlySet<number> | null
  /** Ids of hits are from the first up to, not including, the last. */
  from: number
  until: number
  marks: Mark[]
  missing: SearchMissing[]
}

/** Every message has one of these. */
const everything = `f : ("${token.direction('inbound')}" OR "${token.direction('outbound')}")`
const where: Record<WordsNode['where'], string> = {
  anywhere: '{body subject who peer file}',
  from: 'who',
  to: '{peer rcpt}',
  subject: 'subject',
  text: 'body',
}
/** The id after the first second: what is dated before 1970 has ids of that second. */
const afterFirst = nextSecond(0)

/** Makes a query ready to be carried out on this connection, in this snapshot. */
export function compile(db: ReadDb, query: QueryNode): Compiled {
  const compiler = new Compiler(db, true)
  const plan = compiler.plan(query)
  const compiled = { plan, exact: null, marks: compiler.marks, missing: compiler.names.missing, ...bounds(compiler.names, query) }
  return compiler.stems ? { ...compiled, exact: new Compiler(db, false).plan(query) } : compiled
}

/** What must be so of every hit: the parts of a query that are joined by AND at its top. */
function bounds(names: Names, query: QueryNode): Pick<Compiled, 'accounts' | 'from' | 'until'> {
  let accounts: ReadonlySet<number> | null = null
  let from = 0
  let until = Number.MAX_SAFE_INTEGER
  for (const part of query.kind === 'and' ? query.parts : [query]) {
    if (part.kind === 'date') {
      if (part.from !== null) from = Math.max(from, firstId(part.from))
      // What is dated after 2100 has ids of the last second before.
      if (part.until !== null && isDated(firstId(part.until))) until = Math.min(until, firstId(part.until))
      else if (part.until !== null && part.until < '2100') until = Math.min(until, afterFirst)
    } else if (part.kind === 'filter') {
      const named = names.accountsOf(part)
      if (named === null) continue
      const before: ReadonlySet<number> = accounts ?? named
      accounts = new Set([...named].filter((account) => before.has(account)))
    }
  }
  return { accounts, from, until }
}

class Compiler {
  readonly names: Names
  readonly marks: Mark[] = []
  /** Some word is looked for in other forms. */
  stems = false
  readonly #db: ReadDb
  readonly #stemming: boolean
  #negated = false

  constructor(db: ReadDb, stemming: boolean) {
    this.#db = db
    this.#stemming = stemming
    this.names = new Names(db)
  }

  plan(node: QueryNode): Plan {
    switch (node.kind) {
      case 'words':
        return this.#words(node)
      case 'filter':
        return this.#filter(node)
      case 'date':
        return { kind: 'check', check: dateCheck(this.#db, node) }
      case 'not': {
        this.#negated = !this.#negated
        const part = this.plan(node.part)
        this.#negated = !this.#negated
        return negate(part)
      }
      default: {
        const parts = node.parts.map((part) => this.plan(part))
        return node.kind === 'and' ? all(parts) : any(parts)
      }
    }
  }

  #words(node: WordsNode): Plan {
    const words = node.words.flatMap(tokensOf)
    const [word] = words
    if (word === undefined) return { kind: 'none' }
    const stems = new Map<string, Stemmed[]>()
    if (this.#stemming && words.length === 1 && !node.exact && !node.prefix && node.where === 'anywhere') {
      for (const language of stemmed) {
        const stem = stemOf(language, word)
        stems.set(stem, [...(stems.get(stem) ?? []), language])
      }
      this.stems = true
    }
    if (!this.#negated) this.marks.push(markOf(words, node.prefix, stems))
    // A word that is a stem itself is looked for among stems in the same pass.
    const own = stems.has(word) && isTelling(word)
    if (own) stems.delete(word)
    const places = own ? where.anywhere.replace('}', ' stem}') : where[node.where]
    const plain = `(${places} : "${words.join(' ')}"${node.prefix ? ' *' : ''})`
    const forms = [...stems].map(([stem, languages]) => {
      // Texts have the stem as a word where it is the stem of itself; else only as the stem of others.
      const itself = stem !== word && languages.some((language) => stemOf(language, stem) === stem)
      const found = `(${itself ? '{body subject stem}' : 'stem'} : "${stem}")`
      const spoken = languages.map((language) => `"${token.language(language)}"`).join(' OR ')
      // Only messages of these languages have stems: of all of them, it needs no asking.
      const anyLanguage = !itself && languages.length === stemmed.length
      return isTelling(stem) || anyLanguage ? found : `(${found} AND (f : (${spoken})))`
    })
    return match(`(${[plain, ...forms].join(' OR ')})`, node.prefix)
  }

  #filter(node: FilterNode): Plan {
    const accounts = this.names.accountsOf(node)
    if (accounts !== null) return fact([...accounts].map(token.account))
    switch (node.field) {
      case 'kind':
        return fact([token.kind(node.value)])
      case 'lang':
        return fact([token.language(node.value)])
      case 'has':
        return fact([token.has(node.value)])
      case 'is':
        return node.value === 'outbound'
          ? fact([token.direction('outbound')])
          : { kind: 'check', check: unsteady(this.#db, { is: node.value }) }
      case 'state':
        return { kind: 'check', check: unsteady(this.#db, { state: node.value }) }
      case 'label':
      case 'topic': {
        const labels = this.names.labelsOf(node)
        return labels.length === 0 ? { kind: 'none' } : { kind: 'check', check: unsteady(this.#db, { labels }) }
      }
      default:
        // Accounts are all that is left, and were looked at first.
        return { kind: 'none' }
    }
  }
}

/** Whether a stem is long enough to mean the same in whatever language; short ones count in texts of their language only. */
const isTelling = (stem: string): boolean => stem.length > 3

const match = (expression: string, prefix = false): Plan => ({ kind: 'match', match: expression, prefix })
const fact = (tokens: string[]): Plan =>
  tokens.length === 0 ? { kind: 'none' } : match(`(f : (${tokens.map((one) => `"${one}"`).join(' OR ')}))`)

/** Joins parts by AND; what FTS5 can join becomes one expression. */
function all(parts: Plan[]): Plan {
  if (parts.some((part) => part.kind === 'none')) return { kind: 'none' }
  const flat = parts.flatMap((part) => (part.kind === 'and' ? part.parts : [part]))
  const matches = flat.filter((part) => part.kind === 'match')
  const excluded = flat.flatMap((part) => (part.kind === 'not' && part.part.kind === 'match' ? [part.part] : []))
  const others = flat.filter((part) => part.kind !== 'match' && !(part.kind === 'not' && part.part.kind === 'match'))
  const prefix = [...matches, ...excluded].some((part) => part.prefix)
  const joined = matches.length === 0 && excluded.length > 0 ? everything : matches.map((part) => part.match).join(' AND ')
  const without = excluded.length === 0 ? joined : `((${joined}) NOT (${excluded.map((part) => part.match).join(' OR ')}))`
  const first = joined === '' ? [] : [match(excluded.length > 0 || matches.length < 2 ? without : `(${without})`, prefix)]
  const list = [...first, ...others]
  if (list.length === 0) return match(`(${everything})`)
  return list.length === 1 && list[0] ? list[0] : { kind: 'and', parts: list }
}

function any(parts: Plan[]): Plan {
  const flat = parts.filter((part) => part.kind !== 'none').flatMap((part) => (part.kind === 'or' ? part.parts : [part]))
  const matches = flat.filter((part) => part.kind === 'match')
  const others = flat.filter((part) => part.kind !== 'match')
  const joined = match(
    `(${matches.map((part) => part.match).join(' OR ')})`,
    matches.some((part) => part.prefix),
  )
  const list = matches.length === 0 ? others : [joined, ...others]
  if (list.length === 0) return { kind: 'none' }
  return list.length === 1 && list[0] ? list[0] : { kind: 'or', parts: list }
}

function negate(part: Plan): Plan {
  if (part.kind === 'none') return match(`(${everything})`)
  if (part.kind === 'not') return part.part
  if (part.kind === 'match') return match(`((${everything}) NOT ${part.match})`, part.prefix)
  return { kind: 'not', part }
}

/** Whether a message is of a time. Ids say it, but for what is dated before 1970 or after 2100. */
function dateCheck(db: ReadDb, node: DateNode): Check {
  const from = node.from === null ? 0 : firstId(node.from)
  const until = node.until === null ? Number.MAX_SAFE_INTEGER : firstId(node.until)
  const dated = (slot: number) => {
    const at = db.value<string>('SELECT at FROM message WHERE slot = ?', slot)
    if (at === undefined) return false
    const ms = Date.parse(at)
    return (node.from === null || ms >= Date.parse(node.from)) && (node.until === null || ms < Date.parse(node.until))
  }
  return {
    has: (facts, offset) => {
      const id = facts.ids[offset] ?? 0
      if (!isDated(id)) return dated(facts.slots[offset] ?? 0)
      return id >= from && id < until
    },
    small: null,
  }
}
