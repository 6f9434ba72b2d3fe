import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** A request as it came in, for whoever runs a relay that takes Twilio's webhooks. */
export interface WebhookRequest {
  /** The whole address that Twilio called, as it is set at Twilio: scheme, host, port if any, path and query. */
  url: string
  /** The fields of a form, or nothing for a body that is no form. */
  form: Record<string, string | string[]>
  /** The bytes of a body that is no form (`bodySHA256` in the address says what they must be). */
  body?: Uint8Array
  /** `X-Twilio-Signature`. */
  signature: string
}

/**
 * Whether a webhook comes from Twilio: HMAC-SHA1 by the account's auth token over the address and the fields in the order of their names
 * (<https://www.twilio.com/docs/usage/security#validating-requests>). Twilio is not consistent about a port that goes without saying, so the
 * address counts with and without it.
 */
export function isFromTwilio(authToken: string, request: WebhookRequest): boolean {
  if (!URL.canParse(request.url)) return false
  const expected = new URL(request.url).searchParams.get('bodySHA256')
  const fields = expected === null ? request.form : {}
  const signed = addresses(request.url).some((url) => same(request.signature, sign(authToken, url, fields)))
  if (!signed || expected === null) return signed
  const digest = createHash('sha256')
    .update(request.body ?? new Uint8Array(0))
    .digest('hex')
  return same(expected.toLowerCase(), digest)
}

function sign(authToken: string, url: string, form: WebhookRequest['form']): string {
  const text = Object.keys(form)
    .sort()
    .map((name) => {
      const value = form[name] ?? ''
      const values = typeof value === 'string' ? [value] : [...new Set(value)].sort()
      return values.map((one) => name + one).join('')
    })
    .join('')
  return createHmac('sha1', authToken)
    .update(url + text)
    .digest('base64')
}

/** The address with the port of its scheme and without it; the rest stays as it was written. */
function addresses(url: string): string[] {
  const parts = /^(https?):\/\/([^/?#]*@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d+))?(.*)$/is.exec(url)
  if (!parts) return [url]
  const [, scheme = '', user = '', host = '', port, rest = ''] = parts
  const usual = scheme.toLowerCase() === 'https' ? '443' : '80'
  return [`${scheme}://${user}${host}${rest}`, `${scheme}://${user}${host}:${port ?? usual}${rest}`]
}

function same(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)]
  return one.length === other.length && timingSafeEqual(one, other)
}
