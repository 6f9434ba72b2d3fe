import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock, Http } from '#ports/index.ts'
import { type Problem, ProblemError } from '#shared/model/index.ts'
import { type OAuthProvider, providers, requestTokens, type Tokens } from './oauth.ts'

export interface SignInRequest {
  provider: 'google' | 'microsoft'
  address: string
  clientId: string
  clientSecret: string | null
}

interface Flow {
  outcome: Promise<{ tokens: Tokens } | { problem: Problem | null }>
  end: (reason: Problem | null) => void
}

/** How long a person may take in the browser. */
const PATIENCE_MS = 15 * 60_000
/** Flows open at once; a person has one. */
const MAX_FLOWS = 10

/**
 * Sign-ins in the person's browser: authorization code with PKCE (RFC 7636) and a redirect to this computer (RFC 8252
 * section 7.3). Each flow listens on a loopback port of its own, takes one answer with its own state, and closes.
 */
export class SignIns {
  private readonly http: Http
  private readonly clock: Clock
  private readonly table: Record<string, OAuthProvider>
  private readonly flows = new Map<string, Flow>()

  constructor(http: Http, clock: Clock, table: Record<'google' | 'microsoft', OAuthProvider> = providers) {
    this.http = http
    this.clock = clock
    this.table = table
  }

  /** Begins a sign-in: `url` is for the browser, `flow` names it afterwards. */
  async begin(request: SignInRequest): Promise<{ flow: string; url: string }> {
    if (this.flows.size >= MAX_FLOWS) await this.close()
    const provider = this.table[request.provider] as OAuthProvider
    const flow = randomBytes(16).toString('hex')
    const state = randomBytes(32).toString('base64url')
    const verifier = randomBytes(48).toString('base64url')
    const server = createServer()
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, '127.0.0.1', resolve)
    })
    const redirect = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const patience = new AbortController()
    let end: Flow['end'] = () => undefined
    const code = new Promise<string>((resolve, reject) => {
      end = (problem) => reject(problem === null ? new GivenUp() : new ProblemError(problem.code, problem.params))
      server.on('request', (incoming, answer) => answerBrowser(incoming, answer, state, resolve, reject))
      this.clock.sleep(PATIENCE_MS, patience.signal).then(
        () => reject(new GivenUp()),
        () => undefined,
      )
    })
    const outcome = code
      .then((value) =>
        requestTokens(
          this.http,
          this.clock,
          { tokenUrl: provider.tokenUrl, clientId: request.clientId, clientSecret: request.clientSecret, scope: provider.scope },
          { grant_type: 'authorization_code', code: value, redirect_uri: redirect, code_verifier: verifier },
          new URL(provider.tokenUrl).hostname,
          patience.signal,
        ),
      )
      .then(
        (tokens) => ({ tokens }),
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
    const url = new URL(provider.authorizeUrl)
    const values = {
      response_type: 'code',
      client_id: request.clientId,
      redirect_uri: redirect,
      scope: provider.scope,
      state,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...(request.address === '' ? {} : { login_hint: request.address }),
      ...provider.extra,
    }
    for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value)
    return { flow, url: url.href }
  }

  /** Resolves when the person finished (`done`), or gave up, or it failed. @throws `not_found` for an unknown flow. */
  async wait(flow: string): Promise<{ done: boolean; problem: Problem | null }> {
    const result = await this.find(flow).outcome
    return 'tokens' in result ? { done: true, problem: null } : { done: false, problem: result.problem }
  }

  /** The secret of a finished flow, once. @throws `not_found` when there is none. */
  async take(flow: string): Promise<string> {
    const result = await this.find(flow).outcome
    this.flows.delete(flow)
    if (!('tokens' in result)) throw new ProblemError('not_found', { what: 'sign-in', id: flow })
    return JSON.stringify(result.tokens)
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
  state: string,
  resolve: (code: string) => void,
  reject: (error: Error) => void,
): void {
  const values = new URL(incoming.url ?? '/', 'http://127.0.0.1').searchParams
  const ours = incoming.method === 'GET' && values.get('state') === state
  const code = values.get('code')
  answer.writeHead(ours ? 200 : 404, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'",
    'cache-control': 'no-store',
    connection: 'close',
  })
  // no words: the program's own window says what happened, in the person's language
  answer.end(ours ? `<!doctype html><title>Dispatch Box</title><p style="font-size:4em">${code === null ? '✕' : '✓'}` : '')
  if (!ours) return
  if (code !== null) resolve(code)
  else if (values.get('error') === 'access_denied') reject(new GivenUp())
  else reject(new ProblemError('login_failed', { host: incoming.headers.host ?? '' }))
}

function shut(server: Server): void {
  server.close()
  server.closeIdleConnections()
}
