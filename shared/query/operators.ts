import { ConversationState, MessageKind, Network, Voice } from '../model/index.ts'
import type { FilterNode, Where } from './ast.ts'

type Field = FilterNode['field']

/** What stands after an operator: words to look for, a name of something in the office, one of a few values, or a day. */
export type Operator =
  | { name: string; takes: 'words'; where: Exclude<Where, 'anywhere'> }
  | { name: string; takes: 'name'; field: 'identity' | 'account' | 'label' | 'topic' }
  | {
      name: string
      takes: 'choice'
      field: Exclude<Field, 'identity' | 'account' | 'label' | 'topic' | 'lang'>
      choices: string[]
    }
  | { name: string; takes: 'language'; field: 'lang' }
  | { name: string; takes: 'date'; field: 'before' | 'after' | 'on' }

/** Every operator by the one name that it is printed with. */
export const operators: readonly Operator[] = [
  { name: 'from', takes: 'words', where: 'from' },
  { name: 'to', takes: 'words', where: 'to' },
  { name: 'subject', takes: 'words', where: 'subject' },
  { name: 'text', takes: 'words', where: 'text' },
  { name: 'in', takes: 'name', field: 'identity' },
  { name: 'voice', takes: 'choice', field: 'voice', choices: [...Voice.options] },
  { name: 'network', takes: 'choice', field: 'network', choices: [...Network.options] },
  { name: 'kind', takes: 'choice', field: 'kind', choices: [...MessageKind.options] },
  { name: 'account', takes: 'name', field: 'account' },
  { name: 'label', takes: 'name', field: 'label' },
  { name: 'topic', takes: 'name', field: 'topic' },
  { name: 'state', takes: 'choice', field: 'state', choices: [...ConversationState.options, 'snoozed', 'open'] },
  { name: 'lang', takes: 'language', field: 'lang' },
  { name: 'before', takes: 'date', field: 'before' },
  { name: 'after', takes: 'date', field: 'after' },
  { name: 'on', takes: 'date', field: 'on' },
  { name: 'has', takes: 'choice', field: 'has', choices: ['attachment', 'media', 'link'] },
  { name: 'is', takes: 'choice', field: 'is', choices: ['deleted', 'edited', 'outbound', 'unread'] },
]

/** Other names that people try first. They are understood, and printed by the name above. */
const synonyms: Record<string, string> = {
  body: 'text',
  identity: 'in',
  language: 'lang',
  tag: 'label',
  since: 'after',
  until: 'before',
  date: 'on',
}

const byName = new Map(operators.map((operator) => [operator.name, operator]))

/** The operator of a name as typed, in any case; null when there is none, and the text is words like any other. */
export function operatorOf(name: string): Operator | null {
  const plain = name.toLowerCase()
  return byName.get(Object.hasOwn(synonyms, plain) ? (synonyms[plain] ?? plain) : plain) ?? null
}

/** How the operator of a filter, of a day, or of a place to look in is called. */
export function operatorName(field: Field | Where | 'before' | 'after' | 'on'): string {
  return field === 'identity' ? 'in' : field
}
