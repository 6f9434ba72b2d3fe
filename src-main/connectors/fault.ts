import { type ProblemCode, ProblemError } from '#shared/model/index.ts'

/**
 * What the engine does about a fault. A passing fault never looks like a lost login:
 * - `login`: the network refused the credentials: stop and ask the person.
 * - `decision`: a person must look (certificate, settings, gone for good): stop and ask.
 * - `transient`: try again with growing pauses.
 * - `rate`: try again at `retryAt`.
 */
export type FaultKind = 'login' | 'decision' | 'transient' | 'rate'

/** A fault of a network, with the sentence to show. */
export class ConnectorFault extends ProblemError {
  readonly kind: FaultKind
  /** Milliseconds since 1970 before which the network is not asked again: `rate`, by its own word; `transient`, where an earlier try is known to be in vain. */
  readonly retryAt: number | null
  /** Of a fault while something was sent: the network certainly has nothing of it. With `decision` it refused it for good. */
  readonly untaken: boolean
  constructor(
    kind: FaultKind,
    code: ProblemCode,
    params: Record<string, string | number> = {},
    options: ErrorOptions & { retryAt?: number; untaken?: boolean } = {},
  ) {
    super(code, params, options)
    this.name = 'ConnectorFault'
    this.kind = kind
    this.retryAt = options.retryAt ?? null
    this.untaken = options.untaken ?? false
  }
}
