import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Guard, plainContext, plainVariant } from '#shared/guard/index.ts'

/** One labelled text of `bench/guard/*.jsonl`: written for this, no real post. */
export interface Labelled {
  id: string
  language: string
  /** The group of rules that it was written for; `general` for ordinary posts. */
  rule: string
  /** Whether it breaks that group. One that does not breaks none. */
  positive: boolean
  /** Kept back: not looked at while words were chosen. */
  held: boolean
  text: string
}

export const languages = ['en', 'fr', 'es'] as const

/** Which packs and rules a group of the labels means. */
export const groups: Record<string, string> = {
  partisan: 'partisan',
  electoral: 'electoral',
  loaded: 'loaded',
  attribution: 'attribution',
  onesided: 'onesided',
  petition: 'lobbying',
  firstperson: 'first-person',
  personal: 'personal-data',
  confidential: 'confidential',
  hostile: 'hostile',
  defamation: 'defamation',
  leftover: 'leftovers',
  form: 'form',
}

/**
 * The sets, in the order in which they were written. `first`: before any word of the packs, a third of it kept back. `later` and `last`: after the
 * packs, to see how far these reach; the packs were then widened with both in view. `held`: after that, and nothing was changed for what it missed.
 */
export const sets = ['first', 'later', 'last', 'held'] as const
export type LabelledSet = (typeof sets)[number]

export function labelled(which: readonly LabelledSet[] = sets): Labelled[] {
  return which.flatMap((set) =>
    languages.flatMap((language) =>
      readFileSync(join(import.meta.dirname, `${set}-${language}.jsonl`), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Labelled),
    ),
  )
}

/** The groups that the guard finds broken in a text, posted by an institution whose account writes in its language. */
export function brokenBy(guard: Guard, { text, language }: Labelled, accountLanguages: string[] = [language]): Set<string> {
  const { findings } = guard.check({
    voice: 'institutional',
    variants: [plainVariant(text, { language, languages: accountLanguages })],
    context: plainContext('2026-03-02T09:00:00Z'),
    packs: null,
  })
  const found = new Set<string>()
  for (const { pack, rule } of findings) {
    // Form and links are one group of the labels; the language has a measure of its own.
    if (pack === 'form' && rule === 'language') found.add('language')
    else if (pack === 'form' || pack === 'links') found.add('form')
    else if (rule === 'placeholder') found.add('form').add('leftover')
    else found.add(Object.entries(groups).find(([, id]) => id === pack)?.[0] ?? pack)
  }
  return found
}

export interface Score {
  group: string
  language: string
  hits: number
  missed: number
  /** Texts that break nothing and were found broken. */
  wrong: number
  right: number
}

export const recall = ({ hits, missed }: Score) => hits / Math.max(1, hits + missed)
export const precision = ({ hits, wrong }: Score) => (hits + wrong === 0 ? 1 : hits / (hits + wrong))

/**
 * Each group and language over these texts. Texts written to break one group count for that group alone, because they often break
 * others too; texts that break nothing count for every group.
 */
export function scores(
  guard: Guard,
  texts: readonly Labelled[],
  onWrong?: (one: Labelled, group: string, missed: boolean) => void,
): Score[] {
  const made = new Map<string, Score>()
  const score = (group: string, language: string) => {
    const key = `${group} ${language}`
    const known = made.get(key) ?? { group, language, hits: 0, missed: 0, wrong: 0, right: 0 }
    made.set(key, known)
    return known
  }
  const names = [...Object.keys(groups), 'language']
  for (const one of texts) {
    const broken = brokenBy(guard, one)
    for (const group of names) {
      if (one.positive && one.rule !== group) continue
      const own = score(group, one.language)
      const hit = broken.has(group)
      if (one.positive) own[hit ? 'hits' : 'missed']++
      else own[hit ? 'wrong' : 'right']++
      if (hit !== one.positive) onWrong?.(one, group, one.positive)
    }
    // An ordinary post is in the wrong language for an account of another.
    if (!one.positive) {
      const other = languages.filter((language) => language !== one.language)
      score('language', one.language)[brokenBy(guard, one, [...other]).has('language') ? 'hits' : 'missed']++
    }
  }
  return names.flatMap((group) => languages.map((language) => score(group, language)))
}
