import { lexicons } from '@atproto/api'

/** Judges what a stand-in of the tests is asked and answers by the network's own schemas. */

/** @throws where the values of a request do not fit the call's lexicon. */
export function judgeParams(method: string, params: URLSearchParams): void {
  const known = lexicons.getDefOrThrow(method, ['query', 'procedure'])
  const shapes = (known.parameters?.properties ?? {}) as Record<string, { type: string }>
  const values = Object.fromEntries(
    [...new Set(params.keys())].map((name) => {
      const shape = shapes[name]
      if (shape === undefined) throw new Error(`${method} has no ${name}`)
      const all = params.getAll(name)
      return [name, shape.type === 'array' ? all : shape.type === 'integer' ? Number(all[0]) : all[0]]
    }),
  )
  lexicons.assertValidXrpcParams(method, values)
}

/** @throws where a body does not fit. */
export function judgeInput(method: string, body: unknown): void {
  lexicons.assertValidXrpcInput(method, body)
}

/** @throws where an answer does not fit. */
export function judgeOutput(method: string, body: unknown): void {
  lexicons.assertValidXrpcOutput(method, body)
}
