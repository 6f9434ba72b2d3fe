import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { account, credentials, instanceV2, notification, status } from '../test/connectors/mastodon/simulator/entities.ts'
import { mastodon } from '../test/connectors/mastodon/simulator/ways.ts'
import { World } from '../test/connectors/mastodon/simulator/world.ts'

/**
 * A server that has its answers ready, in a process of its own: `node bench/mastodon-server.ts POSTS DELAY_MS`. Prints its settings; each line on
 * stdin makes a mention that is pushed.
 */
const [posts = 0, delay = 0] = process.argv.slice(2).map(Number)
const PAGE = 40
const world = new World(mastodon)
const server = createServer()
server.listen(0, '127.0.0.1')
await new Promise((resolve) => server.once('listening', resolve))
world.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

const topics = ['pensions', 'the harbour', 'schools', 'the budget', 'housing', 'rail']
const own = JSON.stringify(account(world, world.own))
const texts = Array.from({ length: posts }, (_none, n) => {
  const words = `Sitting ${n}: the committee on ${topics[n % 6]} met and heard ${n % 17} witnesses. https://www.example.org/sittings/${n}`
  const post = world.post(world.own, words, { at: new Date(Date.UTC(2020, 0, 1) + n * 600_000) })
  world.posts.length = 0
  const { account: _, ...rest } = status(world, post)
  return `${JSON.stringify(rest).slice(0, -1)},"account":${own}}`
}).reverse()

const path = `/api/v1/accounts/${world.own.id}/statuses`
const sockets = new WebSocketServer({ server, path: '/api/v1/streaming' })
server.on('request', (request, response) => {
  const url = new URL(request.url ?? '/', world.origin)
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  const answer = (): string => {
    if (url.pathname === path) {
      const from = Number(url.searchParams.get('max_id') ?? 0)
      if (from + PAGE < texts.length) headers['link'] = `<${world.origin}${path}?max_id=${from + PAGE}>; rel="next"`
      return `[${texts.slice(from, from + PAGE).join(',')}]`
    }
    if (url.pathname === '/api/v1/accounts/verify_credentials')
      return JSON.stringify({ ...credentials(world), statuses_count: posts })
    if (url.pathname === '/api/v2/instance') return JSON.stringify(instanceV2(world, world.origin.replace('http', 'ws')))
    if (url.pathname === '/api/v1/notifications')
      return JSON.stringify(
        world.notifications
          .slice(-20)
          .reverse()
          .map((one) => notification(world, one)),
      )
    response.statusCode = url.pathname.includes('conversations') ? 200 : 404
    return response.statusCode === 200 ? '[]' : '{"error":"Record not found"}'
  }
  const text = answer()
  setTimeout(() => {
    response.writeHead(response.statusCode, headers)
    response.end(text)
  }, delay)
})

process.stdin.setEncoding('utf8').on('data', (text: string) => {
  for (const mark of text.split('\n').filter((line) => line !== '')) {
    world.mention(world.person('ada'), `@office question ${mark}`)
    const payload = JSON.stringify(notification(world, world.notifications.at(-1) as (typeof world.notifications)[number]))
    for (const client of sockets.clients) client.send(JSON.stringify({ stream: ['user'], event: 'notification', payload }))
  }
})
process.stdin.on('end', () => process.exit(0))
console.log(JSON.stringify({ origin: world.origin, id: world.own.id }))
