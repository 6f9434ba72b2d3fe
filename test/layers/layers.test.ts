import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkLayers } from './check.ts'
import { importsOf } from './imports.ts'
import { judgeImports } from './rules.ts'

const rules = (path: string, text: string) => judgeImports({ path, text }).map(({ line, rule }) => `${line}: ${rule}`)

describe('imports', () => {
  it('are found in every form, and nowhere else', () => {
    const text = [
      "import a from 'a'",
      "import type { B } from 'b'",
      "export * from 'c'",
      "export { d } from 'd'",
      "export type { E } from 'e'",
      "import 'f'",
      "const g = await import('g')",
      "type H = import('h').H",
      "import i = require('i')",
      "const j = require('j')",
      "const k = createRequire(import.meta.url)('k')",
      "new Worker(new URL('./l.ts', import.meta.url))",
      "const m = import.meta.resolve('m')",
      "vi.mock('n', () => ({}))",
      'const o = await import(`o`)',
      'const p = await import(name)',
      "const text = `import q from 'q'` // import r from 'r'",
      "new URL('https://example.org/s')",
      'export const t = 1',
    ].join('\n')
    const found = importsOf({ path: 'x.ts', text }).map(({ specifier, line }) => `${line} ${specifier}`)
    expect(found).toEqual([
      ...['1 a', '2 b', '3 c', '4 d', '5 e', '6 f', '7 g', '8 h', '9 i', '10 j', '11 k', '12 ./l.ts', '13 m', '14 n', '15 o'],
      '16 null',
    ])
  })
})

/** Each plants one violation: where, what, and the words that the check must answer with. */
const planted: [string, string, string, string][] = [
  ['shared looks into the store', 'shared/model/x.ts', "import '#store/store.ts'", 'shared may not import store'],
  ['shared uses Node', 'shared/text/x.ts', "import { join } from 'node:path'", 'shared knows no Node'],
  ['shared uses Node without saying so', 'shared/text/x.ts', "import { join } from 'path'", 'shared knows no Node'],
  ['shared takes a package', 'shared/text/x.ts', "import ws from 'ws'", 'shared may not import the package ws'],
  ['ports take a package', 'src-main/ports/x.ts', "import { z } from 'zod'", 'ports may not import the package zod'],
  ['ports look up', 'src-main/ports/x.ts', "import type { S } from '#store/store.ts'", 'ports may not import store'],
  ['the store looks at the engine', 'src-main/store/x.ts', "import '#engine/engine.ts'", 'store may not import engine'],
  [
    'the archive looks at the store',
    'src-main/archive/x.ts',
    "import type { S } from '#store/store.ts'",
    'archive may not import store',
  ],
  ['the voices look at the store', 'src-main/voices/x.ts', "import '#store/store.ts'", 'voices may not import store'],
  ['the voices look at the engine', 'src-main/voices/x.ts', "import '#engine/engine.ts'", 'voices may not import engine'],
  ['the archive takes a network', 'src-main/archive/x.ts', "import '#connectors/fault.ts'", 'archive may not import connectors'],
  ['the store takes a network', 'src-main/store/x.ts', "import '#connectors/fault.ts'", 'store may not import connectors'],
  [
    'a connector knows the store',
    'src-main/connectors/mail/x.ts',
    "import type { S } from '#store/store.ts'",
    'connectors may not import store',
  ],
  [
    'a connector knows the engine',
    'src-main/connectors/feed/x.ts',
    "import '#engine/engine.ts'",
    'connectors may not import engine',
  ],
  ['a connector knows another', 'src-main/connectors/feed/x.ts', "import '../mail/parse.ts'", 'only its own folder'],
  [
    'a connector knows another by alias',
    'src-main/connectors/feed/x.ts',
    "import '#connectors/mail/parse.ts'",
    'only its own folder',
  ],
  [
    'a connector knows the registry',
    'src-main/connectors/feed/x.ts',
    "import '../registry.ts'",
    'only hosts may import the registry',
  ],
  [
    'the interface names a connector',
    'src-main/connectors/connector.ts',
    "import './mail/index.ts'",
    'only the registry names connectors',
  ],
  ['a connector takes a server package', 'src-main/connectors/mail/x.ts', "import ws from 'ws'", 'may not import the package ws'],
  [
    'the engine knows a connector',
    'src-main/engine/x.ts',
    "import '#connectors/mail/index.ts'",
    'only know connectors by their interface',
  ],
  [
    'the engine uses the registry',
    'src-main/engine/x.ts',
    "import '#connectors/registry.ts'",
    'only hosts may import the registry',
  ],
  ['the engine looks at the service', 'src-main/engine/x.ts', "import '#service/service.ts'", 'engine may not import service'],
  ['the service looks at a host', 'src-main/service/x.ts', "import '#hosts/start.ts'", 'service may not import hosts'],
  [
    'the service uses the registry',
    'src-main/service/x.ts',
    "export * from '#connectors/registry.ts'",
    'only hosts may import the registry',
  ],
  [
    'the engine opens a database',
    'src-main/engine/x.ts',
    "import D from 'better-sqlite3'",
    'only src-main/store may import better-sqlite3',
  ],
  ['a host opens a database', 'src-main/hosts/cli/x.ts', "const D = await import('better-sqlite3')", 'only src-main/store'],
  [
    'the server host uses Electron',
    'src-main/hosts/server/x.ts',
    "import { app } from 'electron'",
    'only src-main/hosts/electron',
  ],
  [
    'the server host uses the Electron host',
    'src-main/hosts/server/x.ts',
    "import '../electron/main.ts'",
    'only the Electron host',
  ],
  ['a test uses Electron', 'test/e2e/x.ts', "import { app } from 'electron'", 'only src-main/hosts/electron may import electron'],
  ['the engine uses the keychain', 'src-main/engine/x.ts', "import k from 'keytar'", 'only src-main/hosts may import keytar'],
  ['the renderer uses Node', 'src-renderer/ui/x.tsx', "import fs from 'node:fs'", 'renderer knows no Node'],
  [
    'the renderer uses Electron',
    'src-renderer/ui/x.tsx',
    "import { ipcRenderer } from 'electron'",
    'only src-main/hosts/electron',
  ],
  [
    'the renderer knows the engine',
    'src-renderer/data/x.ts',
    "import type { E } from '#engine/engine.ts'",
    'renderer may not import engine',
  ],
  [
    'the renderer knows the ports',
    'src-renderer/data/x.ts',
    "import type { P } from '#ports/index.ts'",
    'renderer may not import ports',
  ],
  [
    'the renderer takes a package of the engine',
    'src-renderer/data/x.ts',
    "import 'imapflow'",
    'may not import the package imapflow',
  ],
  ['the program knows its tests', 'src-main/engine/x.ts', "import '../../test/support/office.ts'", 'engine may not import test'],
  ['the program knows the measurements', 'src-main/hosts/x.ts', "import '../../bench/row.ts'", 'hosts may not import bench'],
  [
    'a layer is reached by a relative path',
    'src-main/engine/x.ts',
    "import type { S } from '../store/store.ts'",
    'write it with #',
  ],
  [
    'a worker of another layer',
    'src-main/service/x.ts',
    "new URL('../hosts/cli/x.ts', import.meta.url)",
    'service may not import hosts',
  ],
  [
    'a type of another layer',
    'src-renderer/ui/x.ts',
    "type S = import('#store/store.ts').Store",
    'renderer may not import store',
  ],
  ['a name made up at run time', 'src-main/engine/x.ts', 'await import(name)', 'only known at run time'],
  ['a file of no layer', 'src-main/engine/x.ts', "import '../../biome.json'", 'belongs to no layer'],
]

