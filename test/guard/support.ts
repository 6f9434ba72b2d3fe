import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  builtInPacks,
  Guard,
  type GuardContext,
  type GuardDraft,
  type GuardFinding,
  type GuardVariant,
  plainContext,
  plainVariant,
  type ReadPack,
  readPack,
} from '#shared/guard/index.ts'

export const NOW = '2026-03-02T09:00:00Z'
export const guard = new Guard(builtInPacks())

export function draft(
  text: string,
  changes: Partial<GuardVariant> = {},
  rest: Partial<Omit<GuardDraft, 'context'>> & { context?: Partial<GuardContext> } = {},
): GuardDraft {
  const { context, ...more } = rest
  return {
    voice: 'institutional',
    variants: [plainVariant(text, { language: 'en', ...changes })],
    packs: null,
    ...more,
    context: { ...plainContext(NOW), ...context },
  }
}

/** What was found, as `pack/rule: words | words`. */
export function told(findings: readonly GuardFinding[], text: string): string[] {
  return findings.map(({ pack, rule, ranges }) => {
    const words = ranges.map(({ from, to }) => text.slice(from, to)).join(' | ')
    return `${pack}/${rule}: ${words}`
  })
}

export function found(text: string, changes: Partial<GuardVariant> = {}, rest: Parameters<typeof draft>[2] = {}): string[] {
  return told(guard.check(draft(text, changes, rest)).findings, text)
}

/** A pack of one rule with these patterns, made to work by itself. */
export function packOf(patterns: string[], more: Record<string, unknown> = {}, sets?: Record<string, unknown>): unknown {
  const rule = {
    id: 'one',
    severity: { institutional: 'stop' },
    patterns: { en: patterns },
    why: { en: 'W {words}' },
    todo: { en: 'T' },
  }
  return { id: 'mine', title: { en: 'Mine' }, ...(sets === undefined ? {} : { sets }), rules: [{ ...rule, ...more }] }
}

export function read(value: unknown): ReadPack {
  const pack = readPack(value, 'test', [])
  if (Array.isArray(pack)) throw new Error(pack.map(({ place, detail }) => `${place}: ${detail}`).join('\n'))
  return pack
}

/** Words that a pattern marks in a text. */
export function marked(pattern: string | string[], text: string, more: Record<string, unknown> = {}): string[] {
  const own = new Guard([read(packOf([pattern].flat(), more))])
  const { findings } = own.check(draft(text))
  return findings.flatMap(({ ranges }) => ranges.map(({ from, to }) => text.slice(from, to)))
}

export interface Labelled {
  id: string
  language: string
  rule: string
  positive: boolean
  held: boolean
  text: string
}

/** The labelled texts that the guard is measured on. */
export function labelled(set = 'first'): Labelled[] {
  return ['en', 'fr', 'es'].flatMap((language) =>
    readFileSync(join(import.meta.dirname, '../../bench/guard', `${set}-${language}.jsonl`), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Labelled),
  )
}
