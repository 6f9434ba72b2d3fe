import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { connectors } from '#connectors/registry.ts'
import { problems } from '#shared/model/index.ts'
import { codeFiles, listFiles } from '../layers/tree.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const documents = listFiles(root).filter((path) => path.endsWith('.md') && !path.startsWith('test/fixtures/'))
const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts)

describe('docs/errors.md', () => {
  const headings = [...read('docs/errors.md').matchAll(/^### `(\w+)`\n\n> (.*)\n\n(.+)\n\n\*\*What to do\*\*: (.+)$/gm)]

  it('explains each problem, and none that does not exist, in the order of the list', () => {
    expect(headings.map(([, code]) => code)).toEqual(Object.keys(problems))
  })

  it('quotes the sentence that people see', () => {
    expect(Object.fromEntries(headings.map(([, code, sentence]) => [code, sentence]))).toEqual(problems)
  })
})

describe('docs/architecture.md', () => {
  it('lists every connector, with its folder', () => {
    const listed = [...read('docs/architecture.md').matchAll(/^\| `(\w+)` \| `(src-main\/connectors\/\w+\/)` \|/gm)]
    expect(listed.map(([, network]) => network).sort()).toEqual(Object.keys(connectors).sort())
    for (const [, , folder = ''] of listed) expect(existsSync(join(root, folder))).toBe(true)
  })
})

describe('docs/decisions/README.md', () => {
  it('lists every page, and none that does not exist', () => {
    const listed = [...read('docs/decisions/README.md').matchAll(/^\| \[[^\]]+\]\(([^)]+)\)/gm)].map(([, page]) => page)
    const pages = readdirSync(join(root, 'docs/decisions')).filter((name) => name !== 'README.md')
    expect([...listed].sort()).toEqual(pages.sort())
  })
})

describe('CHANGELOG.md', () => {
  it('begins with what is not released yet, and uses the known headings', () => {
    const headings = [...read('CHANGELOG.md').matchAll(/^## (.*)$/gm)].map(([, heading]) => heading ?? '')
    expect(headings[0]).toBe('[Unreleased]')
    for (const heading of headings.slice(1)) expect(heading).toMatch(/^\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}$/)
    const kinds = [...read('CHANGELOG.md').matchAll(/^### (.*)$/gm)].map(([, kind]) => kind)
    expect(['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security']).toEqual(
      expect.arrayContaining([...new Set(kinds)]),
    )
  })
})

describe.each(documents)('%s', (path) => {
  const text = read(path)

  it('links to what exists', () => {
    const broken = linksOf(text).filter(({ file, anchor }) => {
      const target = file === '' ? path : relative(root, join(root, dirname(path), file))
      if (!existsSync(join(root, target))) return true
      return anchor !== '' && !anchorsOf(read(target)).has(anchor)
    })
    expect(broken).toEqual([])
  })

  it('names npm scripts that exist', () => {
    const named = [...text.matchAll(/\bnpm (?:run (?:-s )?([\w:-]+)|(start|test)\b)/g)].map(
      ([, script, short]) => script ?? short ?? '',
    )
    expect(named.filter((script) => !scripts.includes(script))).toEqual([])
  })
})

describe('code', () => {
  it('points to documents that exist', () => {
    const shipped = codeFiles(root).filter(({ path }) => !path.startsWith('test/'))
    const broken = shipped.flatMap(({ path, text }) =>
      [...text.matchAll(/\bdocs\/[\w/-]+\.md\b/g)]
        .map(([name]) => `${path}: ${name}`)
        .filter((line) => !existsSync(join(root, line.split(': ')[1] ?? ''))),
    )
    expect(broken).toEqual([])
  })
})

/** Relative links of a document, outside code. */
function linksOf(text: string): { file: string; anchor: string }[] {
  const prose = text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`(?!\])/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file = '', anchor = ''] = target.split('#')
      return { file, anchor }
    })
}

/** Anchors as they are made from headings. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.replace(/```[\s\S]*?```/g, '').matchAll(/^#{1,6} (.*)$/gm)].map(([, heading = '']) => heading)
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-'),
    ),
  )
}
