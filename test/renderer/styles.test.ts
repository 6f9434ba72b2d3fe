import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../src-renderer')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

test('the order of the layers of style is said before any of them has a rule', () => {
  const first = /^import .*$/m.exec(read('main.tsx'))
  expect(first?.[0]).toBe("import './styles/tokens.css'")
  const order = /^@layer ([a-z, ]+);/.exec(read('styles/tokens.css'))?.[1]?.split(', ')
  expect(order).toEqual(['tokens', 'base', 'ui', 'features'])
  for (const path of globSync('**/*.css', { cwd: root })) {
    const layers = [...read(path).matchAll(/^@layer ([a-z]+) \{/gm)].map(([, layer]) => layer)
    expect(layers.length, path).toBe(1)
    expect(order, path).toEqual(expect.arrayContaining(layers))
  }
})
