import type { OutgoingContent, Party } from '../model/index.ts'

/** One who gets a copy of their own: the values of the template's fields, by name. */
export interface MergeRecipient {
  to: Party
  fields: Record<string, string>
}

/** What a template says where a recipient has nothing for it, or what it cannot mean. */
export class MergeFault extends Error {
  /** Per recipient without a value: the address and the names of the fields. */
  readonly missing: { handle: string; fields: string[] }[]
  constructor(missing: { handle: string; fields: string[] }[]) {
    super(`fields without a value: ${missing.map((one) => `${one.handle} (${one.fields.join(', ')})`).join('; ')}`)
    this.name = 'MergeFault'
    this.missing = missing
  }
}

const FIELD = /\{\{\s*([\p{L}_][\p{L}\p{N}_-]*)\s*\}\}/gu

/** Names of the fields in a template (`{{greeting}}`), each once, in order. */
export function mergeFields(template: string): string[] {
  return [...new Set([...template.matchAll(FIELD)].map((match) => match[1] as string))]
}

/**
 * One mail for each recipient from one text: `{{name}}` and `{{address}}` are the recipient's, all others come from `fields`. Values are put in
 * as they are, once: braces in them are no fields. The subject takes them without line ends. Nobody sees another recipient.
 * @throws MergeFault where a field has no value (or only spaces) for somebody, and before any content is made.
 */
export function mergeContents(
  template: Extract<OutgoingContent, { do: 'publish' }>,
  recipients: MergeRecipient[],
): Extract<OutgoingContent, { do: 'publish' }>[] {
  const wanted = mergeFields(`${template.subject}\n${template.text}`)
  const prepared = recipients.map(({ to, fields }) => {
    const all = new Map(Object.entries({ name: to.name, address: to.handle, ...fields }))
    return { to, all, missing: wanted.filter((name) => (all.get(name) ?? '').trim() === '') }
  })
  const missing = prepared.flatMap(({ to, missing: fields }) => (fields.length === 0 ? [] : [{ handle: to.handle, fields }]))
  if (missing.length > 0) throw new MergeFault(missing)
  return prepared.map(({ to, all }) => {
    const fill = (text: string) => text.replace(FIELD, (_, name: string) => all.get(name) as string)
    return {
      ...template,
      subject: fill(template.subject).replace(/\s*[\r\n]+\s*/g, ' '),
      text: fill(template.text),
      to: [to],
      cc: [],
      bcc: [],
    }
  })
}
