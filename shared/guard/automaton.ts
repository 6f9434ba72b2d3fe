import { hasStems, type Stemmed, stemOf } from '../text/stem.ts'
import type { Node, TokenClass } from './pattern.ts'
import type { Token } from './tokens.ts'

/**
 * Every pattern of a language in one automaton, read word by word from left to right, once. A text of n words costs at most n times the
 * number of states, and in practice a few steps a word: the first word of a pattern is looked up by name.
 */

interface Edge {
  test: Test
  to: number
}
type Test =
  | { kind: 'exact' | 'stem' | 'prefix'; text: string; opens: boolean; capital: boolean }
  | { kind: 'class'; name: TokenClass; opens: boolean }
  | { kind: 'any'; opens: boolean }

interface State {
  edges: Edge[]
  /** The same by word, made when it is first asked. */
  table?: Table
  /** Patterns that end here; `closing` only where a part of the sentence ends. */
  ends: { slot: number; closing: boolean }[]
}

/** Words `first` to `last` fit a pattern of this slot. */
export interface Match {
  slot: number
  first: number
  last: number
}

/** Where a pattern stands while it is put together; `edge`: a part of the sentence must begin or end here. */
interface Place {
  state: number
  edge: boolean
}

/** Where a first word leads, and what it must be besides. */
interface Start {
  to: number
  opens: boolean
  capital: boolean
}

export class Automaton {
  private readonly stemmer: Stemmed | null
  private readonly states: State[] = []
  private readonly starts = {
    exact: new Map<string, Start[]>(),
    stem: new Map<string, Start[]>(),
    prefix: new Map<string, Start[]>(),
  }
  private readonly startOthers: Edge[] = []
  private readonly prefixLengths = new Set<number>()

  /** @param language Whose word forms `word~` means; null for patterns of every language. */
  constructor(language: string | null) {
    this.stemmer = hasStems(language) ? language : null
  }

  get size(): number {
    return this.states.length
  }

  /** Adds a pattern; its matches are told with `slot`. */
  add(node: Node, slot: number): void {
    const start = this.state()
    const places = this.build(node, [{ state: start, edge: false }])
    for (const { state, edge } of places) if (state !== start) this.states[state]?.ends.push({ slot, closing: edge })
    // First words are found by name.
    for (const edge of this.states[start]?.edges ?? []) this.addStart(edge)
  }

  private state(): number {
    return this.states.push({ edges: [], ends: [] }) - 1
  }

  private addStart(edge: Edge): void {
    const { test, to } = edge
    if (test.kind === 'class' || test.kind === 'any') this.startOthers.push(edge)
    else {
      const list = this.starts[test.kind].get(test.text) ?? []
      list.push({ to, opens: test.opens, capital: test.capital })
      this.starts[test.kind].set(test.text, list)
      if (test.kind === 'prefix') this.prefixLengths.add(test.text.length)
    }
  }

  /** Adds a node behind the places. @returns the places where it can end. */
  private build(node: Node, from: Place[]): Place[] {
    switch (node.kind) {
      case 'edge':
        return from.map(({ state }) => ({ state, edge: true }))
      case 'word':
        return [this.step(from, this.wordTest(node))]
      case 'class':
        return [this.step(from, (opens) => ({ kind: 'class', name: node.name, opens }))]
      case 'gap':
        return this.gap(node, from)
      case 'maybe':
        return distinct([...from, ...this.build(node.part, from)])
      case 'either':
        return distinct(node.parts.flatMap((part) => this.build(part, from)))
      case 'row':
        return node.parts.reduce((places, part) => this.build(part, places), from)
    }
  }

  private wordTest({ match, text, capital }: Node & { kind: 'word' }): (opens: boolean) => Test {
    if (match === 'prefix') return (opens) => ({ kind: 'prefix', text, opens, capital })
    if (match === 'exact' || this.stemmer === null) return (opens) => ({ kind: 'exact', text, opens, capital })
    const stem = stemOf(this.stemmer, text)
    return (opens) => ({ kind: 'stem', text: stem, opens, capital })
  }

  private step(from: Place[], test: (opens: boolean) => Test): Place {
    const to = this.state()
    for (const { state, edge } of from) this.states[state]?.edges.push({ test: test(edge), to })
    return { state: to, edge: false }
  }

  private gap({ least, most }: Node & { kind: 'gap' }, from: Place[]): Place[] {
    const places = least === 0 ? [...from] : []
    let here = from
    for (let count = 1; count <= most; count++) {
      here = [this.step(here, (opens) => ({ kind: 'any', opens }))]
      places.push(...here)
    }
    return places
  }

  /**
   * Every place where a pattern fits inside the words `begin` to `end` (not included), which are of one sentence.
   * @param steps Counts the work.
   */
  run(tokens: readonly Token[], begin: number, end: number, steps: { count: number }): Match[] {
    this.room()
    const found: Match[] = []
    let active: number[] = []
    for (let at = begin; at < end; at++) {
      const token = tokens[at]
      if (token === undefined) break
      const word: Word = { token, stems: token.kind === 'word' ? token.forms.map((form) => this.stem(form)) : [] }
      const next: number[] = []
      this.round++
      for (const state of active) this.follow(state, word, next, steps)
      this.begin(word, at, next, steps)
      for (const state of next) {
        this.begun[state] = this.pending[state] ?? 0
        for (const { slot, closing } of this.states[state]?.ends ?? [])
          if (!closing || token.closes) found.push({ slot, first: this.begun[state] ?? at, last: at })
      }
      active = next
    }
    return found
  }

