import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import * as parts from '#shared/contract/index.ts'
import * as model from '#shared/model/index.ts'

const source = readFileSync(join(import.meta.dirname, '../../shared/contract/contract.ts'), 'utf8')

/** Shapes that have a name of their own, so that the calls can refer to them. */
const named = new Map<unknown, string>()
for (const [name, value] of [...Object.entries(model), ...Object.entries(parts)]) {
  if (value instanceof z.ZodType) named.set(value, name)
}

interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  items?: Schema
  pattern?: string
  format?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  minItems?: number
  maxItems?: number
}

/** @param own The shape whose parts are wanted even if it has a name. */
function schemaOf(shape: z.ZodType, own: boolean): Schema {
  return z.toJSONSchema(shape, {
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
    override: ({ zodSchema, jsonSchema, path }) => {
      const name = named.get(zodSchema)
      if (name !== undefined && (!own || path.length > 0)) {
        for (const key of Object.keys(jsonSchema)) delete jsonSchema[key as keyof typeof jsonSchema]
        jsonSchema.$ref = name
      } else if (Object.keys(jsonSchema).length === 0) jsonSchema.$ref = 'Bytes'
    },
  }) as Schema
}

/** A shape in the words of a type. */
function words(schema: Schema): string {
  if (schema.$ref !== undefined) return schema.$ref
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if ('const' in schema) return JSON.stringify(schema.const)
  const either = schema.anyOf ?? schema.oneOf
  if (either) return either.map(words).join(' | ')
  if (schema.type === 'array') return `${grouped(schema.items ?? {})}[]${range(schema.minItems, schema.maxItems)}`
  if (schema.properties) {
    const fields = Object.entries(schema.properties).map(
      ([name, field]) => `${name}${schema.required?.includes(name) ? '' : '?'}: ${words(field)}`,
    )
    return fields.length === 0 ? '{}' : `{ ${fields.join('; ')} }`
  }
  if (schema.type === 'object') {
    return typeof schema.additionalProperties === 'object' ? `{ [name]: ${words(schema.additionalProperties)} }` : '{}'
  }
  if (schema.type === 'string') return `${schema.format ?? 'string'}${range(schema.minLength, schema.maxLength)}`
  if (schema.type === 'integer') return `integer${range(schema.minimum ?? schema.exclusiveMinimum, schema.maximum)}`
  return Array.isArray(schema.type) ? schema.type.join(' | ') : (schema.type ?? 'any')
}

function grouped(schema: Schema): string {
  const text = words(schema)
  return text.includes(' | ') && !text.startsWith('{') ? `(${text})` : text
}

function range(least: number | undefined, most: number | undefined): string {
  const low = least !== undefined && least > Number.MIN_SAFE_INTEGER && least !== 0 ? String(least) : ''
  const high = most !== undefined && most < Number.MAX_SAFE_INTEGER ? String(most) : ''
  return low || high ? ` (${low}..${high})` : ''
}

/** The comment right above a line of the contract, as one line. */
function commentAbove(line: RegExp): string {
  const lines = source.split('\n')
  const at = lines.findIndex((text) => line.test(text))
  if (at < 1 || !/\*\/\s*$/.test(lines[at - 1] ?? '')) return ''
  let from = at - 1
  while (from > 0 && !lines[from]?.includes('/**')) from--
  const inside = lines.slice(from, at).map((text) => text.replace(/^\s*(\/\*\*|\*\/|\*)?\s?/, '').replace(/\s*\*\/\s*$/, ''))
  return inside.join(' ').trim()
}

interface Described {
  '~orpc': { inputSchema?: z.ZodType; outputSchema?: z.ZodType }
}

/** `docs/contract.md`, derived from the contract itself. */
export function contractDocument(): string {
  const out = [
    '# The contract',
    '',
    'Every call between a window (or the command line) and the engine, on every transport. Derived from `shared/contract` by',
    '`test/contract/document.test.ts`; after a change run `npx vitest run test/contract/document.test.ts -u`.',
    '',
    `A call may carry ${parts.MAX_CALL_BYTES} bytes, an answer ${parts.MAX_ANSWER_BYTES}; a connection may have ${parts.MAX_OPEN_CALLS} calls open. Every`,
    'refusal and failure is a `Fault`: a code from `docs/errors.md` and the values of its sentence. Refused by the transport itself:',
    '`unknown_call`, `bad_request` (names the place, never the value), `too_large`, `forbidden_sender`; on the side of the caller:',
    '`disconnected`. What nobody foresaw is `internal`, with a number that finds the entry in the log.',
    '',
  ]
  for (const [topic, calls] of Object.entries(parts.contract)) {
    out.push(`## ${topic}`, '')
    for (const [call, described] of Object.entries(calls as Record<string, Described>)) {
      const { inputSchema, outputSchema } = described['~orpc']
      const comment = commentAbove(new RegExp(`^    ${call}: call`))
      out.push(`### ${topic}.${call}`, '')
      if (comment) out.push(comment, '')
      out.push(`- in: ${code(inputSchema)}`, `- out: ${code(outputSchema)}`, '')
    }
  }
  out.push('## Shapes', '')
  for (const [shape, name] of [...named].sort(([, a], [, b]) => (a < b ? -1 : 1))) {
    const comment = commentAbove(new RegExp(`^export const ${name} =`))
    out.push(`- **${name}** \`${words(schemaOf(shape as z.ZodType, true))}\`${comment ? ` ${comment}` : ''}`)
  }
  out.push('- **Bytes** raw bytes with a media type (a Blob)', '')
  return out.join('\n')
}

function code(shape: z.ZodType | undefined): string {
  if (shape === undefined) return 'nothing'
  if (!(shape instanceof z.ZodType)) return events(shape)
  const inner = shape instanceof z.ZodOptional ? shape.unwrap() : shape
  const text = words(schemaOf(inner as z.ZodType, false))
  return text === '{}' ? 'nothing' : `\`${text}\``
}

/** Event streams are wrapped by the contract's own library, which keeps the shape of one event. */
function events(_stream: never): string {
  return 'a stream of `Change`'
}