describe('layers', () => {
  it.each(planted)('catches it when %s', (_, path, text, words) => {
    expect(rules(path, `\n${text}`)).toEqual([expect.stringMatching(new RegExp(`^2: .*${words.replace(/[.*/]/g, '\\$&')}`))])
  })

  it.each([
    ['src-main/hosts/start.ts', "import { connectors } from '#connectors/registry.ts'"],
    ['src-main/connectors/registry.ts', "import { mail } from './mail/index.ts'"],
    [
      'src-main/connectors/mail/deep/x.ts',
      "import { a } from '../parse.ts'\nimport '#connectors/fault.ts'\nimport '../../connector.ts'",
    ],
    ['src-main/engine/x.ts', "import '#connectors/connector.ts'\nimport '#store/store.ts'\nimport { join } from 'node:path'"],
    ['src-main/archive/tree/x.ts', "import '../canonical.ts'\nimport '#ports/index.ts'\nimport { hash } from 'node:crypto'"],
    ['src-main/store/thread.ts', "import D from 'better-sqlite3'\nimport '#shared/model/index.ts'\nimport '#archive/entries.ts'"],
    ['src-main/hosts/electron/x.ts', "import { app } from 'electron'\nimport '../start.ts'"],
    ['src-renderer/ui/x.tsx', "import { useState } from 'react'\nimport '#shared/model/index.ts'"],
    ['test/store/x.test.ts', "import '#store/open.ts'\nimport D from 'better-sqlite3'"],
  ])('lets %s import what is its own', (path, text) => {
    expect(rules(path, text)).toEqual([])
  })

  it('hold in this tree', () => {
    expect(checkLayers(join(import.meta.dirname, '../..'))).toEqual([])
  })
})
