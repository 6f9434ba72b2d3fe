import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtInPacks, type Guard } from '#shared/guard/index.ts'
import { loadGuard, MOST_BYTES } from '#voices/guard/packs.ts'
import { draft, packOf, told } from './support.ts'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'guard-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

async function folder(name: string, files: Record<string, string>): Promise<string> {
  const path = join(dir, name)
  await mkdir(path)
  for (const [file, text] of Object.entries(files)) await writeFile(join(path, file), text)
  return path
}

const ids = (guard: Guard) => guard.packs.map(({ pack }) => pack.id)
const ours = builtInPacks().map(({ pack }) => pack.id)

describe('the packs of an office', () => {
  it('are added to those of the program', async () => {
    const path = await folder('good', { 'a.json': JSON.stringify(packOf(['ferry'])), 'notes.txt': 'x' })
    const { guard, refused } = await loadGuard(path)
    expect(refused).toEqual([])
    expect(ids(guard)).toEqual([...ours, 'mine'])
    expect(told(guard.check(draft('The ferry')).findings, 'The ferry')).toEqual(['mine/one: ferry'])
  })

  it('may be none', async () => {
    for (const place of [null, join(dir, 'nowhere')]) {
      const { guard, refused } = await loadGuard(place)
      expect([ids(guard), refused]).toEqual([ours, []])
    }
  })

  it('are refused one by one, with the reason and the place; the others work', async () => {
    const path = await folder('bad', {
      'a.json': JSON.stringify(packOf(['((a|b)*)+c'])),
      'b.json': '{"id": ',
      'c.json': JSON.stringify({ ...(packOf(['x']) as object), id: 'loaded' }),
      'd.json': ' '.repeat(MOST_BYTES + 1),
      'e.json': `\uFEFF${JSON.stringify(packOf(['ferry']))}`,
      'f.json': JSON.stringify(packOf(['x'])),
    })
    const { guard, refused } = await loadGuard(path)
    expect(refused.map(({ source, place, detail }) => [source, place, detail.replace(/^is no JSON: .*/, 'is no JSON')])).toEqual([
      ['a.json', 'rules[0].patterns.en[0]', 'at 7: the pattern has a sign that means nothing here: *'],
      ['b.json', '', 'is no JSON'],
      ['c.json', 'id', 'the name loaded is taken'],
      ['d.json', '', 'has more than 1000000 bytes'],
      ['f.json', 'id', 'the name mine is taken'],
    ])
    expect(ids(guard)).toEqual([...ours, 'mine'])
  })

  it('can be written as docs/guard.md shows it', async () => {
    const document = await readFile(join(import.meta.dirname, '../../docs/guard.md'), 'utf8')
    const example = /```json\n([\s\S]*?)```/.exec(document)?.[1] ?? ''
    const { guard, refused } = await loadGuard(await folder('example', { 'example.json': example }))
    expect(refused).toEqual([])
    const find = (text: string, language: string) =>
      told(guard.check(draft(text, { language }, { packs: ['house-style'] })).findings, text)
    expect(find('Visitors to the Parliament building are welcome.', 'en')).toEqual(['house-style/old-name: Parliament building'])
    expect(find('The Old Parliament building is a museum.', 'en')).toEqual([])
    expect(find('Les bâtiments du Parlement sont ouverts.', 'fr')).toEqual(['house-style/old-name: bâtiments du Parlement'])
  })
})
