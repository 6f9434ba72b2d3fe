import { parseSync } from 'vite'

/** A node of the syntax tree, as far as the checks look at it. */
export interface Node {
  type: string
  start: number
  end: number
  [key: string]: unknown
}

export interface Comment {
  start: number
  end: number
  value: string
}

export interface Parsed {
  /** Every node, parents before children. */
  nodes: Node[]
  comments: Comment[]
}

/** @throws when the file does not parse. */
export function parse(path: string, text: string): Parsed {
  const result = parseSync(path, text)
  if (result.errors.length > 0) throw new Error(`${path}: ${result.errors[0]?.message}`)
  const nodes: Node[] = []
  const visit = (value: unknown) => {
    if (Array.isArray(value)) for (const item of value) visit(item)
    else if (isNode(value)) {
      nodes.push(value)
      for (const child of Object.values(value)) visit(child)
    }
  }
  visit(result.program.body)
  return { nodes, comments: result.comments }
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
}

/** The text of a string literal or a template without holes; null for anything that is only known at run time. */
export function literal(value: unknown): string | null {
  if (!isNode(value)) return null
  if (value.type === 'TSLiteralType') return literal(value['literal'])
  if (value.type === 'Literal' && typeof value['value'] === 'string') return value['value']
  if (value.type !== 'TemplateLiteral' || (value['expressions'] as unknown[]).length > 0) return null
  const [quasi] = value['quasis'] as { value: { cooked: string } }[]
  return quasi?.value.cooked ?? null
}

/** `a.b.c` as written, for names and members; an empty string for other expressions. */
export function dotted(value: unknown): string {
  if (!isNode(value)) return ''
  if (value.type === 'Identifier') return String(value['name'])
  if (value.type === 'MetaProperty') return 'import.meta'
  if (value.type !== 'MemberExpression' || value['computed'] === true) return ''
  const object = dotted(value['object'])
  return object === '' ? '' : `${object}.${dotted(value['property'])}`
}
