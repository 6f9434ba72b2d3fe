import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aboutBluesky } from '#connectors/bluesky/about.ts'
import { blueskyConnector } from '#connectors/bluesky/connector.ts'
import { live } from '#connectors/bluesky/live/limits.ts'
import { passwordLogin } from '#connectors/bluesky/live/login.ts'
import { systemClock } from '#hosts/ports/clock.ts'
import { systemHttp } from '#hosts/ports/http.ts'
import type { Http } from '#ports/index.ts'
import { BlueskySettings } from '#shared/model/index.ts'
import { type BlueskyNetwork, type Someone, startBluesky } from '../../support/bluesky.ts'
import { MemoryOffice } from '../../support/context.ts'
import { needs } from '../../support/needs.ts'
import { folder } from '../exports.ts'
import { openAccount, outgoing, publish, signal, type TestAccount } from './account.ts'
import { ChatServer } from './chat-server.ts'
import { noChat, refusal } from './driver.ts'
import type { Deed } from './proxy.ts'

needs('bluesky')('an account on a real PDS', () => {
  let network: BlueskyNetwork
  let names = 0
  let own: Someone
  let account: TestAccount
  let decide: (call: string) => Deed | null

  beforeAll(async () => {
    network = await startBluesky({ views: false })
  }, 180_000)
  afterAll(async () => {
    await network.stop()
  })
  beforeEach(async () => {
    decide = () => null
    own = await network.join(`person${++names}`)
    account = await openAccount(own, network.pds, (asked) => {
      const told = decide(asked.name)
      if (told !== null) return told
      return asked.name.startsWith('app.bsky.') ? refusal(501, 'MethodNotImplemented') : noChat(asked)
    })
  })
  afterEach(() => account.close())

  describe('signing in', () => {
    /** The internet as a handle and a DID have it, led to the servers of the tests. */
    const internet = (handles: Record<string, string>, pds = network.pds): Http => ({
      fetch: async (request) => {
        const url = new URL(request.url)
        expect(request.outside ?? false, `${request.url} was named by no person`).toBe(url.origin !== network.pds)
        const did = handles[url.hostname]
        if (url.pathname === '/.well-known/atproto-did' && did !== undefined)
          return { status: 200, headers: {}, url: request.url, body: Buffer.from(did) }
        const to = url.hostname === 'plc.directory' ? network.plc : url.hostname === 'pds.example.org' ? pds : null
        if (to === null) return { status: 404, headers: {}, url: request.url, body: Buffer.from('{"error":"NotFound"}') }
        const response = await systemHttp.fetch({ ...request, outside: false, url: `${to}${url.pathname}${url.search}` })
        // The directory of the tests knows the server by its address on loopback, where nobody else's server would lie.
        const body = Buffer.from(response.body).toString('utf8').replaceAll(network.pds, 'https://pds.example.org')
        return { ...response, body: Buffer.from(body) }
      },
    })
    const login = (http: Http, handle: string, server: string | null, password = own.password) =>
      passwordLogin({ http, clock: systemClock }, { handle, server, password })

    it('on a server that a person typed, which may be on this computer', async () => {
      const signedIn = await login(systemHttp, `@${own.handle.toUpperCase()}`, network.pds)
      expect(signedIn.label).toBe(`@${own.handle}`)
      expect(signedIn.settings).toEqual({
        network: 'bluesky',
        bluesky: { handle: own.handle, userId: own.did, server: null, live: { origin: network.pds, typed: true } },
      })
      const office = new MemoryOffice<BlueskySettings>({ settings: settingsOf(signedIn), secret: signedIn.secret })
      expect((await blueskyConnector.create(office.open()).check(signal())).label).toBe(`@${own.handle}`)
    })

    it('on the server that the handle leads to, over its DID document', async () => {
      const signedIn = await login(internet({ [own.handle]: own.did }), own.handle, null)
      expect(settingsOf(signedIn).live).toEqual({ origin: 'https://pds.example.org', typed: false })
    })

    it('refuses a handle whose DID has another name, and one that nobody has', async () => {
      const other = await network.join(`impostor${names}`)
      await expect(login(internet({ 'minister.example.org': other.did }), 'minister.example.org', null)).rejects.toMatchObject({
        code: 'address_invalid',
      })
      await expect(login(internet({}), 'nobody.example.org', null)).rejects.toMatchObject({ code: 'host_unknown' })
      await expect(login(internet({}), 'no handle', null)).rejects.toMatchObject({ code: 'address_invalid' })
    })

    it('never asks a private address that a document named', async () => {
      const given: Http = {
        fetch: async (request) => {
          const { hostname, pathname } = new URL(request.url)
          if (pathname.endsWith('atproto-did')) return { status: 200, headers: {}, url: request.url, body: Buffer.from(own.did) }
          const url = hostname === 'plc.directory' ? `${network.plc}${pathname}` : request.url
          return systemHttp.fetch({ ...request, url, outside: url === request.url && request.outside === true })
        },
      }
      await expect(login(given, own.handle, null)).rejects.toMatchObject({ code: 'address_private' })
    })

    it('says that a password is wrong, a server none of the network, and an answer from elsewhere refused', async () => {
      await expect(login(systemHttp, own.handle, network.pds, 'wrong')).rejects.toMatchObject({
        kind: 'login',
        code: 'login_failed',
      })
      decide = () => refusal(404, '')
      await expect(login(systemHttp, own.handle, account.proxy.url)).rejects.toMatchObject({ code: 'not_a_server' })
      decide = () => ({ status: 307, headers: { location: `${network.pds}/xrpc/com.atproto.server.createSession` } })
      await expect(login(systemHttp, own.handle, account.proxy.url)).rejects.toMatchObject({ code: 'server_elsewhere' })
    })

    it('an account that held imports becomes live, and never another’s', async () => {
      const imported = BlueskySettings.parse({ handle: null, userId: own.did, server: null })
      expect(aboutBluesky.capabilitiesOf?.(imported)).toMatchObject({ live: false, sends: false, imports: ['archive'] })
      const mine = settingsOf(await login(systemHttp, own.handle, network.pds))
      expect(aboutBluesky.adopt?.(imported, mine)).toEqual(mine)
      const other = await network.join(`stranger${names}`)
      const theirs = settingsOf(await login(systemHttp, other.handle, network.pds, other.password))
      expect(() => aboutBluesky.adopt?.(imported, theirs)).toThrow(expect.objectContaining({ code: 'account_other' }))
    })

    it('renews a session that ended, once for all requests, and opens it anew when it cannot be', async () => {
      await account.sync()
      const first = refreshToken(account)
      let ended = 1
      decide = (name) => (name.startsWith('com.atproto.sync.') && ended-- > 0 ? refusal(400, 'ExpiredToken') : null)
      await account.restart()
      await account.sync()
      expect(refreshToken(account)).not.toBe(first)
      const count = (name: string) => account.proxy.asked.filter((asked) => asked.name === `com.atproto.server.${name}`).length
      expect([count('createSession'), count('refreshSession')]).toEqual([1, 1])
      // Neither token is good any more: the password still opens a session.
      ended = 1
      const access = decide
      decide = (name) => (name.endsWith('refreshSession') ? refusal(400, 'ExpiredToken') : access(name))
      await account.restart()
      await account.sync()
      expect(count('createSession')).toBe(2)
    })
  })

  describe('what is there already', () => {
    it('an export and the live account make one message each, and no other versions', async () => {
      for (const text of ['first 🏛️', 'second', 'third']) await own.post({ text, langs: ['en'] })
      const response = await fetch(`${network.pds}/xrpc/com.atproto.sync.getRepo?did=${own.did}`)
      const { dir, remove } = await folder({})
      const path = join(dir, 'repo.car')
      await writeFile(path, new Uint8Array(await response.arrayBuffer()))
      const request = { format: 'archive' as const, path, parts: [] }
      await blueskyConnector.importFiles?.(request, account.office.open(), signal())
      const imported = account.messages().filter(({ kind }) => kind === 'post')
      expect(imported.map(({ text }) => text)).toEqual(['first 🏛️', 'second', 'third'])
      await account.sync()
      expect(account.messages().filter(({ kind }) => kind === 'post')).toHaveLength(3)
      for (const { remoteId } of imported) expect(account.office.messages.get(remoteId)?.versions).toHaveLength(1)
      await remove()
    })

    it('a record whose content id does not fit is kept in the words of the server', async () => {
      await own.post({ text: 'not quite' })
      account.proxy.change = ({ name }, { body }) =>
        name === 'com.atproto.repo.listRecords' ? { body: body.toString().replace('not quite', 'tampered') } : null
      await account.sync()
      const message = account.saying('tampered')
      expect(message.mediaType).toContain('application/json')
      expect(Buffer.from(message.raw).toString()).toMatch(/^\{"uri":.*tampered/)
      expect(await blueskyConnector.render(message.raw, message.mediaType)).toMatchObject({ text: 'tampered', damaged: false })
    })

    it('keys in another order are no deletion', async () => {
      for (const text of ['a', 'b', 'c']) await own.post({ text })
      await account.sync()
      account.proxy.change = ({ name }, { body }) => {
        if (name !== 'com.atproto.repo.listRecords') return null
        const page = JSON.parse(body.toString()) as { records: unknown[] }
        return { body: JSON.stringify({ ...page, records: page.records.slice(1).reverse() }) }
      }
      await own.post({ text: 'd' })
      await account.sync()
      expect([...account.office.messages.values()].filter(({ deleted }) => deleted)).toEqual([])
    })

    it('a pass that finds nothing asks once, whatever the server has', async () => {
      await account.sync()
      const before = account.proxy.asked.length
      await account.sync()
      expect(account.proxy.asked.slice(before).map(({ name }) => name)).toEqual(['com.atproto.sync.getLatestCommit'])
      expect(account.office.limits).toMatchObject({
        kinds: ['post', 'reply'],
        edits: false,
        text: { most: 300, mostBytes: 3000 },
      })
    })
  })

  describe('what a server may answer', () => {
    it.each<[string, Deed, string]>([
      [
        'a page of HTML with 502',
        { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad gateway' },
        'server_error',
      ],
      ['a page of HTML with 200', { headers: { 'content-type': 'text/html' }, body: '<h1>Welcome' }, 'protocol'],
      ['JSON that ends early', { body: '{"rev":"3k' }, 'protocol'],
      ['JSON of another shape', { body: '{"rev":7}' }, 'protocol'],
      ['429 without a date', refusal(429, 'RateLimitExceeded'), 'rate_limited'],
      ['a redirect to another host', { status: 302, headers: { location: 'https://elsewhere.example/' } }, 'server_elsewhere'],
      ['more than any page has', { body: Buffer.alloc(live.answerBytes + 1, ' ') }, 'too_large'],
    ])('%s passes', async (_, deed, code) => {
      decide = () => deed
      await expect(account.sync()).rejects.toMatchObject({ code, kind: code === 'rate_limited' ? 'rate' : 'transient' })
      decide = () => null
      await account.restart()
      await account.sync()
    })

    it('an answer at the limit is taken', async () => {
      account.proxy.change = ({ name }, { body }) =>
        name === 'com.atproto.sync.getLatestCommit' ? { body: body.toString().padEnd(live.answerBytes) } : null
      await account.sync()
    })
  })

  describe('direct messages', () => {
    let chat: ChatServer
    let other: Someone
    beforeEach(async () => {
      other = await network.join(`friend${names}`)
      chat = new ChatServer(own.did)
      account.proxy.decide = (asked) =>
        chat.answer(asked) ?? (asked.name.startsWith('app.bsky.') ? refusal(501, 'MethodNotImplemented') : 'pass')
      const members = [
        { did: own.did, handle: own.handle },
        { did: other.did, handle: other.handle, displayName: 'A constituent' },
      ]
      chat.add('talk', members)
      chat.add('quiet', members.slice(0, 1))
    })
    const direct = () => account.messages().filter(({ kind }) => kind === 'direct')

    it('come whole the first time, then by the log, and are told when they are gone', async () => {
      for (let index = 0; index < 7; index++) chat.write('talk', index % 2 ? own.did : other.did, `line ${index}`)
      await account.sync()
      expect(direct().map(({ text, direction }) => [text, direction])).toEqual(
        [0, 1, 2, 3, 4, 5, 6].map((index) => [`line ${index}`, index % 2 ? 'outbound' : 'inbound']),
      )
      expect(new Set(direct().map(({ threadKeys }) => threadKeys.join()))).toEqual(new Set(['chat:talk']))
      expect(account.saying('line 0').from).toEqual({ name: 'A constituent', handle: other.handle })
      expect(account.office.limits?.kinds).toContain('direct')
      for (let index = 7; index < 12; index++) chat.write('talk', other.did, `line ${index}`)
      const gone = chat.write('talk', other.did, 'said in anger')
      await account.restart()
      await account.sync()
      expect(direct()).toHaveLength(13)
      chat.remove('talk', gone.id)
      const before = chat.answered.length
      await account.sync()
      expect(account.office.messages.get(account.saying('said in anger').remoteId)?.deleted).toBe(true)
      await account.sync()
      // One request when there is nothing new; two when there was.
      expect(chat.answered.slice(before)).toEqual(['getLog', 'getLog', 'getLog'].map((name) => `chat.bsky.convo.${name}`))
      for (const { versions } of account.office.messages.values()) expect(versions).toHaveLength(1)
    })

    it.each(['before', 'after'] as const)('a process that ends %s any commit loses and doubles nothing', async (when) => {
      for (let index = 0; index < 8; index++) chat.write('talk', other.did, `line ${index}`)
      for (let commit = 1; ; commit++) {
        account.office.killAt({ commit, when })
        const killed = await account.sync().then(
          () => false,
          () => true,
        )
        account.office.killAt(null)
        await account.restart()
        await account.sync()
        expect(direct().map(({ text }) => text)).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((index) => `line ${index}`))
        if (!killed) return
        account.office.messages.clear()
        account.office.cursors.clear()
      }
    })

    it('are answered in their conversation, found when nobody said that they arrived, and written to a handle', async () => {
      chat.write('talk', other.did, 'can you help?')
      await account.sync()
      const answer = outgoing(publish('Gladly', { kind: 'direct' }), { target: account.source('can you help?') })
      expect(await account.client.find?.(answer, signal())).toBeNull()
      account.proxy.change = () => null
      let cut = true
      const usual = account.proxy.decide
      account.proxy.decide = async (asked) => {
        const deed = await usual(asked)
        if (!cut || !asked.name.endsWith('sendMessage') || deed === 'pass' || typeof deed === 'string') return deed
        cut = false
        return { ...deed, cutAt: 5 }
      }
      await expect(account.client.send?.(answer, signal())).rejects.toMatchObject({ untaken: false })
      expect((await account.client.find?.(answer, signal()))?.message).toMatchObject({ text: 'Gladly', direction: 'outbound' })
      const fresh = publish('A word', { kind: 'direct', to: [{ name: '', handle: other.handle }] })
      expect((await account.send(fresh)).message).toMatchObject({ text: 'A word', threadKeys: ['chat:talk'] })
      expect(chat.convos.get('talk')?.messages.map(({ text }) => text)).toEqual(['can you help?', 'Gladly', 'A word'])
      await account.sync()
      expect(direct().map(({ text }) => text)).toEqual(['can you help?', 'Gladly', 'A word'])
    })

    it('that stop answering are told of, and hold nothing else up', async () => {
      await account.sync()
      await own.post({ text: 'goes on' })
      const usual = account.proxy.decide
      account.proxy.decide = (asked) => (asked.headers['atproto-proxy'] === undefined ? usual(asked) : { status: 503 })
      const problem = await account.client.sync(signal())
      expect(problem?.code).toBe('server_error')
      expect(account.saying('goes on').kind).toBe('post')
    })

    it('that a password may not read are absent, and no lost sign-in', async () => {
      const usual = account.proxy.decide
      account.proxy.decide = (asked) =>
        asked.headers['atproto-proxy'] === undefined ? usual(asked) : refusal(400, 'InvalidToken', 'Bad token scope')
      expect(await account.client.sync(signal())).toBeNull()
      expect(account.office.limits?.kinds).toEqual(['post', 'reply'])
    })
  })
})

function refreshToken(account: TestAccount): string {
  return (JSON.parse(account.office.secret ?? '') as { refresh: string }).refresh
}

function settingsOf(signedIn: Awaited<ReturnType<typeof passwordLogin>>): BlueskySettings {
  if (signedIn.settings?.network !== 'bluesky') throw new Error('settings of another network')
  return signedIn.settings.bluesky
}
