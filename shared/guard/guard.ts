import { Automaton, type Match } from './automaton.ts'
import { detectors } from './detect/index.ts'
import { languageOfWords } from './detect/language.ts'
import type { GuardDraft, GuardFinding, GuardRange, GuardReport, GuardSeverity, GuardText, GuardVariant } from './model.ts'
import { type PackRule, type ReadPack, type ReadRule, type Role, roles } from './pack.ts'
import { type Stretch, type Surroundings, surroundingsOf } from './surroundings.ts'
import { type Cut, cut, type Token } from './tokens.ts'

/** Words marked in one finding; more say nothing more. */
const MOST_RANGES = 50
/** Words told in a sentence. */
const MOST_TOLD = 3
const grave: Record<GuardSeverity, number> = { note: 0, reason: 1, stop: 2 }

interface Placed {
  pack: string
  read: ReadRule
}
/** What a slot of an automaton stands for. */
interface Slot {
  rule: number
  role: Role
}

/**
 * Tells what in a draft should not leave, or not without a reason. Knows nothing but its packs and the draft: no clock, no network, no
 * files. Made once from packs, then asked as often as somebody types.
 */
export class Guard {
  readonly packs: readonly ReadPack[]
  private readonly rules: Placed[]
  private readonly slots: Slot[] = []
  private readonly automata = new Map<string, Automaton>()
  private readonly languages: string[]

  constructor(packs: readonly ReadPack[]) {
    this.packs = packs
    this.rules = packs.flatMap(({ pack, rules }) => rules.map((read) => ({ pack: pack.id, read })))
    this.rules.forEach((_, rule) => {
      for (const role of roles) this.slots.push({ rule, role })
    })
    const named = this.rules.flatMap(({ read }) => roles.flatMap((role) => [...read.nodes[role].keys()]))
    this.languages = [...new Set(named)].filter((language) => language !== 'any')
  }

  /** Looks through every variant of a draft. Takes time in proportion to the texts; never throws for what they hold. */
  check(draft: GuardDraft): GuardReport {
    const steps = { count: 0 }
    const findings = draft.variants.flatMap((variant) => this.variant(draft, variant, steps))
    findings.sort((a, b) => grave[b.severity] - grave[a.severity])
    return { findings, worst: findings[0]?.severity ?? null, steps: steps.count }
  }

  /** The languages for which a pack has patterns. */
  get spoken(): readonly string[] {
    return this.languages
  }

  /** A sentence in a language, or in the first that its pack has. */
  sentenceOf({ id, params }: GuardText, language: string): string {
    const [packId, ruleId, which] = id.split('.')
    const placed = this.rules.find(({ pack, read }) => pack === packId && read.rule.id === ruleId)
    const sentences = placed?.read.rule[which === 'todo' ? 'todo' : 'why']
    const words = sentences?.[language] ?? sentences?.['en'] ?? Object.values(sentences ?? {})[0] ?? id
    return words.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '')
  }

  private variant(draft: GuardDraft, variant: GuardVariant, steps: { count: number }): GuardFinding[] {
    const { text } = variant
    const pieces = cut(text)
    steps.count += pieces.tokens.length
    const stretches = this.stretches(text, pieces, variant)
    const around = surroundingsOf(pieces, stretches, steps)
    const matches = this.matches(pieces, stretches, steps)
    return this.rules.flatMap(({ pack, read }, at) => {
      const { rule } = read
      const severity = this.severity(draft, variant, pack, rule)
      if (severity === null) return []
      const spared = (range: { first: number; last: number }) => isSpared(rule, range, pieces, around)
      const told =
        rule.detector === undefined
          ? patternRanges(rule, matches.get(at), pieces.tokens, spared)
          : merge(
              detectors[rule.detector]({ variant, context: draft.context, text, cut: pieces, steps }).map(
                ({ ranges, params }) => ({
                  ranges,
                  params: params ?? {},
                }),
              ),
            )
      return told === null ? [] : [finding(pack, rule, severity, variant, told)]
    })
  }

  private severity(
    { voice, context, packs }: GuardDraft,
    { kind, network }: GuardVariant,
    pack: string,
    rule: PackRule,
  ): GuardSeverity | null {
    const severity = rule.severity[voice]
    if (severity === undefined || (packs !== null && !packs.includes(pack))) return null
    if (rule.kinds !== undefined && !rule.kinds.includes(kind)) return null
    if (rule.networks !== undefined && (network === null || !rule.networks.includes(network))) return null
    const raised = context.state === null ? undefined : rule.raise?.[context.state]
    return raised !== undefined && grave[raised] > grave[severity] ? raised : severity
  }

  /** Sentences with the language of each: its own words decide where they are clear, then the writer, then the account. */
  private stretches(text: string, { tokens }: Cut, variant: GuardVariant): Stretch[] {
    const found: Stretch[] = []
    const whole = languageOfWords(text, tokens)
    const usual = variant.language ?? (whole?.sure ? whole.language : null)
    for (let begin = 0; begin < tokens.length; ) {
      const sentence = tokens[begin]?.sentence ?? 0
      let end = begin
      while (end < tokens.length && tokens[end]?.sentence === sentence) end++
      const from = tokens[begin]?.from ?? 0
      const own = languageOfWords(text.slice(from, tokens[end - 1]?.to), tokens.slice(begin, end))
      const languages = new Set<string>()
      if (own?.sure) languages.add(own.language)
      if (usual !== null && (own === null || !own.sure || usual === variant.language)) languages.add(usual)
      if (languages.size === 0) for (const language of variant.languages) languages.add(language)
      if (languages.size === 0) for (const language of own?.likely ?? whole?.likely ?? []) languages.add(language)
      // Too little to tell: what is wrong in any language is looked for.
      if (languages.size === 0) for (const language of this.languages) languages.add(language)
      found.push({ begin, end, sentence, languages: [...languages] })
      begin = end
    }
    return found
  }

  /** Matches by rule. */
  private matches({ tokens }: Cut, stretches: readonly Stretch[], steps: { count: number }): Map<number, Record<Role, Match[]>> {
    const found = new Map<number, Record<Role, Match[]>>()
    for (const { begin, end, languages } of stretches) {
      const known = languages.filter((language) => this.languages.includes(language))
      for (const language of known.length === 0 ? ['any'] : known) {
        for (const match of this.automaton(language).run(tokens, begin, end, steps)) {
          const slot = this.slots[match.slot]
          if (slot === undefined) continue
          const lists = found.get(slot.rule) ?? { patterns: [], except: [], needs: [], without: [] }
          lists[slot.role].push(match)
          found.set(slot.rule, lists)
        }
      }
    }
    return found
  }

  private automaton(language: string): Automaton {
    const known = this.automata.get(language)
    if (known !== undefined) return known
    const made = new Automaton(language === 'any' ? null : language)
    this.rules.forEach(({ read }, rule) => {
      roles.forEach((role, at) => {
        const own = language === 'any' ? [] : (read.nodes[role].get(language) ?? [])
        for (const node of [...own, ...(read.nodes[role].get('any') ?? [])]) made.add(node, rule * roles.length + at)
      })
    })
    this.automata.set(language, made)
    return made
  }
}

