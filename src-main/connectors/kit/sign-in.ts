import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '#ports/index.ts'
import { type AccountSettings, type Problem, ProblemError } from '#shared/model/index.ts'

/** How one network signs people in through their browser. */
export interface BrowserLogin {
  /**
   * Prepares the visit (registers a client where the network wants one).
   * @param redirect where the browser comes back to: `http://127.0.0.1:PORT/`, on which the flow listens already.
   * @throws ConnectorFault what the network said; nothing was begun.
   */
  visit(redirect: string, signal: AbortSignal): Promise<BrowserVisit>
}

export interface BrowserVisit {
  /** For the browser. */
  url: string
  /** What the answer must carry as `state`: an answer without it is not for us. */
  state: string
  /**
   * Turns the browser's answer (its query, with a `code`) into what is kept. Called once.
   * @throws ProblemError why that cannot be.
   */
  finish(answer: URLSearchParams, signal: AbortSignal): Promise<SignedIn>
}

/** What a finished sign-in gives. */
export interface SignedIn {
  /** As the connector keeps it in the keychain. */
  secret: string
  /** The account that was signed in to; null where only the person knows its settings (mail). */
  settings: AccountSettings | null
  /** A title to suggest for it; null where there is none. */
  label: string | null
}

interface Flow {
  outcome: Promise<{ signedIn: SignedIn } | { problem: Problem | null }>
  end: (reason: Problem | null) => void
}

/** How long a person may take in the browser. */
const PATIENCE_MS = 15 * 60_000
/** Flows open at once; a person has one. */
const MAX_FLOWS = 10

/**
 * Sign-ins in the person's browser, with a redirect to this computer (RFC 8252 section 7.3). Each flow listens on a loopback port of
 * its own, takes one answer with its own state, and closes.
 */
export class SignIns {
  private readonly clock: Clock
  private readonly flows = new Map<string, Flow>()

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** Begins a sign-in: `url` is for the browser, `flow` names it afterwards. @throws what `login.visit` throws. */
  async begin(login: BrowserLogin): Promise<{ flow: string; url: string }> {
    if (this.flows.size >= MAX_FLOWS) await this.close()
    const flow = randomBytes(16).toString('hex')
    const server = createServer()
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, '127.0.0.1', resolve)
    })
    const patience = new AbortController()
    const redirect = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const visit = await login.visit(redirect, patience.signal).catch((error: unknown) => {
      shut(server)
      throw error
    })
    let end: Flow['end'] = () => undefined
    const answered = new Promise<URLSearchParams>((resolve, reject) => {
      end = (problem) => reject(problem === null ? new GivenUp() : new ProblemError(problem.code, problem.params))
      server.on('request', (incoming, answer) => answerBrowser(incoming, answer, visit, resolve, reject))
      this.clock.sleep(PATIENCE_MS, patience.signal).then(
        () => reject(new GivenUp()),
        () => undefined,
      )
    })
    const outcome = answered
      .then((answer) => visit.finish(answer, patience.signal))
      .then(
        (signedIn) => ({ signedIn }),
        (error: unknown) => {
          if (error instanceof GivenUp) return { problem: null }
          if (error instanceof ProblemError) return { problem: error.toProblem() }
          throw error
        },
      )
      .finally(() => {
        patience.abort()
        shut(server)
      })
    outcome.catch(() => undefined)
    this.flows.set(flow, { outcome, end })
    return { flow, url: visit.url }
  }

  /** Resolves when the person finished (`done`), or gave up, or it failed. @throws `not_found` for an unknown flow. */
  async wait(flow: string): Promise<{ done: boolean; problem: Problem | null }> {
    const result = await this.find(flow).outcome
    return 'signedIn' in result ? { done: true, problem: null } : { done: false, problem: result.problem }
  }

  /** What a finished flow gave, once. @throws `not_found` when there is none. */
  async take(flow: string): Promise<SignedIn> {
    const result = await this.find(flow).outcome
    this.flows.delete(flow)
    if (!('signedIn' in result)) throw new ProblemError('not_found', { what: 'sign-in', id: flow })
    return result.signedIn
  }

  /** Ends every flow that is still open. */
  async close(): Promise<void> {
    const open = [...this.flows.values()]
    this.flows.clear()
    for (const flow of open) flow.end(null)
    await Promise.allSettled(open.map((flow) => flow.outcome))
  }

  private find(flow: string): Flow {
    const found = this.flows.get(flow)
    if (found === undefined) throw new ProblemError('not_found', { what: 'sign-in', id: flow })
    return found
  }
}

/** The person did not finish. */
class GivenUp extends Error {}

/** One answer from the browser. What does not carry our state is not for us, and changes nothing. */
function answerBrowser(
  incoming: IncomingMessage,
  answer: ServerResponse,
  { state }: BrowserVisit,
  resolve: (answer: URLSearchParams) => void,
  reject: (error: Error) => void,
): void {
  const values = new URL(incoming.url ?? '/', 'http://127.0.0.1').searchParams
  const ours = incoming.method === 'GET' && values.get('state') === state
  const done = values.get('code') !== null
  answer.writeHead(ours ? 200 : 404, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'",
    'cache-control': 'no-store',
    connection: 'close',
  })
  // no words: the program's own window says what happened, in the person's language
  answer.end(ours ? `<!doctype html><title>Dispatch Box</title><p style="font-size:4em">${done ? '✓' : '✕'}` : '')
  if (!ours) return
  if (done) resolve(values)
  else if (values.get('error') === 'access_denied') reject(new GivenUp())
  else reject(new ProblemError('login_failed', { host: incoming.headers.host ?? '' }))
}

function shut(server: Server): void {
  server.close()
  server.closeIdleConnections()
}
