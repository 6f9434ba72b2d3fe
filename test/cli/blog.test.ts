import { afterEach, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { AccountShape } from '#hosts/cli/shapes.ts'
import { PASSWORD, USER, WordPress } from '../connectors/blog/wordpress.ts'
import { type Desk, newDesk } from './support/dispatch.ts'

let desk: Desk
let site: WordPress
beforeEach(async () => {
  desk = await newDesk({ inProcess: true })
  site = new WordPress()
  site.folder = '/news'
  await site.start()
  await desk.run(['identity', 'add', '--name', 'Press office', '--voice', 'institutional'])
})
afterEach(async () => {
  await desk.remove()
  await site.stop()
})

it('a blog: found by one of its pages, synced, read; what changes is a version', async () => {
  const post = site.write({ title: 'The budget' })
  const comment = site.say({ post: post.id, content: 'Too much' })
  const add = [
    'account',
    'add',
    'blog',
    '--identity',
    '1',
    '--site',
    `${site.url}/a/page/`,
    '--user',
    USER,
    '--password-env',
    'P',
  ]
  expect((await desk.fails(add, { P: 'wrong' })).error.code).toBe('login_failed')
  const account = await desk.json(AccountShape, add, { P: PASSWORD })
  expect(account).toMatchObject({ network: 'blog', label: 'The House', address: `${USER}@${new URL(site.url).host}/news` })
  await desk.run(['sync'])
  comment.content = 'Too much, and too late'
  await desk.run(['sync'])
  const row = z.object({ network: z.string(), from: z.string(), messages: z.number(), snippet: z.string() })
  expect(await desk.json(z.array(row), ['inbox', 'list'])).toMatchObject([{ network: 'blog', from: 'A reader', messages: 2 }])
  const [open] = await desk.json(z.array(z.object({ id: z.string() })), ['inbox', 'list'])
  const conversation = z.object({ messages: z.array(z.object({ id: z.string(), direction: z.string() })) })
  const { messages } = await desk.json(conversation, ['conversation', 'show', open?.id ?? ''])
  const said = messages.find(({ direction }) => direction === 'inbound')?.id ?? ''
  const item = z.object({ state: z.string() })
  const by = ['--by', 'Ada']
  expect(
    await desk.json(item, ['send', 'Read it first.', '--account', account.id, '--kind', 'comment', '--reply', said, ...by]),
  ).toMatchObject({
    state: 'sent',
  })
  expect(site.comments.at(-1)).toMatchObject({ post: post.id, parent: comment.id, content: 'Read it first.' })
  expect(await desk.json(item, ['act', 'hold', said, ...by])).toMatchObject({ state: 'sent' })
  expect(comment.status).toBe('hold')
})
