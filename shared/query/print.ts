import type { QueryNode } from './ast.ts'
import { operatorName } from './operators.ts'

const keywords = new Set(['AND', 'OR', 'NOT'])

/** What stands after an operator, in quotation marks where it needs them. A name with such a mark inside cannot be written. */
export function printValue(value: string): string {
  return value === '' || /[\s()"]/u.test(value) ? `"${value.replaceAll('"', ' ')}"` : value
}

/** A query as text, in the one way that the program writes it: parsed again it asks for the same. */
export function printQuery(node: QueryNode): string {
  switch (node.kind) {
    case 'words': {
      const place = node.where === 'anywhere' ? '' : `${operatorName(node.where)}:`
      const star = node.prefix ? '*' : ''
      if (node.exact) return `${place}"${node.words.join(' ')}"${star}`
      // Words that were typed without a blank between are looked for side by side.
      const words = node.words.join('-')
      return `${place}${place === '' && star === '' && keywords.has(words) ? '.' : ''}${words}${star}`
    }
    case 'filter':
      return `${operatorName(node.field)}:${printValue(node.value)}`
    case 'date':
      return `${node.field}:${printValue(node.value)}`
    case 'not':
      return `-${bracketed(node.part, node.part.kind === 'not' || node.part.kind === 'or' || node.part.kind === 'and')}`
    case 'or':
      return node.parts.map((part) => bracketed(part, part.kind === 'and')).join(' OR ')
    case 'and':
      return node.parts.length === 0 ? '*' : node.parts.map(printQuery).join(' ')
  }
}

function bracketed(node: QueryNode, needed: boolean): string {
  return needed ? `(${printQuery(node)})` : printQuery(node)
}
