import { builtInPacks, Guard } from '#shared/guard/index.ts'
import { labelled, precision, recall, type Score, scores } from './guard/labelled.ts'

/**
 * `npm run bench:guard`: precision and recall of the guard for each group of rules and language, on the labelled texts in
 * `bench/guard/`. Ends with 1 where one falls under the floor. `--show GROUP` lists what was missed or wrongly found among the texts
 * that are not kept back.
 */
const FLOOR = { precision: 0.9, recall: 0.85 }
const guard = new Guard(builtInPacks())
const all = labelled()
const show = process.argv.includes('--show') ? process.argv.at(-1) : undefined

const percent = (value: number) => `${(value * 100).toFixed(1)} %`.padStart(8)

function sum(parts: readonly Score[]): Score {
  const total: Score = { group: 'all', language: 'all', hits: 0, missed: 0, wrong: 0, right: 0 }
  for (const part of parts) for (const name of ['hits', 'missed', 'wrong', 'right'] as const) total[name] += part[name]
  return total
}

function line(score: Score): string {
  const counts = [score.hits, score.missed, score.wrong, score.right].map((count) => String(count).padStart(7)).join('')
  return `${score.group.padEnd(14)}${score.language.padEnd(5)}${percent(precision(score))}${percent(recall(score))}${counts}`
}

function table(title: string, found: readonly Score[]): void {
  console.log(
    `\n${title}\n${'group'.padEnd(14)}${'lang'.padEnd(5)}${'prec.'.padStart(8)}${'recall'.padStart(8)}   hits missed  wrong  right`,
  )
  for (const score of found) console.log(line(score))
  console.log(line(sum(found)))
}

const seen = scores(
  guard,
  all.filter(({ held }) => !held),
  (one, group, missed) => {
    if (show === group) console.log(`${missed ? 'missed' : 'wrong '} ${one.id}: ${JSON.stringify(one.text)}`)
  },
)
const held = scores(
  guard,
  all.filter((one) => one.held),
)
table('Texts that were looked at while words were chosen', seen)
table('Texts that were kept back', held)

const low = held.filter((score) => precision(score) < FLOOR.precision || recall(score) < FLOOR.recall)
for (const score of low)
  console.log(
    `Under the floor (${percent(FLOOR.precision).trim()} and ${percent(FLOOR.recall).trim()}): ${score.group} ${score.language}`,
  )
process.exitCode = low.length > 0 ? 1 : 0