  /** Where each state's words began, for the word before and for this one; and when it was last reached. */
  private begun = new Int32Array(0)
  private pending = new Int32Array(0)
  private reached = new Int32Array(0)
  private round = 0

  private room(): void {
    if (this.begun.length >= this.states.length) return
    this.begun = new Int32Array(this.states.length)
    this.pending = new Int32Array(this.states.length)
    this.reached = new Int32Array(this.states.length)
    this.round = 0
  }

  /** Reaches a state; of two ways to it, the later beginning marks fewer words. */
  private reach(state: number, first: number, next: number[]): void {
    if (this.reached[state] !== this.round) {
      this.reached[state] = this.round
      this.pending[state] = first
      next.push(state)
    } else if (first > (this.pending[state] ?? 0)) this.pending[state] = first
  }

  private follow(state: number, word: Word, next: number[], steps: { count: number }): void {
    const from = this.states[state]
    if (from === undefined) return
    const first = this.begun[state] ?? 0
    if (from.edges.length <= FEW) {
      this.take(from.edges, first, word, next, steps)
      return
    }
    steps.count++
    from.table ??= tabled(from.edges)
    for (const form of word.token.forms) {
      const edges = from.table.exact.get(form)
      if (edges !== undefined) this.take(edges, first, word, next, steps)
    }
    for (const stem of word.stems) {
      const edges = from.table.stem.get(stem)
      if (edges !== undefined) this.take(edges, first, word, next, steps)
    }
    this.take(from.table.others, first, word, next, steps)
  }

  private take(edges: readonly Edge[], first: number, word: Word, next: number[], steps: { count: number }): void {
    for (const { test, to } of edges) {
      steps.count++
      if (fits(test, word)) this.reach(to, first, next)
    }
  }

  private begin(word: Word, at: number, next: number[], steps: { count: number }): void {
    steps.count++
    for (const form of word.token.forms) {
      for (const start of this.startsOf(form, word.token.kind === 'word')) {
        steps.count++
        if (allows(start, word.token)) this.reach(start.to, at, next)
      }
    }
    for (const { test, to } of this.startOthers) {
      steps.count++
      if (fits(test, word)) this.reach(to, at, next)
    }
  }

  private readonly known = { word: new Map<string, readonly Start[]>(), other: new Map<string, readonly Start[]>() }

  /** Where a first word leads; remembered, because texts are made of few words and are asked again as they are typed. */
  private startsOf(form: string, isWord: boolean): readonly Start[] {
    const memory = isWord ? this.known.word : this.known.other
    const known = memory.get(form)
    if (known !== undefined) return known
    const found = [...(this.starts.exact.get(form) ?? []), ...(isWord ? (this.starts.stem.get(this.stem(form)) ?? []) : [])]
    for (const length of this.prefixLengths)
      if (form.length >= length) found.push(...(this.starts.prefix.get(form.slice(0, length)) ?? []))
    if (memory.size >= REMEMBERED) memory.clear()
    memory.set(form, found)
    return found
  }

  private stem(form: string): string {
    return this.stemmer === null ? form : stemOf(this.stemmer, form)
  }
}

/** A word with its stems, which are looked up once. */
interface Word {
  token: Token
  stems: readonly string[]
}

/** Words that are remembered. */
const REMEMBERED = 20_000
/** States with more edges look words up by name. */
const FEW = 4

interface Table {
  exact: Map<string, Edge[]>
  stem: Map<string, Edge[]>
  others: Edge[]
}

function tabled(edges: readonly Edge[]): Table {
  const table: Table = { exact: new Map(), stem: new Map(), others: [] }
  for (const edge of edges) {
    const { test } = edge
    if (test.kind !== 'exact' && test.kind !== 'stem') table.others.push(edge)
    else table[test.kind].set(test.text, [...(table[test.kind].get(test.text) ?? []), edge])
  }
  return table
}

function allows(test: { opens: boolean; capital?: boolean }, token: Token): boolean {
  return (!test.opens || token.opens) && (test.capital !== true || token.capital)
}

function fits(test: Test, { token, stems }: Word): boolean {
  if (!allows(test, token)) return false
  switch (test.kind) {
    case 'any':
      return true
    case 'class':
      return isOf(test.name, token)
    case 'exact':
      return token.forms.includes(test.text)
    case 'stem':
      return stems.includes(test.text)
    case 'prefix':
      return token.forms.some((form) => form.startsWith(test.text))
  }
}

function isOf(name: TokenClass, token: Token): boolean {
  if (name === 'hashtag') return token.hashtag
  if (name === 'capital') return token.capital && token.kind === 'word'
  return token.kind === name
}

function distinct(places: Place[]): Place[] {
  const seen = new Set<number>()
  return places.filter(({ state, edge }) => {
    const key = state * 2 + (edge ? 1 : 0)
    return !seen.has(key) && seen.add(key)
  })
}
