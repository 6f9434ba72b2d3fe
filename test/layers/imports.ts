import { dotted, literal, type Node, parse } from './ast.ts'
import { lineOf, type SourceFile } from './tree.ts'

/** One mention of another module. `specifier` is null where it is computed at run time. */
export interface Import {
  specifier: string | null
  line: number
}

/** Calls that take a module's name first: loading, resolving, and the test runner's replacing. */
const loaders = new Set(['require', 'require.resolve', 'import.meta.resolve', 'vi.mock', 'vi.doMock', 'vi.importActual'])

/**
 * Every form in which a file can reach another: `import`, `import type`, `export ... from`, `import()`, `import('x').T`
 * in types, `import x = require()`, `require`, `createRequire(...)('x')`, and `new URL('x', import.meta.url)` for workers.
 */
export function importsOf({ path, text }: SourceFile): Import[] {
  return parse(path, text).nodes.flatMap((node) => {
    const target = targetOf(node)
    return target === undefined ? [] : [{ specifier: literal(target), line: lineOf(text, node.start) }]
  })
}

/** The node that names the other module; undefined when the node names none. */
function targetOf(node: Node): unknown {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return node['source']
    case 'ExportNamedDeclaration':
      return node['source'] ?? undefined
    case 'TSExternalModuleReference':
      return node['expression']
    case 'CallExpression': {
      const [first] = node['arguments'] as Node[]
      const callee = node['callee'] as Node
      const made = callee.type === 'CallExpression' && /(^|\.)createRequire$/.test(dotted(callee['callee']))
      return made || loaders.has(dotted(callee)) ? (first ?? null) : undefined
    }
    case 'NewExpression': {
      const [first, base] = node['arguments'] as Node[]
      if (dotted(node['callee']) !== 'URL' || dotted(base) !== 'import.meta.url') return undefined
      return literal(first)?.startsWith('.') ? first : undefined
    }
    default:
      return undefined
  }
}
