import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import { importsOf } from './imports.ts'
import type { SourceFile, Violation } from './tree.ts'

/**
 * The layers of the program, most specific folder first. `to` names the layers a file may import besides its own,
 * `packages` the npm packages (a trailing `/` allows a whole scope), `node` whether Node's own modules are there.
 */
interface Layer {
  name: string
  folder: string
  to: string[]
  packages: string[] | 'any'
  node: boolean
}

const engineSide = ['archive', 'voices', 'store', 'connectors']
const everything = ['shared', 'ports', ...engineSide, 'engine', 'service', 'hosts', 'renderer', 'bench', 'test', 'connector']
const hostPackages = ['@orpc/', 'commander', 'keytar', 'ws', 'zod']

const layers: Layer[] = [
  { name: 'shared', folder: 'shared', to: [], packages: ['zod', '@orpc/'], node: false },
  { name: 'ports', folder: 'src-main/ports', to: ['shared'], packages: [], node: false },
  {
    name: 'archive',
    folder: 'src-main/archive',
    to: ['ports', 'shared'],
    packages: ['@noble/curves', '@noble/hashes', 'zod'],
    node: true,
  },
  { name: 'voices', folder: 'src-main/voices', to: ['ports', 'shared'], packages: ['zod'], node: true },
  {
    name: 'store',
    folder: 'src-main/store',
    to: ['archive', 'ports', 'shared'],
    packages: ['better-sqlite3', 'zod'],
    node: true,
  },
  {
    name: 'connectors',
    folder: 'src-main/connectors',
    to: ['ports', 'shared'],
    packages: [
      '@ipld/dag-cbor',
      'htmlparser2',
      'iconv-lite',
      'imapflow',
      'libphonenumber-js',
      'multiformats',
      'nodemailer',
      'postal-mime',
      'tlds',
      'yauzl',
      'zod',
    ],
    node: true,
  },
  {
    name: 'engine',
    folder: 'src-main/engine',
    to: [...engineSide, 'ports', 'shared'],
    packages: ['zod'],
    node: true,
  },
  {
    name: 'service',
    folder: 'src-main/service',
    to: ['engine', ...engineSide, 'ports', 'shared'],
    packages: ['@orpc/', 'zod'],
    node: true,
  },
  { name: 'verifier build', folder: 'src-main/hosts/verifier/build', to: [], packages: ['vite'], node: true },
  { name: 'packing', folder: 'src-main/hosts/electron/pack', to: [], packages: ['@electron/fuses'], node: true },
  {
    name: 'hosts',
    folder: 'src-main/hosts',
    to: ['service', 'engine', ...engineSide, 'ports', 'shared'],
    packages: hostPackages,
    node: true,
  },
  {
    name: 'renderer',
    folder: 'src-renderer',
    to: ['shared'],
    packages: [
      '@orpc/',
      '@tanstack/',
      'diff',
      'dompurify',
      'react',
      'react-aria',
      'react-aria-components',
      'react-dom',
      'react-intl',
      'react-stately',
      'zod',
    ],
    node: false,
  },
  { name: 'bench', folder: 'bench', to: everything, packages: 'any', node: true },
  { name: 'test', folder: 'test', to: everything.filter((name) => name !== 'bench'), packages: 'any', node: true },
]

/** Packages that only one folder may touch, whatever its layer allows (tests and measurements excepted, but for none of these `electron`). */
const reserved: { name: string; folder: string }[] = [
  { name: 'electron', folder: 'src-main/hosts/electron' },
  { name: 'better-sqlite3', folder: 'src-main/store' },
  { name: 'keytar', folder: 'src-main/hosts' },
]

const aliases: Record<string, string> = {
  '#shared': 'shared',
  '#ports': 'src-main/ports',
  '#store': 'src-main/store',
  '#archive': 'src-main/archive',
  '#voices': 'src-main/voices',
  '#connectors': 'src-main/connectors',
  '#engine': 'src-main/engine',
  '#service': 'src-main/service',
  '#hosts': 'src-main/hosts',
  '#renderer': 'src-renderer',
}

/** What every connector shares, beside its own folder. */
const connectorCommons = ['src-main/connectors/connector.ts', 'src-main/connectors/fault.ts']
/** What connectors whose messages come from exports share. */
const importKit = 'src-main/connectors/kit'
const registry = 'src-main/connectors/registry.ts'

