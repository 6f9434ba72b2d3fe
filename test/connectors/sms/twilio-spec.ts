import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'

/**
 * A judge of requests and answers by Twilio's own description of its interface (`test/fixtures/twilio/messages.json`). What it finds goes
 * into `faults`: a test that ends with any has failed, whoever was wrong, the connector or the server of the test.
 */
interface Operation {
  parameters?: { name: string; in: string; schema: object; required?: boolean }[]
  requestBody?: { content: Record<string, { schema: { properties: Record<string, object>; required?: string[] } }> }
  responses: Record<string, { content?: Record<string, { schema: object }> }>
}
interface Description {
  paths: Record<string, Partial<Record<'get' | 'post' | 'delete', Operation>>>
  components: { schemas: Record<string, object> }
}

const file = join(import.meta.dirname, '../../fixtures/twilio/messages.json')
const description = JSON.parse(readFileSync(file, 'utf8')) as Description

const ajv = new Ajv({ strict: false, coerceTypes: false, validateFormats: false, allErrors: true })
ajv.addSchema({ $id: 'twilio', ...description })
const compiled = new Map<object, ValidateFunction>()

/** References inside the description, seen from a schema that is taken out of it. */
function absolute(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(absolute)
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string' ? `twilio${value}` : absolute(value),
    ]),
  )
}

function judge(schema: object, value: unknown, where: string): string[] {
  let check = compiled.get(schema)
  if (!check) {
    check = ajv.compile(absolute(schema) as object)
    compiled.set(schema, check)
  }
  if (check(value)) return []
  return (check.errors ?? []).map(({ instancePath, message }) => `${where}${instancePath} ${message}`)
}

/** Words of a query or form in the types of the description. */
function typed(schema: object, text: string): unknown {
  const type = 'type' in schema ? schema.type : null
  if (type === 'integer' || type === 'number') return /^-?\d+$/.test(text) ? Number(text) : text
  return type === 'array' ? [text] : text
}

/** The operation of a request, and the parts of its path by name; null where the description knows none. */
function operationOf(method: string, path: string): { operation: Operation; names: Record<string, string> } | null {
  for (const [template, operations] of Object.entries(description.paths)) {
    const keys = [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
    const pattern = template.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '([^/]+?)')
    const match = new RegExp(`^${pattern}$`).exec(path)
    const operation = operations[method.toLowerCase() as 'get']
    if (match && operation) return { operation, names: Object.fromEntries(keys.map((key, at) => [key, match[at + 1] ?? ''])) }
  }
  return null
}

export function judgeRequest(method: string, url: URL, form: URLSearchParams | null): string[] {
  const found = operationOf(method, url.pathname)
  const where = `${method} ${url.pathname}`
  if (!found) return [`${where}: not in the description`]
  const { operation, names } = found
  const parameters = operation.parameters ?? []
  const faults: string[] = []
  for (const { name, in: place, schema, required } of parameters) {
    const text = place === 'path' ? names[name] : place === 'query' ? url.searchParams.get(name) : null
    if (text == null) faults.push(...(required ? [`${where}: ${name} is missing`] : []))
    else faults.push(...judge(schema, typed(schema, text), `${where}: ${name}`))
  }
  for (const name of url.searchParams.keys())
    if (!parameters.some((one) => one.in === 'query' && one.name === name)) faults.push(`${where}: unknown parameter ${name}`)
  if (form === null) return faults
  const body = operation.requestBody?.content['application/x-www-form-urlencoded']?.schema
  for (const [name, text] of form) {
    const schema = body?.properties[name]
    if (!schema) faults.push(`${where}: unknown field ${name}`)
    else faults.push(...judge(schema, typed(schema, text), `${where}: ${name}`))
  }
  for (const name of body?.required ?? []) if (!form.has(name)) faults.push(`${where}: ${name} is missing`)
  return faults
}

export function judgeAnswer(method: string, path: string, status: number, value: unknown): string[] {
  const found = operationOf(method, path)
  const schema = found?.operation.responses[String(status)]?.content?.['application/json']?.schema
  return schema ? judge(schema, value, `answer to ${method} ${path}: `) : []
}
