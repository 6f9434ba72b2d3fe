import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { tokenLogin } from '#connectors/mastodon/login.ts'
import { connectors } from '#connectors/registry.ts'
import { Engine } from '#engine/engine.ts'
import { AccountShape } from '#hosts/cli/shapes.ts'
import { systemClock } from '#hosts/ports/clock.ts'
import { systemHttp, systemSockets } from '#hosts/ports/http.ts'
import type { OutboxItem, OutgoingContent } from '#shared/model/index.ts'
import { newDesk } from '../../cli/support/dispatch.ts'
import { testOffice } from '../../support/office.ts'
import { MastodonServer } from './simulator/server.ts'

const leftovers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const remove of leftovers.splice(0).reverse()) await remove()
})

async function start(change = {}): Promise<MastodonServer> {
  const server = await new MastodonServer(change).start()
  leftovers.push(() => server.stop())
  return server
}

describe('a whole office with a Mastodon account', { timeout: 60_000 }, () => {
  it('signs in, reads, answers, edits and deletes, and hears of a mention while it listens', async () => {
    const server = await start()
    const { world } = server
    const ada = world.person('ada', 'elsewhere.example', 'Ada')
    const own = world.post(world.own, 'Sitting at nine')
    world.mention(ada, '@office when is the vote?', { answers: own })
    for (let n = 0; n < 120; n++) world.notify('favourite', world.person(`fan${n}`), own)

    const office = await testOffice()
    const ports = { ...office.ports, clock: systemClock, http: systemHttp, sockets: systemSockets }
    const engine = new Engine({ store: office.store, ports, connectors, autostart: true, random: Math.random })
    leftovers.push(async () => {
      await engine.close()
      await office.remove()
    })
    await engine.open()
    const identity = await office.store.write.addIdentity({
      name: 'Press office',
      voice: 'institutional',
      shape: 'square',
      color: 'blue',
    })
    const { settings, secret, label } = await tokenLogin(ports, server.origin, server.token)
    if (settings === null) throw new Error('it said no settings')
    const account = await engine.accounts.addSignedIn({ identityId: identity.id, label, settings, secret })
    expect(account).toMatchObject({ label: `@office@${world.host}`, capabilities: { live: true, sends: true, push: true } })

    const filter = { identityId: null, accountId: null, view: 'open' as const, labelId: null, unreadOnly: false }
    const rows = async () => (await office.store.read.page({ filter, from: null, until: null, limit: 50 })).rows
    const changes = engine.changes.listen(new AbortController().signal)
    const until = async <Value>(look: () => Promise<Value | null | undefined | false>): Promise<Value> => {
      for (;;) {
        const found = await look()
        if (found) return found
        await changes.next()
      }
    }
    const [first] = await until(async () => {
      const found = await rows()
      return engine.accounts.get(account.id).status.phase === 'live' && found.length > 0 && found
    })
    const row = first as NonNullable<typeof first>
    // one conversation: the post, the question under it, and the likes, which make nothing unread
    expect(row).toMatchObject({ unread: 1, state: 'needs_reply' })
    const read = await office.store.read.conversation(row.id, 50)
    const question = read?.messages.find(({ kind }) => kind === 'reply')
    expect(read?.messages.some(({ kind }) => kind === 'act')).toBe(true)

    const queue = async (content: OutgoingContent, target: OutboxItem['target']): Promise<OutboxItem> => {
      const at = new Date().toISOString()
      const item = await engine.outbox.queue({
        identityId: identity.id,
        accountId: account.id,
        content,
        target,
        quote: null,
        after: null,
        leaves: 'waiting',
        by: 'Clerk',
        at,
      })
      return until(async () => {
        const now = await office.store.read.outboxItem(item.id, identity.id)
        if (now?.state === 'failed') throw new Error(JSON.stringify(now.reason))
        return now?.state === 'sent' && now
      })
    }
    const words = { subject: '', warning: '', language: null, media: [] }
    const none = { to: [], cc: [], bcc: [], visibility: null }
    const sent = await queue({ do: 'publish', kind: 'reply', text: 'At noon', ...words, ...none }, question?.id ?? null)
    expect(world.ownPosts.at(-1)).toMatchObject({
      text: '@ada@elsewhere.example At noon',
      answers: { text: '@office when is the vote?' },
    })
    await queue({ do: 'edit', text: '@ada@elsewhere.example At one', ...words }, sent.message)
    expect(world.ownPosts.at(-1)?.text).toBe('@ada@elsewhere.example At one')
    const versions = async () =>
      (await office.store.read.conversation(row.id, 50))?.messages.find(({ id }) => id === sent.message)
    expect(await versions()).toMatchObject({ direction: 'outbound', versions: 2 })
    await queue({ do: 'delete' }, sent.message)
    expect(world.ownPosts).toHaveLength(1)

    // pushed to a stored row
    await server.streamOpened()
    await until(async () => server.log.filter((line) => line.startsWith('UPGRADE')).length > 0)
    world.mention(world.person('bob'), '@office is it open to all?')
    server.pushNotification(world.notifications.at(-1) as (typeof world.notifications)[number])
    const arrived = await until(async () => (await rows()).find(({ snippet }) => snippet.includes('open to all')))
    expect(arrived.unread).toBe(1)
    expect(server.spec?.takeFaults() ?? []).toEqual([])
  })

  it('signs in by the browser at the command line, and what was imported becomes live', async () => {
    const server = await start({ streaming: false })
    const { world } = server
    world.mention(world.person('ada'), '@office when is the vote?')
    const desk = await newDesk()
    leftovers.push(() => desk.remove())
    await desk.run(['identity', 'add', '--name', 'Press office', '--voice', 'institutional'])
    const adding = desk.start(['account', 'add', 'mastodon', '--identity', '1', '--server', server.origin])
    await signIn(adding.child, server)
    const { code, stdout, stderr } = await adding.ended
    expect(code, stderr).toBe(0)
    const [account] = await desk.json(z.array(AccountShape), ['account', 'list'])
    expect(account).toMatchObject({ network: 'mastodon', address: `office@${world.host}` })
    expect(stdout + stderr).not.toContain(server.token)
    const [report] = await desk.json(z.array(z.object({ new: z.number() })), ['sync'])
    expect(report?.new).toBe(1)
    expect((await desk.run(['inbox', 'list'])).stdout).toContain('when is the vote?')

    // an account that holds imports, of somebody else and of the same
    const add = ['account', 'add', 'archive', '--identity', '1', '--network', 'mastodon', '--server', world.host, '--handle']
    const token = { MASTODON_TOKEN: server.token }
    const sign = (id: string) => ['account', 'sign-in', id, '--server', server.origin, '--token-env', 'MASTODON_TOKEN']
    const other = await desk.json(AccountShape, [...add, 'member'])
    expect((await desk.fails(sign(other.id), token)).error).toMatchObject({ code: 'account_other' })
    const same = await desk.json(AccountShape, [...add, 'office'])
    expect(same.phase).toBe('paused')
    expect((await desk.json(AccountShape, sign(same.id), token)).phase).toBe('connecting')
  })
})

/** What a person does in the browser. */
async function signIn(child: ReturnType<Awaited<ReturnType<typeof newDesk>>['start']>['child'], server: MastodonServer) {
  let said = ''
  while (!/\/oauth\/authorize\?\S+\s/.test(said)) said += String((await once(child.stderr as NodeJS.ReadableStream, 'data'))[0])
  const url = new URL(/(http:\S+\/oauth\/authorize\?\S+)/.exec(said)?.[1] ?? '')
  expect(url.origin).toBe(server.origin)
  const back = new URL(url.searchParams.get('redirect_uri') ?? '')
  back.search = String(new URLSearchParams({ code: 'the-code', state: url.searchParams.get('state') ?? '' }))
  expect((await fetch(back)).status).toBe(200)
}
