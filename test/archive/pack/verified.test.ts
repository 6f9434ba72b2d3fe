import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { answers, judge } from '../support/judge.ts'
import { isRecord, SampleSource } from './sample.ts'
import { exported, filesIn, redactions } from './support.ts'

const photo = { name: 'photo.png', mediaType: 'image/png', bytes: Buffer.from('a picture of the harbour') }
const source = () =>
  new SampleSource({
    ledgers: { '1': 600, '2': 90, '3': 4 },
    without: (ledger) => ledger === '3',
    alter: (letter, name) => (name === '1/6' ? { ...letter, media: [photo] } : letter),
  })

it('what is exported is proved, for every record and for the whole', async () => {
  const { dir } = await exported(source())
  const verdict = await judge(dir)
  expect(verdict.problems).toEqual([])
  expect(verdict.valid).toBe(true)
  expect(verdict.runs.map((run) => [run.ledger, run.count, answers(run)])).toEqual([
    ['1', 480, 'yes/yes/cannot_say/yes'],
    ['2', 72, 'yes/yes/cannot_say/yes'],
  ])
})

it('redactions leave the others proved', async () => {
  const list = [11, 12].map((seq) => ({ record: `10${seq}`, by: 'Registrar', reason: 'third party', whole: true }))
  const { dir } = await exported(source(), { redactions: redactions(list) })
  const verdict = await judge(dir)
  expect(verdict.problems).toEqual([])
  expect(verdict.valid).toBe(true)
  expect(verdict.redacted).toBe(2)
  expect(verdict.runs.filter(({ ledger }) => ledger === '1').map((run) => [run.count, answers(run)])).toEqual([
    [8, 'yes/yes/cannot_say/yes'],
    [2, 'cannot_say/cannot_say/cannot_say/yes'],
    [470, 'yes/yes/cannot_say/yes'],
  ])
})

it('a flipped bit in any of its files is found and named', async () => {
  const small = new SampleSource({
    ledgers: { '1': 8 },
    alter: (letter, name) => (name === '1/6' ? { ...letter, media: [photo] } : letter),
  })
  const { dir } = await exported(small)
  expect(filesIn(join(dir, 'data/records/1'))).toHaveLength([1, 2, 3, 4, 6, 7].filter(isRecord).length)
  for (const path of filesIn(dir)) {
    const file = join(dir, path)
    const bytes = readFileSync(file)
    const flipped = Buffer.from(bytes)
    const place = Math.floor(bytes.length / 2)
    flipped[place] = (bytes[place] ?? 0) ^ 1
    writeFileSync(file, flipped)
    const { valid, problems } = await judge(dir)
    expect([path, valid]).toEqual([path, false])
    // A manifest that was changed accuses the file that it now has wrong, or itself.
    if (!path.includes('manifest')) expect(problems.map((problem) => problem.path)).toContain(path)
    writeFileSync(file, bytes)
  }
  expect((await judge(dir)).valid).toBe(true)
})
