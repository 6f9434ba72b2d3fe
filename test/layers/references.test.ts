import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listFiles } from './tree.ts'

/**
 * The project's own tsconfig files on a tree of one tiny module per layer: an import that the layers do not allow must not
 * compile, whatever the import check says.
 */
const repo = join(import.meta.dirname, '../..')
const programLayers = [
  'shared',
  'src-main/ports',
  'src-main/connectors',
  'src-main/archive',
  'src-main/store',
  'src-main/voices',
  'src-main/engine',
  'src-main/service',
  'src-main/hosts',
]
const layers = [...programLayers, 'src-renderer']
/** Layers that each may import, by the design: everything to its right, and the renderer only shared. */
const allowed: Record<string, string[]> = {
  shared: [],
  'src-main/ports': ['shared'],
  'src-main/connectors': ['shared', 'src-main/ports'],
  'src-main/archive': ['shared', 'src-main/ports'],
  'src-main/store': ['shared', 'src-main/ports', 'src-main/archive'],
  'src-main/voices': ['shared', 'src-main/ports'],
  'src-main/engine': programLayers.slice(0, 6),
  'src-main/service': programLayers.slice(0, 7),
  'src-main/hosts': programLayers.slice(0, 8),
  'src-renderer': ['shared'],
}

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'layers-'))
  for (const path of listFiles(repo).filter((path) => /(^|\/)(tsconfig(\.base)?\.json|package\.json)$/.test(path))) {
    cpSync(join(repo, path), join(root, path))
  }
  symlinkSync(join(repo, 'node_modules'), join(root, 'node_modules'))
  for (const layer of layers) {
    mkdirSync(join(root, layer), { recursive: true })
    writeFileSync(join(root, layer, 'probe.ts'), 'export const probe = 1\n')
  }
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Compiles one layer and what it refers to. @returns what the compiler printed. */
function compile(layer: string): string {
  const tsc = join(repo, 'node_modules/typescript/bin/tsc')
  return spawnSync(process.execPath, [tsc, '-b', layer, '--pretty', 'false'], { cwd: root, encoding: 'utf8' }).stdout
}

const importName = (layer: string) => `#${layer === 'src-renderer' ? 'renderer' : layer.replace('src-main/', '')}/probe.ts`

describe.each(layers)('%s', (layer) => {
  const others = layers.filter((other) => other !== layer)
  const plant = (names: string[]) => {
    const lines = names.map(
      (other, index) =>
        `import type { probe as p${index} } from '${importName(other)}'\nexport type P${index} = typeof p${index}\n`,
    )
    writeFileSync(join(root, layer, 'planted.ts'), lines.join(''))
  }

  it('compiles with every layer that it may import', () => {
    plant(allowed[layer] ?? [])
    expect(compile(layer)).toBe('')
  })

  it('does not compile with any other', () => {
    const forbidden = others.filter((other) => !allowed[layer]?.includes(other))
    plant(forbidden)
    const output = compile(layer)
    rmSync(join(root, layer, 'planted.ts'))
    const caught = forbidden.filter((other) => output.includes(join(other, 'probe.ts')))
    expect(caught).toEqual(forbidden)
    expect(output).toContain('error TS')
  })
})

describe('the list of layers', () => {
  it('is the one that the root tsconfig builds', () => {
    const { references } = JSON.parse(readFileSync(join(repo, 'tsconfig.json'), 'utf8')) as { references: { path: string }[] }
    const built = references.map(({ path }) => path).filter((path) => path !== 'test' && path !== 'bench')
    expect(built.sort()).toEqual([...layers].sort())
  })
})
