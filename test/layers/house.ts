import { dotted, isNode, type Node, parse } from './ast.ts'
import { lineOf, type SourceFile, type Violation } from './tree.ts'

/** Everything that may stand at the top of the project. A new name here is a decision, not an accident. */
const allowedTop = new Set([
  '.ci/',
  'bench/',
  'docs/',
  'shared/',
  'src-main/',
  'src-renderer/',
  'test/',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'LICENSE',
  'README.md',
  'package.json',
  'package-lock.json',
  '.editorconfig',
  '.gitattributes',
  '.gitignore',
  '.npmrc',
  'biome.json',
  'electron-builder.yml',
  'electron.vite.config.ts',
  'knip.json',
  'tsconfig.base.json',
  'tsconfig.json',
  'vitest.config.ts',
])

/** Files that may be longer than `MAX_LINES`, each with its reason. */
const longFiles: Record<string, string> = {}
const MAX_LINES = 400

/** @returns a violation for every name that has no business at the top. */
export function judgeTop(names: string[]): Violation[] {
  return names
    .filter((name) => !allowedTop.has(name))
    .map((path) => ({ path, line: 1, rule: 'does not belong at the top of the project' }))
}

/** Length, unfinished work, switched-off checks and swallowed errors in one file of code. */
export function judgeCode(file: SourceFile): Violation[] {
  const { nodes, comments } = parse(file.path, file.text)
  const at = (offset: number, rule: string): Violation => ({ path: file.path, line: lineOf(file.text, offset), rule })
  const length = file.text.split('\n').length - 1
  return [
    ...(length > MAX_LINES && !(file.path in longFiles) ? [at(0, `has ${length} lines; ${MAX_LINES} is the most`)] : []),
    ...comments.flatMap((comment) => {
      const word = /\b(TODO|FIXME|XXX|HACK)\b/.exec(comment.value)?.[1]
      if (word !== undefined) return [at(comment.start, `leaves a ${word}`)]
      return /@ts-(ignore|nocheck|expect-error)\b/.test(comment.value) ? [at(comment.start, 'switches the type checker off')] : []
    }),
    ...nodes.flatMap((node) => {
      const rule = judgeNode(node)
      return rule === null ? [] : [at(node.start, rule)]
    }),
  ]
}

function judgeNode(node: Node): string | null {
  if (node.type === 'TSAnyKeyword') return 'uses the type any'
  if (node.type === 'CatchClause' && isNode(node['body']) && (node['body']['body'] as unknown[]).length === 0) {
    return 'swallows an error in an empty catch'
  }
  if (node.type !== 'CallExpression') return null
  const name = dotted(node['callee'])
  if (/^(it|test|describe|suite)(\.\w+)*\.(only|todo|fixme)$/.test(name)) return `leaves ${name} behind`
  const [handler] = node['arguments'] as Node[]
  const swallows = name.endsWith('.catch') || (isNode(node['callee']) && isCatchOf(node['callee']))
  return swallows && handler !== undefined && isEmptyFunction(handler) ? 'swallows an error in an empty catch' : null
}

/** `something().catch`, where the object is no plain name. */
function isCatchOf(callee: Node): boolean {
  return callee.type === 'MemberExpression' && dotted(callee['property']) === 'catch'
}

function isEmptyFunction(node: Node): boolean {
  const body = node['body']
  return isNode(body) && body.type === 'BlockStatement' && (body['body'] as unknown[]).length === 0
}

/** Hosts of package registries: where packages come from is a matter of the machine, not of this project. */
const registries = new RegExp(['registry', '(npmjs\\.org|yarnpkg\\.com|npmmirror\\.com)'].join('\\.'))
/** Folders that exist on one machine only. `/home/user`-like examples are of no machine. */
const machinePaths = new RegExp(
  ['/work', '/root', '/Users/[a-z]+', '/home/(?!user\\b)[a-z]+'].map((path) => `(?<![\\w.~$)}/-])${path}/`).join('|'),
)
const places: { rule: string; pattern: RegExp; except?: RegExp }[] = [
  { rule: 'names a package registry', pattern: registries },
  { rule: 'names a path of one machine', pattern: machinePaths },
  { rule: 'names a file outside the project', pattern: /\.\.\/shared\/electron/, except: /^\.ci\/run$/ },
  { rule: 'has a mark of an unfinished merge', pattern: /^(<{7}|>{7}) /m },
]

/** Places that belong to one machine, in any file that a person reads. */
export function judgeText(file: SourceFile): Violation[] {
  return places.flatMap(({ rule, pattern, except }) => {
    if (except?.test(file.path)) return []
    const found = pattern.exec(file.text)
    return found === null ? [] : [{ path: file.path, line: lineOf(file.text, found.index), rule: `${rule}: ${found[0].trim()}` }]
  })
}

interface LockEntry {
  version?: string
  resolved?: string
  optional?: boolean
  integrity?: string
  link?: boolean
  optionalDependencies?: Record<string, string>
}

/**
 * What `npm ci` needs from the lock file on any machine: every optional package has its entry (npm leaves those out that
 * the registry in use did not list, and `npm ci` then refuses the file), and no entry says where it was fetched from.
 */
export function judgeLock(lock: { packages: Record<string, LockEntry> }): Violation[] {
  const path = 'package-lock.json'
  return Object.entries(lock.packages).flatMap(([place, entry]) => {
    const found: Violation[] = []
    if (entry.resolved !== undefined) found.push({ path, line: 1, rule: `${place} says where it was fetched from` })
    if (place !== '' && entry.integrity === undefined && entry.optional !== true) {
      found.push({ path, line: 1, rule: `${place} has no checksum` })
    }
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      if (!hasEntry(lock.packages, place, name)) found.push({ path, line: 1, rule: `has no entry for ${name}, so npm ci fails` })
    }
    return found
  })
}

/** Looks where Node would: beside the package, then further up. */
function hasEntry(packages: Record<string, LockEntry>, place: string, name: string): boolean {
  for (let at = place; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    if (packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`] !== undefined) return true
    if (at === '') return false
  }
}