interface Told {
  ranges: GuardRange[]
  params: Record<string, string>
}

function patternRanges(
  rule: PackRule,
  lists: Record<Role, Match[]> | undefined,
  tokens: readonly Token[],
  spared: (range: Match) => boolean,
): Told | null {
  if (lists === undefined || lists.patterns.length === 0) return null
  const anywhere = rule.scope === 'text'
  const sentenceOf = ({ first }: Match) => tokens[first]?.sentence ?? 0
  const needed = new Set(lists.needs.map(sentenceOf))
  const barred = new Set(lists.without.map(sentenceOf))
  if (anywhere && ((rule.needs !== undefined && needed.size === 0) || barred.size > 0)) return null
  const excepted = joined(lists.except, tokens)
  const left = lists.patterns.filter((match) => {
    const sentence = sentenceOf(match)
    if (!anywhere && ((rule.needs !== undefined && !needed.has(sentence)) || barred.has(sentence))) return false
    const { from, to } = rangeOf(match, tokens)
    return !overlaps(excepted, from, to) && !spared(match)
  })
  const ranges = joined(left, tokens)
  return ranges.length === 0 ? null : { ranges, params: {} }
}

const rangeOf = ({ first, last }: Match, tokens: readonly Token[]): GuardRange => ({
  from: tokens[first]?.from ?? 0,
  to: tokens[last]?.to ?? 0,
})

/** In order, and without overlaps. */
function joined(matches: readonly Match[], tokens: readonly Token[]): GuardRange[] {
  return joinRanges(matches.map((match) => rangeOf(match, tokens)))
}

function joinRanges(ranges: readonly GuardRange[]): GuardRange[] {
  const found: GuardRange[] = []
  for (const { from, to } of [...ranges].sort((a, b) => a.from - b.from || a.to - b.to)) {
    const last = found.at(-1)
    if (last && from < last.to) last.to = Math.max(last.to, to)
    else found.push({ from, to })
  }
  return found
}

/** @param ranges In order and apart. */
function overlaps(ranges: readonly GuardRange[], from: number, to: number): boolean {
  let [low, high] = [0, ranges.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ranges[middle]?.to ?? 0) <= from) low = middle + 1
    else high = middle
  }
  const next = ranges[low]
  return next !== undefined && next.from < to
}

function isSpared(
  rule: PackRule,
  { first, last }: { first: number; last: number },
  { tokens }: Cut,
  around: Surroundings,
): boolean {
  const spare = rule.spare ?? []
  const [begin, end] = [tokens[first], tokens[last]]
  if (spare.length === 0 || !begin || !end) return false
  const said = (sentence: number) => around.reported[sentence] === true
  if (spare.includes('reported') && said(begin.sentence)) return true
  if (spare.includes('title') && around.title[first] === true && around.title[last] === true) return true
  if (begin.quote < 0 || begin.quote !== end.quote) return false
  if (spare.includes('marks')) return true
  if (!spare.includes('quoted')) return false
  // Who is quoted stands in the sentence itself, before or after it, or before a colon.
  return [begin.sentence - 1, begin.sentence, end.sentence + 1].some(said)
}

function merge(found: readonly Told[]): Told | null {
  const [first] = found
  if (first === undefined) return null
  return { ranges: joinRanges(found.flatMap(({ ranges }) => ranges)), params: first.params }
}

function finding(
  pack: string,
  rule: PackRule,
  severity: GuardSeverity,
  variant: GuardVariant,
  { ranges, params }: Told,
): GuardFinding {
  const words = ranges.slice(0, MOST_TOLD).map(({ from, to }) => variant.text.slice(from, to))
  const all = { ...params, words: words.join(', ').slice(0, 200) }
  return {
    rule: rule.id,
    pack,
    severity,
    variant: variant.id,
    ranges: ranges.slice(0, MOST_RANGES),
    why: { id: `${pack}.${rule.id}.why`, params: all },
    todo: { id: `${pack}.${rule.id}.todo`, params: all },
  }
}
