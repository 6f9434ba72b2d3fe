import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'

// The commands ask what they run in, as soon as they are loaded.
vi.stubGlobal('window', {})
const { commands } = await import('#renderer/features/commands/commands.ts')

const guide = readFileSync(join(import.meta.dirname, '../../docs/user-guide.md'), 'utf8')
const table = guide.slice(guide.indexOf('## Keys'), guide.indexOf('## What the warnings mean'))
const listed = [...table.matchAll(/^\| (.+?) \| .+ \|$/gm)].flatMap(([, keys = '']) => keys.split(', ')).slice(1)

/** A key as people write it: `Mod+k` is Ctrl+K, `g o` is G O. */
const shown = (key: string) =>
  key
    .replace('Mod', 'Ctrl')
    .replace('Escape', 'Esc')
    .replace(/(^|\+| )([a-z])(?= |$)/g, (_, before: string, letter: string) => before + letter.toUpperCase())

describe('the keys in the user guide', () => {
  it('are keys of the program', () => {
    const known = new Set(commands.flatMap(({ keys }) => keys.map(shown)))
    expect(listed.filter((key) => !known.has(key))).toEqual([])
  })

  it('name every way to move and to act', () => {
    const first = commands
      .filter(({ group }) => group === 'move' || group === 'act')
      .flatMap(({ keys }) => keys.slice(0, 1).map(shown))
    expect(first.filter((key) => !listed.includes(key))).toEqual([])
  })
})
