import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../src-renderer')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

test('the order of the layers of style is said before any of them has a rule', () => {
  // The build puts the window's own after what stands in the page.
  const sheets = [...read('index.html').matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map(([, href]) => href)
  expect(sheets).toEqual(['./layers.css'])
  const order = /^@layer ([a-z, ]+);\n$/.exec(read('public/layers.css'))?.[1]?.split(', ')
  expect(order).toEqual(['tokens', 'base', 'ui', 'features'])
  for (const path of globSync('**/*.css', { cwd: root }).filter((one) => !one.endsWith('layers.css'))) {
    const layers = [...read(path).matchAll(/^@layer ([a-z]+) \{/gm)].map(([, layer]) => layer)
    expect(layers.length, path).toBe(1)
    expect(order, path).toEqual(expect.arrayContaining(layers))
  }
})
