import { builtInPacks, Guard, type GuardDraft, plainContext, plainVariant } from '#shared/guard/index.ts'
import { labelled, languages } from './guard/labelled.ts'
import { type BenchRow, bounded, median, percentile } from './row.ts'

const GROUP = 'guard'
const DRAFTS = 40
/** Each draft counts with its best, as elsewhere: what else the machine does is not the guard's. */
const TRIES = 5
const LENGTH = 2000
/** Turns Latin letters into others that look like them, or puts nothing that shows between them. */
const twins: Record<string, string> = { a: 'а', c: 'с', e: 'е', i: 'і', o: 'о', p: 'р', s: 'ѕ', x: 'х', y: 'у' }

/** Labelled texts of a language, one after the other, up to so many characters. */
function textOf(language: string, from: number): string {
  const texts = labelled().filter((one) => one.language === language)
  let text = ''
  for (let at = from; text.length < LENGTH; at++) text += `${texts[at % texts.length]?.text ?? ''} `
  return text.slice(0, LENGTH)
}

function draftOf(make: (text: string) => string, from: number): GuardDraft {
  const variants = languages.map((language) =>
    plainVariant(make(textOf(language, from)).slice(0, LENGTH), { id: language, language, languages: [language] }),
  )
  return { voice: 'institutional', variants, context: plainContext('2026-03-02T09:00:00Z'), packs: null }
}

const disguises: Record<string, (text: string) => string> = {
  plain: (text) => text,
  lookalikes: (text) => text.replace(/[aceiopsxy]/g, (letter) => twins[letter] ?? letter),
  hidden: (text) => text.replace(/\p{L}/gu, '$&\u200B'),
  spaced: (text) => text.replace(/\p{L}(?=\p{L})/gu, '$& '),
  digits: (text) => text.replace(/[ \n.,-]/g, '7'),
  brackets: (text) => text.replace(/ /g, '((“'),
}

/** A draft of three variants, English, French and Spanish, 2,000 characters each, against every pack. */
export async function run(): Promise<BenchRow[]> {
  const started = performance.now()
  const guard = new Guard(builtInPacks())
  guard.check(draftOf((text) => text, 0))
  const rows: BenchRow[] = [
    {
      id: 'guard.first',
      group: GROUP,
      value: performance.now() - started,
      unit: 'ms',
      goal: null,
      ok: null,
      against: 'reading every pack, and the first draft',
    },
  ]
  for (const [name, make] of Object.entries(disguises)) {
    const drafts = Array.from({ length: DRAFTS }, (_, at) => draftOf(make, at * 17))
    for (const draft of drafts) guard.check(draft)
    const times = drafts.map((draft) => {
      let best = Number.POSITIVE_INFINITY
      for (let attempt = 0; attempt < TRIES; attempt++) {
        const start = process.cpuUsage()
        guard.check(draft)
        const { user, system } = process.cpuUsage(start)
        best = Math.min(best, (user + system) / 1000)
      }
      return best
    })
    const against = 'processor time; 3 x 2,000 characters in three languages, every pack'
    rows.push({ id: `guard.${name}.p50`, group: GROUP, value: median(times), unit: 'ms', goal: null, ok: null, against })
    rows.push(bounded({ id: `guard.${name}.p95`, group: GROUP, value: percentile(times, 95), unit: 'ms', against }, '<=', 20))
  }
  return rows
}
