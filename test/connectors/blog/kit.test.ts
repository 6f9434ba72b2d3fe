import { createHash } from 'node:crypto'
import { blogConnector } from '#connectors/blog/connector.ts'
import { limits } from '#connectors/blog/limits.ts'
import { systemHttp } from '#hosts/ports/http.ts'
import type { BlogSettings } from '#shared/model/index.ts'
import type { KitNetwork } from '../kit/driver.ts'
import { runConnectorKit } from '../kit/kit.ts'
import { faults, PASSWORD, WordPress } from './wordpress.ts'

async function start(plain: boolean): Promise<KitNetwork<BlogSettings>> {
  const site = new WordPress()
  site.plain = plain
  await site.start()
  const find = (subject: string) => site.posts.find(({ title }) => title === subject)
  return {
    settings: site.settings(),
    secret: PASSWORD,
    http: { fetch: (request) => systemHttp.fetch({ ...request, timeoutMs: site.stalling ? 300 : request.timeoutMs }) },
    put: async (messages) => {
      for (const { subject, text, at } of messages) site.write({ title: subject, content: `<p>${text}</p>`, date: at.getTime() })
    },
    duplicate: async (subject) => {
      site.twice.add(find(subject)?.id ?? 0)
    },
    edit: async (subject, text) => {
      const post = find(subject)
      if (post) site.change(post, { content: `<p>${text}</p>` })
    },
    remove: async (subject) => {
      site.posts = site.posts.filter(({ title }) => title !== subject)
    },
    list: async () => site.posts.map(({ title }) => title),
    rateLimit: async (seconds) => {
      site.faults.push(faults.status(429, '<h1>Too many requests</h1>', { 'retry-after': String(seconds) }))
      return true
    },
    refuse: async (on) => {
      site.refusing = on
    },
    fail: async (times, how) => {
      const fault =
        how === 'error' ? faults.status(500, '<html>There has been a critical error') : how === 'cut' ? faults.cut : faults.closed
      site.faults.push(...Array.from({ length: times }, () => fault))
    },
    garbage: async () => {
      site.faults.push(faults.body(createHash('sha512').update('garbage').digest()))
    },
    huge: async () => {
      site.faults.push(faults.body(Buffer.alloc(limits.answerBytes + 1, '[')))
    },
    stall: async (on) => {
      site.stalling = on
      if (!on) site.drop()
    },
    stop: () => site.stop(),
  }
}

for (const plain of [false, true]) {
  runConnectorKit(`blog, ${plain ? 'plain' : 'pretty'} permalinks`, {
    connector: blogConnector,
    several: limits.pageItems * 2 + 20,
    start: () => start(plain),
  })
}
