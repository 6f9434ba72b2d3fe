import { type IncomingHttpHeaders, request } from 'node:http'
import type { Someone } from '../../support/bluesky.ts'

interface Page {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/**
 * A person in a browser on the sign-in page of a real PDS: opens the address, gives name and password, and allows or refuses what is
 * asked for. It ends where the browser is sent back to the program.
 */
export async function visitPage(address: string, someone: Someone, answer: 'allow' | 'refuse'): Promise<void> {
  const cookies = new Map<string, string>()
  const { origin, searchParams } = new URL(address)
  const go = async (method: string, url: string, headers: Record<string, string>, body?: unknown): Promise<Page> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const text = body === undefined ? undefined : JSON.stringify(body)
    const page = await ask(method, url, { 'user-agent': 'Browser', 'accept-language': 'en', cookie, ...headers }, text)
    for (const line of page.headers['set-cookie'] ?? []) {
      const [name = '', value = ''] = (line.split(';', 1)[0] ?? '').split('=')
      cookies.set(name, value)
    }
    return page
  }
  const navigate = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
  const opened = await go('GET', address, { ...navigate, 'sec-fetch-site': 'none' })
  if (opened.status !== 200) throw new Error(`the page answers ${opened.status}: ${opened.body.slice(0, 300)}`)
  const call = async (name: string, body: unknown, token?: string): Promise<Record<string, unknown>> => {
    const page = await go(
      'POST',
      `${origin}/@atproto/oauth-provider/~api/${name}`,
      {
        'content-type': 'application/json',
        origin,
        referer: address,
        'sec-fetch-mode': 'same-origin',
        'sec-fetch-site': 'same-origin',
        'sec-fetch-dest': 'empty',
        'x-csrf-token': cookies.get('csrf-token') ?? '',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body,
    )
    if (page.status !== 200) throw new Error(`${name}: ${page.status} ${page.body.slice(0, 300)}`)
    return JSON.parse(page.body) as Record<string, unknown>
  }
  if (searchParams.get('request_uri') === null) throw new Error('nothing was pushed before')
  const { url } =
    answer === 'refuse'
      ? await call('reject', {})
      : await call('sign-in', { locale: 'en', username: someone.handle, password: someone.password, remember: false }).then(
          (signedIn) => call('consent', { did: someone.did }, String(signedIn['ephemeralToken'])),
        )
  const sent = await go('GET', String(url), { ...navigate, 'sec-fetch-site': 'same-origin', referer: address })
  const back = sent.headers.location
  if (back === undefined) throw new Error(`not sent back: ${sent.status} ${sent.body.slice(0, 300)}`)
  await ask('GET', back, {}, undefined)
}

function ask(method: string, url: string, headers: Record<string, string>, body: string | undefined): Promise<Page> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers }, (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces).toString() }),
      )
      response.on('error', reject)
    })
    asked.on('error', reject)
    asked.end(body)
  })
}
