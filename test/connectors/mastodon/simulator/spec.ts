import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'

interface Operation {
  parameters?: { name: string; in: string }[]
  requestBody?: { content: Record<string, unknown> }
  responses: Record<string, { content?: Record<string, unknown> }>
}
interface Document {
  paths: Record<string, Record<string, Operation>>
}

/** The description of Mastodon's API that the project is given beside its repository. */
const specFile = ['..', '../..']
  .map((up) => join(import.meta.dirname, '../../../..', up, 'shared/specs/mastodon/openapi.json'))
  .find((file) => existsSync(file))

/** Where the description is not there, servers answer all the same and nothing is held against it. */
export function openSpec(): Spec | null {
  return specFile === undefined ? null : new Spec(specFile)
}

/** Addresses that a client may ask for and that no description of the API has. */
const beside = /^\/(\.well-known\/webfinger|media\/|avatar|header)/

/** Holds what goes over the wire against the description: requests of the connector, and the answers that the test's server makes up. */
export class Spec {
  readonly #document: Document
  readonly #ajv: Ajv2020
  readonly #compiled = new Map<string, ValidateFunction>()
  readonly #paths: { parts: string[]; path: string }[]
  #faults: string[] = []
  /** Operations that were seen, as `GET /path 200`. */
  readonly seen = new Set<string>()

  constructor(file: string) {
    // where it offers two shapes, a quote say, one of them often fits the other's too
    this.#document = JSON.parse(readFileSync(file, 'utf8').replaceAll('"oneOf"', '"anyOf"')) as Document
    this.#ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false })
    this.#ajv.addSchema(this.#document, 'spec')
    this.#paths = Object.keys(this.#document.paths).map((path) => ({ parts: path.split('/'), path }))
  }

  /** What did not fit since it was last asked, in words. */
  takeFaults(): string[] {
    const faults = this.#faults
    this.#faults = []
    return faults
  }

  request(method: string, url: URL, type: string, body: unknown): void {
    if (beside.test(url.pathname)) return
    const found = this.#find(method, url.pathname)
    if (!found) {
      this.#fault(`${method} ${url.pathname} is not described`)
      return
    }
    const known = new Set((found.operation.parameters ?? []).map(({ name }) => name.replace(/\[\]$/, '')))
    for (const name of url.searchParams.keys())
      if (!known.has(name.replace(/\[\]$/, ''))) this.#fault(`${method} ${found.path}: no parameter ${name}`)
    if (body === undefined) return
    const media = type.split(';')[0]?.trim() ?? ''
    if (!found.operation.requestBody?.content[media]) {
      this.#fault(`${method} ${found.path}: no body of ${media}`)
      return
    }
    if (media !== 'application/json') return
    const at = ['paths', found.path, method.toLowerCase(), 'requestBody', 'content', media, 'schema']
    this.#check(`${method} ${found.path} request`, at, body)
  }

  answer(method: string, url: URL, status: number, body: unknown): void {
    if (beside.test(url.pathname)) return
    const found = this.#find(method, url.pathname)
    if (!found) return
    const response = found.operation.responses[String(status)]
    if (!response) {
      this.#fault(`${method} ${found.path}: no answer ${status}`)
      return
    }
    this.seen.add(`${method} ${found.path} ${status}`)
    if (!response.content?.['application/json']) return
    const at = ['paths', found.path, method.toLowerCase(), 'responses', String(status), 'content', 'application/json', 'schema']
    this.#check(`${method} ${found.path} ${status}`, at, body)
  }

  #check(what: string, at: string[], value: unknown): void {
    const pointer = at.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')
    let validate = this.#compiled.get(pointer)
    if (!validate) {
      validate = this.#ajv.compile({ $ref: `spec#/${pointer}` })
      this.#compiled.set(pointer, validate)
    }
    if (!validate(value)) this.#fault(`${what}: ${this.#ajv.errorsText(validate.errors)}`)
  }

  #fault(text: string): void {
    if (this.#faults.length < 50) this.#faults.push(text)
  }

  #find(method: string, pathname: string): { path: string; operation: Operation } | null {
    const parts = pathname.split('/')
    const fits = this.#paths.filter(
      (one) =>
        one.parts.length === parts.length && one.parts.every((part, index) => part.startsWith('{') || part === parts[index]),
    )
    // A path that names more comes before one with a place to fill (`/accounts/lookup`, `/accounts/{id}`).
    fits.sort(
      (a, b) => a.parts.filter((part) => part.startsWith('{')).length - b.parts.filter((part) => part.startsWith('{')).length,
    )
    for (const { path } of fits) {
      const operation = this.#document.paths[path]?.[method.toLowerCase()]
      if (operation) return { path, operation }
    }
    return null
  }
}
