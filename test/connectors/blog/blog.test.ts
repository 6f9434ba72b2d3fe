import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { blogConnector } from '#connectors/blog/connector.ts'
import { times } from '#connectors/blog/limits.ts'
import type { Client, Outgoing, Sent } from '#connectors/connector.ts'
import type { ConnectorFault } from '#connectors/fault.ts'
import type { BlogSettings, OutgoingContent } from '#shared/model/index.ts'
import { FakeClock } from '../../support/clock.ts'
import { MemoryOffice, newest } from '../../support/context.ts'
import { faults, PASSWORD, WordPress } from './wordpress.ts'

let made = 0
const words = { subject: '', warning: '', language: null, media: [] }
const people = { to: [], cc: [], bcc: [], visibility: null }
const signal = () => new AbortController().signal

async function faultOf(work: Promise<unknown>): Promise<ConnectorFault> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof Error) || error.name !== 'ConnectorFault') throw new Error(`no ConnectorFault, but ${error}`)
  return error as ConnectorFault
}

describe('a blog by WordPress', () => {
  const clock = new FakeClock()
  let site: WordPress
  let office: MemoryOffice<BlogSettings>
  let client: Client

  beforeEach(async () => {
    site = new WordPress(clock.now())
    await site.start()
    office = new MemoryOffice<BlogSettings>({ settings: site.settings(), secret: PASSWORD, clock })
    client = blogConnector.create(office.open())
  })
  afterEach(async () => {
    await client.close()
    await site.stop()
  })

  const sync = () => client.sync(signal())
  const item = (content: OutgoingContent, about?: string): Outgoing => ({
    key: createHash('sha256').update(String(made++)).digest('hex').slice(0, 32),
    queuedAt: new Date(clock.now()).toISOString(),
    content,
    target: about === undefined ? null : office.source(about),
    quote: null,
    // biome-ignore lint/correctness/useYield: nothing here has files
    open: async function* () {
      throw new Error('nothing here has files')
    },
  })
  const article = (text: string) => item({ do: 'publish', kind: 'post', ...words, subject: 'News & more', text, ...people })
  const reply = (text: string, about: string) => item({ do: 'publish', kind: 'comment', ...words, text, ...people }, about)
  const send = (outgoing: Outgoing): Promise<Sent> => client.send?.(outgoing, signal()) ?? Promise.reject(new Error('no send'))
  const find = (outgoing: Outgoing) => client.find?.(outgoing, signal()) ?? Promise.reject(new Error('no find'))
  const messages = () => [...office.messages.values()]
  const at = (id: string) => newest(office.messages.get(id) ?? { versions: [], read: false, answered: false, deleted: false })

  describe('reading', () => {
    it('an article and its comments are one conversation', async () => {
      const post = site.write({ title: 'Budget &amp; more', content: '<p>Read <b>this</b>.</p>' })
      const comment = site.say({ post: post.id, content: 'I disagree', status: 'hold' })
      site.say({ post: post.id, parent: comment.id, author: 7, content: 'We answer' })
      await sync()
      expect(messages().map((message) => newest(message).threadKeys)).toEqual([
        [`post:${post.id}`],
        [`post:${post.id}`],
        [`post:${post.id}`],
      ])
      expect(at(`post:${post.id}`)).toMatchObject({ kind: 'post', direction: 'outbound', text: 'Read this.' })
      expect(at(`comment:${comment.id}`)).toMatchObject({
        kind: 'comment',
        direction: 'inbound',
        from: { name: 'A reader', handle: 'reader@example.org' },
        text: 'I disagree',
      })
      expect(messages().filter((message) => newest(message).direction === 'outbound')).toHaveLength(2)
      expect(office.limits?.acts).toEqual(['approve', 'hold', 'spam', 'trash'])
    })

    it('a poll that finds nothing costs one request for each list, and saves nothing', async () => {
      site.say({ post: site.write().id })
      await sync()
      const [asked, saved] = [site.requests.length, office.batches.length]
      await sync()
      expect(site.requests.length - asked).toBe(2)
      expect(office.batches.length - saved).toBe(0)
    })

    it('sees comments that were changed, decided about and removed', async () => {
      const post = site.write()
      const [one, two, three] = ['one', 'two', 'three'].map((content) => site.say({ post: post.id, content, status: 'hold' }))
      await sync()
      if (one) one.content = 'one, corrected'
      if (two) two.status = 'approved'
      if (three) three.status = 'spam'
      await sync()
      await sync()
      expect(office.messages.get(`comment:${one?.id}`)?.versions.map(({ text }) => text)).toEqual(['one', 'one, corrected'])
      expect(office.messages.get(`comment:${two?.id}`)?.versions).toHaveLength(2)
      expect(office.messages.get(`comment:${three?.id}`)).toMatchObject({ deleted: true })
      if (three) three.status = 'approved'
      await sync()
      expect(office.messages.get(`comment:${three?.id}`)).toMatchObject({ deleted: false })
    })

    it('an old comment that was changed is seen within a day', async () => {
      const post = site.write()
      const old = site.say({ post: post.id, content: 'long ago' })
      for (let n = 0; n < 120; n++) site.say({ post: post.id, content: `comment ${n}` })
      await sync()
      old.content = 'rewritten'
      await sync()
      expect(office.messages.get(`comment:${old.id}`)?.versions).toHaveLength(1)
      clock.advance(times.sweep)
      await sync()
      expect(at(`comment:${old.id}`).text).toBe('rewritten')
    })

    it('what only a list lacks is not taken for removed: it is asked for by itself', async () => {
      const post = site.write()
      const [removed, there] = [site.say({ post: post.id }), site.say({ post: post.id })]
      await sync()
      site.comments = [there]
      const honest: (typeof site.faults)[number] = () => false
      // Articles, comments, and a list of ids without any, as paging gives it while others are removed.
      site.faults.push(honest, honest, faults.body('[]'))
      await sync()
      expect(site.faults).toEqual([])
      expect(office.messages.get(`comment:${removed.id}`)?.deleted).toBe(true)
      expect(office.messages.get(`comment:${there.id}`)?.deleted).toBe(false)
    })

    it('who may not edit sees what everybody sees', async () => {
      site.reader = true
      const post = site.write()
      site.say({ post: post.id, content: 'approved' })
      site.say({ post: post.id, content: 'waits', status: 'hold' })
      await sync()
      expect(messages().map((message) => newest(message).text)).toEqual(['words', 'approved'])
      expect(office.limits?.acts).toEqual([])
    })

    it.each([
      ['403 with a page of a guard', faults.status(403, '<h1>Blocked</h1>'), 'transient', 'server_error'],
      [
        '404 of an interface that is gone',
        faults.status(404, '{"code":"rest_no_route","message":"No route"}'),
        'transient',
        'server_error',
      ],
      ['a page with status 200', faults.body('<!doctype html><p>Maintenance'), 'transient', 'protocol'],
      ['truncated JSON', faults.body('[{"id":1,'), 'transient', 'protocol'],
      ['a redirect to another host', faults.status(302, '', { location: 'https://elsewhere.example/' }), 'transient', 'protocol'],
      ['503 while it is updated', faults.status(503, '<p>Briefly unavailable', { 'retry-after': '30' }), 'rate', 'rate_limited'],
    ])('%s costs nothing that is there', async (_, fault, kind, code) => {
      site.write({ title: 'kept' })
      await sync()
      site.faults.push(fault)
      expect(await faultOf(sync())).toMatchObject({ kind, code })
      await sync()
      expect(office.subjects).toEqual(['kept'])
    })

    it('reads one again: changed, removed', async () => {
      const post = site.write()
      const comment = site.say({ post: post.id, content: 'first' })
      await sync()
      comment.content = 'second'
      await client.reread?.([`comment:${comment.id}`], signal())
      expect(at(`comment:${comment.id}`).text).toBe('second')
      site.posts = []
      await client.reread?.([`post:${post.id}`], signal())
      expect(office.messages.get(`post:${post.id}`)?.deleted).toBe(true)
    })
  })

  describe('writing', () => {
    it('an article of plain paragraphs, which a pass does not bring again', async () => {
      const sent = await send(article('First <thing>.\n\nSecond\nline, https://example.org/a'))
      expect(site.posts[0]).toMatchObject({
        title: 'News & more',
        content: '<p>First &lt;thing&gt;.</p><p>Second<br>line, <a href="https://example.org/a">https://example.org/a</a></p>',
        status: 'publish',
      })
      if (sent.message) await office.open().commit({ stream: 'posts', cursor: '', messages: [sent.message], marks: [], gone: [] })
      await sync()
      expect(messages().map(({ versions }) => versions.length)).toEqual([1])
    })

    it('a reply to a comment and one to an article', async () => {
      const post = site.write()
      const comment = site.say({ post: post.id })
      await sync()
      await send(reply('Thank you\nfor that', `comment:${comment.id}`))
      await send(reply('To all', `post:${post.id}`))
      expect(site.comments.slice(1)).toMatchObject([
        { post: post.id, parent: comment.id, content: 'Thank you\nfor that' },
        { post: post.id, parent: 0, content: 'To all' },
      ])
    })

    it.each([
      ['approve', true, 'hold', 'approved'],
      ['approve', false, 'approved', 'hold'],
      ['hold', true, 'approved', 'hold'],
      ['spam', true, 'hold', 'spam'],
      ['trash', true, 'hold', 'trash'],
      ['trash', false, 'trash', 'approved'],
    ] as const)('%s %s', async (act, on, before, after) => {
      const comment = site.say({ post: site.write().id })
      await sync()
      comment.status = before
      await send(item({ do: 'act', act, on, handle: null, comment: '' }, `comment:${comment.id}`))
      expect(comment.status).toBe(after)
    })

    it('changes an own article, and takes it away; what is away already is no fault', async () => {
      const post = site.write()
      await sync()
      await send(item({ do: 'edit', ...words, subject: 'New title', text: 'New words' }, `post:${post.id}`))
      expect(post).toMatchObject({ title: 'New title', content: '<p>New words</p>' })
      const removal = item({ do: 'delete' }, `post:${post.id}`)
      await send(removal)
      expect(post.status).toBe('trash')
      site.posts = []
      expect((await send(removal)).message).toBeNull()
    })

    it('says what the site said to something that it refuses', async () => {
      const post = site.write()
      await sync()
      site.posts = []
      expect(await faultOf(send(reply('too late', `post:${post.id}`)))).toMatchObject({
        kind: 'decision',
        untaken: true,
        code: 'send_refused',
        params: { detail: 'Sorry, there is no such post.' },
      })
    })

    it('an answer that was lost: found, and not written twice', async () => {
      const post = site.write()
      await sync()
      for (const outgoing of [article('once'), reply('once', `post:${post.id}`)]) {
        site.faults.push(faults.dropped)
        expect((await faultOf(send(outgoing))).untaken).toBe(false)
        clock.advance(times.settle)
        expect((await find(outgoing))?.message?.text).toBe('once')
      }
      expect([site.posts.length, site.comments.length]).toEqual([2, 1])
    })

    it('a comment that is sent again all the same is one: the site says that it has it', async () => {
      const outgoing = reply('once', `post:${site.write().id}`)
      await sync()
      const again = { ...outgoing, target: office.source('post:1') }
      await send(again)
      expect((await send(again)).message?.text).toBe('once')
      expect(site.comments).toHaveLength(1)
    })

    it('what the site does not have, once it had the time to take it', async () => {
      const outgoing = article('never')
      site.faults.push(faults.closed)
      await faultOf(send(outgoing))
      expect((await faultOf(find(outgoing))).retryAt).toBe(clock.now() + times.settle)
      clock.advance(times.settle)
      expect(await find(outgoing)).toBeNull()
    })
  })
})
