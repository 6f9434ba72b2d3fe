import { createHash, createPrivateKey, generateKeyPairSync, type JsonWebKey, randomBytes, sign } from 'node:crypto'

/** A key that a sign-in is bound to, as it is kept: P-256, private (RFC 7517). */
export interface ProofKey {
  kty: string
  crv: string
  x: string
  y: string
  d: string
}

export function newKey(): ProofKey {
  const {
    kty = '',
    crv = '',
    x = '',
    y = '',
    d = '',
  } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    format: 'jwk',
  })
  return { kty, crv, x, y, d }
}

/**
 * Proof that a request comes from the holder of a key (RFC 9449 section 4.2).
 * @param now ms since 1970. @param nonce what the server last asked for. @param token the access token that it is sent with.
 */
export function proofOf(
  key: ProofKey,
  request: { method: string; url: string },
  { now, nonce, token }: { now: number; nonce: string | null; token: string | null },
): string {
  const { kty, crv, x, y } = key
  const { origin, pathname } = new URL(request.url)
  const head = { typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } }
  const body = {
    jti: randomBytes(16).toString('base64url'),
    htm: request.method,
    htu: `${origin}${pathname}`,
    iat: Math.floor(now / 1000),
    ...(nonce === null ? {} : { nonce }),
    ...(token === null ? {} : { ath: createHash('sha256').update(token).digest('base64url') }),
  }
  const text = [head, body].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  const privateKey = createPrivateKey({ key: { ...key } satisfies JsonWebKey, format: 'jwk' })
  return `${text}.${sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}
