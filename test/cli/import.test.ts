import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { AccountShape, ImportShape } from '#hosts/cli/shapes.ts'
import { archive } from '../connectors/x/archive.ts'
import { type Desk, newDesk } from './support/dispatch.ts'

let desk: Desk

beforeEach(async () => {
  desk = await newDesk({ inProcess: true })
  await desk.run(['identity', 'add', '--name', 'Press office', '--voice', 'institutional'])
  await desk.json(AccountShape, ['account', 'add', 'archive', '--identity', '1', '--network', 'x'])
})
afterEach(() => desk.remove())

it('an archive of X is imported twice, told in words, exported with its pictures and verified', async () => {
  const file = join(desk.dir, 'x.zip')
  await writeFile(file, archive())
  const first = await desk.json(ImportShape, ['import', 'x', file, '--account', '1'])
  expect(first).toMatchObject({ new: 7, known: 0, failed: 0 })
  expect(first.remarks).toContainEqual({ kind: 'file_kept', path: 'data/like.js', name: '', count: 1 })
  const said = await desk.run(['import', 'x', file, '--account', 'HouseOfExamplia'])
  expect(said.stdout).toContain('0 new, 7 already there, 0 not understood.\n')
  expect(said.stdout).toContain('data/tweets.js new_in_2030: unknown field, kept with its record\n')
  const pack = join(desk.dir, 'pack')
  expect((await desk.run(['archive', 'export', '--query', '', '--out', pack])).code).toBe(0)
  const verified = await desk.run(['verify', pack])
  expect(verified.code).toBe(0)
  expect(verified.stdout).toMatch(/cannot say/)
})

it('an account of another network, another account, and syncing one that only holds exports are refused with the reason', async () => {
  const file = join(desk.dir, 'x.zip')
  await writeFile(file, archive())
  await desk.json(AccountShape, ['account', 'add', 'archive', '--identity', '1', '--network', 'mastodon', '--handle', 'house'])
  await desk.json(AccountShape, ['account', 'add', 'archive', '--identity', '1', '--network', 'x', '--handle', '@Senate'])
  const of = async (args: string[]) => (await desk.fails(args)).error.code
  expect(await of(['import', 'x', file, '--account', '2'])).toBe('bad_request')
  expect(await of(['import', 'mbox', file, '--account', '1'])).toBe('bad_request')
  expect(await of(['import', 'mastodon', file, '--account', '2'])).toBe('export_unknown')
  expect(await of(['import', 'x', file, '--account', '3'])).toBe('export_of_other')
  expect(await of(['account', 'resume', '1'])).toBe('files_only')
})
