import { z } from 'zod'
import { Network, Voice } from '../model/index.ts'
import { detectorNames } from './detect/names.ts'
import { GuardKind, GuardSeverity, GuardState } from './model.ts'
import { type Node, PatternError, parsePattern, type Sets, sizeOf } from './pattern.ts'

/** Packs are data: `docs/guard.md` says how to write one. */

const id = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and hyphens, 40 at most')
const language = z.string().regex(/^(any|[a-z]{2,3})$/, 'must be a language such as en, or any')
const patterns = z.record(language, z.array(z.string().min(1).max(1000)).max(5000))
const sentences = z
  .record(z.string().regex(/^[a-z]{2,3}$/, 'must be a language such as en'), z.string().min(1).max(500))
  .refine((all) => Object.keys(all).length > 0, 'must have a sentence in one language at least')

/**
 * What a finding is spared by: words that somebody who is named is quoted with (`quoted`) or reported with (`reported`), words in
 * any quotation marks (`marks`), and titles of laws, debates and works (`title`).
 */
export const Spare = z.enum(['quoted', 'reported', 'marks', 'title'])
export type Spare = z.infer<typeof Spare>

export const PackRule = z
  .strictObject({
    id,
    /** How grave it is, by voice; a voice that is not named is not held to the rule. */
    severity: z.partialRecord(Voice, GuardSeverity),
    /** Graver while parliament stands so. */
    raise: z.partialRecord(GuardState, GuardSeverity).optional(),
    /** Kinds of messages that it is for; all when absent. */
    kinds: z.array(GuardKind).min(1).optional(),
    /** Networks that it is for; all when absent. */
    networks: z.array(Network).min(1).optional(),
    /** What it finds: patterns by language, or something built in. */
    patterns: patterns.optional(),
    detector: z.enum(detectorNames).optional(),
    /** Nothing is found where one of these fits the same words. */
    except: patterns.optional(),
    /** Something is found only where one of these fits as well ... */
    needs: patterns.optional(),
    /** ... and none of these, ... */
    without: patterns.optional(),
    /** ... in the same sentence or anywhere in the text. */
    scope: z.enum(['sentence', 'text']).optional(),
    spare: z.array(Spare).optional(),
    /** `{words}` is what was found. */
    why: sentences,
    todo: sentences,
  })
  .refine(
    (rule) => (rule.patterns === undefined) !== (rule.detector === undefined),
    'must have patterns or a detector, and not both',
  )
export type PackRule = z.infer<typeof PackRule>

export const Pack = z.strictObject({
  id,
  title: sentences,
  /** Lists that patterns name as `{name}`, and other packs as `{pack.name}`; patterns themselves. */
  sets: z.record(id, patterns).optional(),
  rules: z.array(PackRule).min(1).max(500),
})
export type Pack = z.infer<typeof Pack>

/** Why a pack was refused: where in it, and what is wrong there. */
export interface PackFault {
  /** A file's name, or `built in`. */
  source: string
  /** Such as `rules[2].patterns.en[4]`; empty for the whole. */
  place: string
  detail: string
}

export const roles = ['patterns', 'except', 'needs', 'without'] as const
export type Role = (typeof roles)[number]

export interface ReadRule {
  rule: PackRule
  /** By role and language, ready to be compiled. */
  nodes: Record<Role, ReadonlyMap<string, readonly Node[]>>
}

/** A pack that was found in order. */
export interface ReadPack {
  pack: Pack
  rules: ReadRule[]
  /** Its lists, by name and language. */
  sets: ReadonlyMap<string, ReadonlyMap<string, Node>>
}

/** Parts of all patterns of a pack, with their sets written out. */
const MOST_PARTS = 200_000
const MOST_FAULTS = 20

/**
 * Reads a pack. Never throws.
 * @param value What its JSON says.
 * @param others Packs that were read before, whose lists it may name.
 */
export function readPack(value: unknown, source: string, others: readonly ReadPack[]): ReadPack | PackFault[] {
  const parsed = Pack.safeParse(value)
  if (!parsed.success) {
    return parsed.error.issues.slice(0, MOST_FAULTS).map(({ path, message }) => ({
      source,
      place: placeOf(path),
      detail: message.replace(/^./, (first) => first.toLowerCase()),
    }))
  }
  const pack = parsed.data
  if (others.some((other) => other.pack.id === pack.id)) return [{ source, place: 'id', detail: `the name ${pack.id} is taken` }]
  const twice = pack.rules.findIndex((rule, at) => pack.rules.findIndex(({ id }) => id === rule.id) < at)
  if (twice >= 0) return [{ source, place: `rules[${twice}].id`, detail: `the name ${pack.rules[twice]?.id} is taken` }]
  const reader = new Reader(source, others)
  const sets = reader.sets(pack)
  const rules = pack.rules.map((rule, at) => ({ rule, nodes: reader.rule(rule, `rules[${at}]`) }))
  if (reader.parts > MOST_PARTS) reader.faults.push({ source, place: '', detail: `has more than ${MOST_PARTS} parts` })
  return reader.faults.length > 0 ? reader.faults.slice(0, MOST_FAULTS) : { pack, rules, sets }
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at === 0 ? '' : '.'}${String(part)}`)).join('')
}

class Reader {
  readonly faults: PackFault[] = []
  parts = 0
  private readonly source: string
  private readonly known = new Map<string, ReadonlyMap<string, Node>>()

  constructor(source: string, others: readonly ReadPack[]) {
    this.source = source
    for (const { pack, sets } of others) for (const [name, nodes] of sets) this.known.set(`${pack.id}.${name}`, nodes)
  }

  /** Sets in the order in which they are written: one may name those before it. */
  sets(pack: Pack): Map<string, ReadonlyMap<string, Node>> {
    const own = new Map<string, ReadonlyMap<string, Node>>()
    for (const [name, lists] of Object.entries(pack.sets ?? {})) {
      const nodes = new Map<string, Node>()
      for (const [language, parts] of this.all(lists, `sets.${name}`)) nodes.set(language, { kind: 'either', parts: [...parts] })
      own.set(name, nodes)
      this.known.set(name, nodes)
    }
    return own
  }

  rule(rule: PackRule, place: string): ReadRule['nodes'] {
    const of = (role: Role) => this.all(rule[role] ?? {}, `${place}.${role}`)
    return { patterns: of('patterns'), except: of('except'), needs: of('needs'), without: of('without') }
  }

  private all(lists: Record<string, string[]>, place: string): Map<string, Node[]> {
    const found = new Map<string, Node[]>()
    for (const [language, texts] of Object.entries(lists)) {
      const nodes = texts.flatMap((text, at) => this.one(text, language, `${place}.${language}[${at}]`))
      if (nodes.length > 0) found.set(language, nodes)
    }
    return found
  }

  private one(text: string, language: string, place: string): Node[] {
    const sets: Sets = (name) => {
      const lists = this.known.get(name)
      const nodes = [lists?.get(language), lists?.get('any')].filter((node) => node !== undefined)
      return nodes.length === 0 ? undefined : { kind: 'either', parts: nodes }
    }
    try {
      const node = parsePattern(text, sets)
      this.parts += sizeOf(node)
      return [node]
    } catch (error) {
      if (!(error instanceof PatternError)) throw error
      this.faults.push({ source: this.source, place, detail: `at ${error.at + 1}: the pattern ${error.message}` })
      return []
    }
  }
}
