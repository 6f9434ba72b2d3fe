import type { Clock, Http } from '#ports/index.ts'
import { newProof } from '../kit/pkce.ts'
import type { BrowserLogin } from '../kit/sign-in.ts'
import { type OAuthProvider, providers, requestTokens } from './oauth.ts'

export interface MailLoginRequest {
  provider: 'google' | 'microsoft'
  address: string
  clientId: string
  clientSecret: string | null
}

/** Signs in to mail at a provider: authorization code with PKCE, for the client that the office registered there. */
export function mailLogin(
  http: Http,
  clock: Clock,
  request: MailLoginRequest,
  table: Record<'google' | 'microsoft', OAuthProvider> = providers,
): BrowserLogin {
  const provider = table[request.provider]
  return {
    visit: (redirect) => {
      const { state, verifier, challenge } = newProof()
      const url = new URL(provider.authorizeUrl)
      const values = {
        response_type: 'code',
        client_id: request.clientId,
        redirect_uri: redirect,
        scope: provider.scope,
        state,
        code_challenge: challenge,
        code_challenge_method: 'S256',
        ...(request.address === '' ? {} : { login_hint: request.address }),
        ...provider.extra,
      }
      for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value)
      const client = {
        tokenUrl: provider.tokenUrl,
        clientId: request.clientId,
        clientSecret: request.clientSecret,
        scope: provider.scope,
      }
      return Promise.resolve({
        url: url.href,
        state,
        finish: async (answer, signal) => {
          const code = answer.get('code') ?? ''
          const grant = { grant_type: 'authorization_code', code, redirect_uri: redirect, code_verifier: verifier }
          const tokens = await requestTokens(http, clock, client, grant, new URL(provider.tokenUrl).hostname, signal)
          return { secret: JSON.stringify(tokens), settings: null, label: null }
        },
      })
    },
  }
}