const inside = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`)
const layerOf = (path: string) => layers.find((layer) => inside(path, layer.folder)) ?? null
/** The connector that a file belongs to; null for what they share. */
const connectorOf = (path: string) => /^src-main\/connectors\/([^/]+)\//.exec(path)?.[1] ?? null

/** Judges one file's imports against the layers of the design. */
export function judgeImports(file: SourceFile): Violation[] {
  const layer = layerOf(file.path)
  if (layer === null) return []
  return importsOf(file).flatMap(({ specifier, line }) => {
    const rule = specifier === null ? judgeComputed(file.path, layer) : judge(file.path, layer, specifier)
    return rule === null ? [] : [{ path: file.path, line, rule }]
  })
}

/** Files that start others by name: that is what they are for. */
const starters = ['src-main/hosts/launch/boot.cjs', 'src-main/hosts/cli/main.ts']

function judgeComputed(path: string, layer: Layer): string | null {
  return layer.packages === 'any' || starters.includes(path) ? null : 'imports a module whose name is only known at run time'
}

function judge(path: string, layer: Layer, specifier: string): string | null {
  const target = resolve(path, specifier)
  return target === null ? judgePackage(path, layer, specifier) : judgeFile(path, layer, specifier, target)
}

/** The path from the top of the project; null for packages and Node's modules. */
function resolve(path: string, specifier: string): string | null {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(path), specifier.replace(/\?.*$/, ''))
  if (!specifier.startsWith('#')) return null
  const [alias = '', ...rest] = specifier.split('/')
  return posix.join(aliases[alias] ?? alias, ...rest)
}

function judgePackage(path: string, layer: Layer, specifier: string): string | null {
  const bare = specifier.replace(/^node:/, '')
  if (specifier.startsWith('node:') || builtinModules.includes(bare)) {
    return layer.node ? null : `${layer.name} knows no Node, but imports ${specifier}`
  }
  const [scope = '', name = ''] = specifier.split('/')
  const pack = scope.startsWith('@') ? `${scope}/${name}` : scope
  const only = reserved.find((entry) => entry.name === pack)
  if (only !== undefined) {
    const allowed = inside(path, only.folder) || (layer.packages === 'any' && pack !== 'electron')
    return allowed ? null : `only ${only.folder} may import ${pack}`
  }
  if (layer.packages === 'any') return null
  const listed = layer.packages.some((entry) => (entry.endsWith('/') ? pack.startsWith(entry) : pack === entry))
  return listed ? null : `${layer.name} may not import the package ${pack}`
}

function judgeFile(path: string, layer: Layer, specifier: string, target: string): string | null {
  const other = layerOf(target)
  if (other === null) {
    const settings = layer.name === 'hosts' || layer.packages === 'any'
    return settings && /^[^/]+\.(json|ts)$/.test(target) ? null : `imports ${specifier}, which belongs to no layer`
  }
  if (target === registry && !['hosts', 'bench', 'test'].includes(layer.name)) return 'only hosts may import the registry'
  if (other === layer) return judgeOwnLayer(path, specifier, target)
  if (!layer.to.includes(other.name)) return `${layer.name} may not import ${other.name} (${specifier})`
  if (specifier.startsWith('.') && layer.packages !== 'any') return `${specifier} crosses a layer: write it with #`
  if (other.name === 'connectors' && !['hosts', 'bench', 'test'].includes(layer.name) && !connectorCommons.includes(target)) {
    return `${layer.name} may only know connectors by their interface, not ${specifier}`
  }
  return null
}

/** Inside a layer: connectors know nothing of each other, and Electron stays in its folder. */
function judgeOwnLayer(path: string, specifier: string, target: string): string | null {
  const from = connectorOf(path)
  const to = connectorOf(target)
  if (from === 'kit' && to !== null && to !== 'kit') return `the kit for imports knows no network, but imports ${specifier}`
  if (from !== null && from !== to && !connectorCommons.includes(target) && !inside(target, importKit)) {
    return `a connector may import only its own folder and the interface, not ${specifier}`
  }
  if (inside(path, 'src-main/connectors') && path !== registry && from === null && to !== null) {
    return `only the registry names connectors, not ${path}`
  }
  const electron = 'src-main/hosts/electron'
  if (inside(target, electron) && inside(path, 'src-main/hosts') && !inside(path, electron)) {
    return 'only the Electron host may import its own files'
  }
  return null
}
