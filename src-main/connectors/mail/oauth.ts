import { z } from 'zod'
import type { Clock, Http } from '#ports/index.ts'
import type { MailSettings } from '#shared/model/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import type { Context } from '../connector.ts'
import { ConnectorFault } from '../fault.ts'

/** Where a provider signs people in (RFC 6749 sections 3.1 and 3.2), and what reading and sending mail is called there. */
export interface OAuthProvider {
  authorizeUrl: string
  tokenUrl: string
  scope: string
  /** Further query values, as the provider's manual asks for. */
  extra: Record<string, string>
}

export const providers: Record<'google' | 'microsoft', OAuthProvider> = {
  google: {
    authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
    tokenUrl: 'https://oauth2.googleapis.com/token',
    scope: 'https://mail.google.com/',
    // without these Google gives no refresh token a second time
    extra: { access_type: 'offline', prompt: 'consent' },
  },
  microsoft: {
    authorizeUrl: 'https://login.microsoftonline.com/common/oauth2/v2.0/authorize',
    tokenUrl: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
    scope: 'offline_access https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send',
    extra: { prompt: 'select_account' },
  },
}

/** The secret of an account that signs in by OAuth2, as JSON in the keychain. */
const Tokens = z.object({
  tokenUrl: z.string().min(1),
  clientId: z.string().min(1),
  clientSecret: z.string().nullable(),
  scope: z.string(),
  accessToken: z.string().min(1),
  refreshToken: z.string().min(1),
  /** Milliseconds since 1970. */
  expiresAt: z.number(),
})
export type Tokens = z.infer<typeof Tokens>

/** A token that ends sooner than this is renewed first, so that it lasts through the sign-in. */
const SPARE_MS = 60_000
const MAX_ANSWER_BYTES = 256 * 1024
const TIMEOUT_MS = 30_000

/**
 * A usable access token of the account, renewed when it has ended or `force` asks for it.
 * @throws ConnectorFault `login` / `login_expired` when the provider withdrew the sign-in, `secret_missing`; `transient` when it is out of order.
 */
export async function accessToken(context: Context<MailSettings>, signal: AbortSignal, force: boolean): Promise<string> {
  const { host } = context.settings.imap
  const secret = await context.secret()
  if (secret === null) throw new ConnectorFault('login', 'secret_missing')
  const tokens = readTokens(secret)
  if (tokens === null) throw new ConnectorFault('login', 'login_expired', { host })
  if (!force && tokens.expiresAt - SPARE_MS > context.clock.now()) return tokens.accessToken
  const renewed = await requestTokens(
    context.http,
    context.clock,
    tokens,
    {
      grant_type: 'refresh_token',
      refresh_token: tokens.refreshToken,
      scope: tokens.scope,
    },
    host,
    signal,
  )
  await context.setSecret(JSON.stringify(renewed))
  return renewed.accessToken
}

function readTokens(secret: string): Tokens | null {
  try {
    return Tokens.parse(JSON.parse(secret))
  } catch (error) {
    // a password from before the account changed its way to sign in
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null
    throw error
  }
}

const Answer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  expires_in: z.coerce.number().positive().max(31_536_000).default(3600),
})
const Refusal = z.object({ error: z.string() })

/**
 * Asks the token endpoint (RFC 6749 section 5). Neither tokens nor the provider's words get into a fault.
 * @throws ConnectorFault
 */
export async function requestTokens(
  http: Http,
  clock: Clock,
  client: Pick<Tokens, 'tokenUrl' | 'clientId' | 'clientSecret' | 'scope'> & { refreshToken?: string },
  grant: Record<string, string>,
  host: string,
  signal: AbortSignal,
): Promise<Tokens> {
  const body = new URLSearchParams({
    client_id: client.clientId,
    ...(client.clientSecret === null ? {} : { client_secret: client.clientSecret }),
    ...grant,
  })
  const response = await http
    .fetch({
      url: client.tokenUrl,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: body.toString(),
      maxBytes: MAX_ANSWER_BYTES,
      timeoutMs: TIMEOUT_MS,
      maxRedirects: 0,
      signal,
    })
    .catch((error: unknown) => {
      if (error instanceof ProblemError) throw new ConnectorFault('transient', error.code, error.params)
      throw error
    })
  const text = Buffer.from(response.body).toString('utf8')
  if (response.status === 200) {
    const answer = Answer.safeParse(parseJson(text))
    const refreshToken = answer.data?.refresh_token ?? client.refreshToken
    if (!answer.success || refreshToken === undefined)
      throw new ConnectorFault('transient', 'protocol', { host, detail: 'token' })
    return {
      tokenUrl: client.tokenUrl,
      clientId: client.clientId,
      clientSecret: client.clientSecret,
      scope: client.scope,
      accessToken: answer.data.access_token,
      refreshToken,
      expiresAt: clock.now() + answer.data.expires_in * 1000,
    }
  }
  if (response.status === 429)
    throw new ConnectorFault(
      'rate',
      'rate_limited',
      { host },
      { retryAt: clock.now() + retryAfter(response.headers['retry-after']) },
    )
  const refusal = Refusal.safeParse(parseJson(text))
  const code = refusal.success ? refusal.data.error : ''
  // RFC 6749 section 5.2: only these mean that the person must sign in again
  if (response.status < 500 && ['invalid_grant', 'invalid_client', 'unauthorized_client', 'interaction_required'].includes(code))
    throw new ConnectorFault('login', 'login_expired', { host })
  throw new ConnectorFault('transient', 'server_error', { host, detail: `HTTP ${response.status}` })
}

function retryAfter(seconds: string | undefined): number {
  const wait = Number(seconds)
  return (Number.isFinite(wait) && wait > 0 ? Math.min(wait, 86_400) : 60) * 1000
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
