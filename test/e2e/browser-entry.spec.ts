import { request as plain } from '@playwright/test'
import { WebSocket } from 'ws'
import { type App, expect, test } from './support/app.ts'

test('the link lets one browser in, once, and leaves no token behind', async ({ app, page, playwright }) => {
  const { origin, link } = server(app)
  expect(page.url()).toBe(`${origin}/`)
  expect(await page.evaluate(() => [document.cookie, document.referrer])).toEqual(['', ''])
  await page.goBack()
  expect(page.url()).toBe('about:blank')
  const [cookie, ...others] = await page.context().cookies()
  expect(others).toEqual([])
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', domain: '127.0.0.1', expires: -1 })
  const stranger = await playwright.request.newContext()
  expect((await stranger.get(link)).status()).toBe(403)
  await stranger.dispose()
})

test('without the cookie there is nothing to see', async ({ app }) => {
  const { origin } = server(app)
  const stranger = await plain.newContext()
  for (const path of ['/', '/index.html', '/rpc', '/?token=', '/?token=x']) {
    const answer = await stranger.get(`${origin}${path}`)
    expect([path, answer.status(), ((await answer.json()) as { error: { code: string } }).error.code]).toEqual([
      path,
      403,
      'forbidden_sender',
    ])
  }
  await stranger.dispose()
})

test('a page of another origin reaches neither the files nor the socket', async ({ app, page }) => {
  const { origin } = server(app)
  const [cookie] = await page.context().cookies()
  const headers = { cookie: `${cookie?.name}=${cookie?.value}` }
  const foreign = [
    { ...headers, origin: 'http://127.0.0.1:1' },
    { ...headers, origin: 'https://elsewhere.invalid' },
    { ...headers, origin: 'null' },
    { ...headers, origin, host: 'elsewhere.invalid' },
    { ...headers, origin, 'sec-fetch-site': 'cross-site' },
    { ...headers, origin, 'sec-fetch-site': 'same-site' },
    { ...headers },
    { origin },
    { origin, cookie: `${cookie?.name}=wrong` },
  ]
  for (const given of foreign) expect([given, await socketStatus(origin, given)]).toEqual([given, 403])
  expect(await socketStatus(origin, { ...headers, origin })).toBe(101)
})

function server(app: App): { origin: string; link: string } {
  if (!app.server) throw new Error('This spec is for the server host.')
  return app.server
}

/** The status that answers a request for a socket; 101 when it opens. */
function socketStatus(origin: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, { headers })
    socket.once('open', () => {
      socket.close()
      resolve(101)
    })
    socket.once('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0)
      response.destroy()
    })
    socket.once('error', reject)
  })
}
