import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkHouse } from './check.ts'
import { judgeCode, judgeLock, judgeText, judgeTop } from './house.ts'

const code = (text: string, path = 'src-main/engine/x.ts') => judgeCode({ path, text }).map(({ rule }) => rule)
const text = (text: string, path = 'docs/x.md') => judgeText({ path, text }).map(({ rule }) => rule)

describe('the house', () => {
  it('keeps its top level to what was decided', () => {
    expect(judgeTop(['shared/', 'README.md', 'notes.txt', 'scripts/']).map(({ path }) => path)).toEqual(['notes.txt', 'scripts/'])
  })

  it('allows 400 lines and not one more', () => {
    expect(code('\n'.repeat(400))).toEqual([])
    expect(code('\n'.repeat(401))).toEqual(['has 401 lines; 400 is the most'])
  })

  it.each([
    ['// TO' + 'DO later', 'leaves a TO' + 'DO'],
    ['/* FIX' + 'ME */', 'leaves a FIX' + 'ME'],
    ['// @ts-' + 'ignore', 'switches the type checker off'],
    ['// @ts-' + 'expect-error because', 'switches the type checker off'],
    ['const a: any = 1', 'uses the type any'],
    ['const a = b as any', 'uses the type any'],
    ['try { a() } catch {}', 'swallows an error in an empty catch'],
    ['try { a() } catch (error) { /* fine */ }', 'swallows an error in an empty catch'],
    ['a.b().catch(() => {})', 'swallows an error in an empty catch'],
    ['task.catch(function () {})', 'swallows an error in an empty catch'],
    ["it.only('x', () => a())", 'leaves it.only behind'],
    ["describe.only('x', () => a())", 'leaves describe.only behind'],
    ["test.describe.only('x', () => a())", 'leaves test.describe.only behind'],
    ["it.todo('x')", 'leaves it.todo behind'],
  ])('refuses %j', (source, rule) => {
    expect(code(source)).toEqual([rule])
  })

  it('lets words stand where they are no comment, and handled errors', () => {
    const fine = ["const any = 'TODO @ts-ignore catch {}'", 'try { a() } catch { b() }', 'c.catch(() => d())', 'list.any()']
    expect(code(fine.join('\n'))).toEqual([])
  })

  it('refuses places of one machine', () => {
    expect(text(`see https://registry.${'npmjs.org'}/x`)).toEqual([expect.stringContaining('names a package registry')])
    expect(text(`in ${'/work'}/main/x`)).toEqual([expect.stringContaining('names a path of one machine')])
    expect(text(`in ${'/home'}/ada/x`)).toEqual([expect.stringContaining('names a path of one machine')])
    expect(text(`run ../shared/${'electron'}/provide`)).toEqual([expect.stringContaining('outside the project')])
    expect(text(`run ../shared/${'electron'}/provide`, '.ci/run')).toEqual([])
    expect(text('in /home/user/Mail, ~/work/x, https://example.org/work/x and https://npmjs.com')).toEqual([])
  })

  it('asks of the lock file what npm ci asks of it', () => {
    const entry = { version: '1.0.0', integrity: 'sha512-x' }
    const tool = { ...entry, optionalDependencies: { 'tool-linux': '1.0.0', 'tool-mac': '1.0.0' } }
    const linux = { ...entry, optional: true }
    const missing = { packages: { '': {}, 'node_modules/tool': tool, 'node_modules/tool-linux': linux } }
    expect(judgeLock(missing).map(({ rule }) => rule)).toEqual(['has no entry for tool-mac, so npm ci fails'])
    const nested = { 'node_modules/tool/node_modules/tool-mac': { version: '1.0.0', optional: true } }
    expect(judgeLock({ packages: { ...missing.packages, ...nested } })).toEqual([])
    const named = { packages: { 'node_modules/a': { ...entry, resolved: 'https://example.org/a.tgz' }, 'node_modules/b': {} } }
    expect(judgeLock(named)).toHaveLength(2)
  })

  it('is in order', () => {
    expect(checkHouse(join(import.meta.dirname, '../..'))).toEqual([])
  })
})
