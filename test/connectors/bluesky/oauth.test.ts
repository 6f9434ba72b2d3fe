import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { blueskyConnector } from '#connectors/bluesky/connector.ts'
import { browserLogin } from '#connectors/bluesky/live/login.ts'
import { type OAuthSecret, readOAuth } from '#connectors/bluesky/live/oauth.ts'
import { type SignedIn, SignIns } from '#connectors/kit/sign-in.ts'
import { systemClock } from '#hosts/ports/clock.ts'
import { systemHttp } from '#hosts/ports/http.ts'
import type { HttpRequest } from '#ports/index.ts'
import type { BlueskySettings } from '#shared/model/index.ts'
import { type BlueskyNetwork, type Someone, startBluesky } from '../../support/bluesky.ts'
import { MemoryOffice } from '../../support/context.ts'
import { needs } from '../../support/needs.ts'
import { signal } from './account.ts'
import { visitPage } from './browser.ts'

needs('bluesky')('signing in through the browser to a real PDS', () => {
  let network: BlueskyNetwork
  let names = 0
  let own: Someone
  let signIns: SignIns
  const asked: HttpRequest[] = []
  /** The PDS without the services behind it. */
  const http = {
    fetch: async (request: HttpRequest) => {
      asked.push(request)
      if (!request.url.includes('/xrpc/app.bsky.') && request.headers?.['atproto-proxy'] === undefined)
        return systemHttp.fetch(request)
      return { status: 501, headers: {}, url: request.url, body: Buffer.from('{"error":"MethodNotImplemented"}') }
    },
  }

  beforeAll(async () => {
    network = await startBluesky({ views: false })
  }, 180_000)
  afterAll(async () => {
    await network.stop()
  })
  beforeEach(async () => {
    own = await network.join(`browser${++names}`)
    signIns = new SignIns(systemClock)
    asked.length = 0
  })
  afterEach(() => signIns.close())

  const begin = () => signIns.begin(browserLogin({ http, clock: systemClock }, { handle: own.handle, server: network.pds }))
  const signIn = async (): Promise<SignedIn> => {
    const { flow, url } = await begin()
    await visitPage(url, own, 'allow')
    expect(await signIns.wait(flow)).toEqual({ done: true, problem: null })
    return signIns.take(flow)
  }
  const officeOf = (signedIn: SignedIn) => {
    if (signedIn.settings?.network !== 'bluesky') throw new Error('settings of another network')
    return new MemoryOffice<BlueskySettings>({ settings: signedIn.settings.bluesky, secret: signedIn.secret, http })
  }
  const secretOf = (office: MemoryOffice<BlueskySettings>): OAuthSecret => {
    const secret = readOAuth(office.secret ?? '')
    if (secret === null) throw new Error('no tokens')
    return secret
  }

  it('gives tokens that are bound to a key of this account, and reads it with them', async () => {
    await own.post({ text: 'signed in' })
    const signedIn = await signIn()
    expect(signedIn).toMatchObject({
      label: `@${own.handle}`,
      settings: { bluesky: { handle: own.handle, userId: own.did, live: { origin: network.pds, typed: true } } },
    })
    const office = officeOf(signedIn)
    const client = blueskyConnector.create(office.open())
    await client.sync(signal())
    expect([...office.messages.keys()]).toHaveLength(1)
    for (const { headers } of asked.filter(({ url }) => url.includes('/xrpc/')))
      expect(headers?.['authorization'] ?? 'DPoP').toMatch(/^DPoP/)
    // Without the key the token is good for nothing.
    const { access } = secretOf(office)
    const bare = await fetch(`${network.pds}/xrpc/com.atproto.server.getSession`, {
      headers: { authorization: `DPoP ${access}` },
    })
    expect(bare.status).toBeGreaterThanOrEqual(400)
  })

  it('renews its tokens as they end, and asks the person when the sign-in was withdrawn', async () => {
    const office = officeOf(await signIn())
    const first = secretOf(office)
    office.secret = JSON.stringify({ ...first, expiresAt: 0 })
    await blueskyConnector.create(office.open()).sync(signal())
    const second = secretOf(office)
    expect(second.access).not.toBe(first.access)
    expect(second.refresh).not.toBe(first.refresh)
    // The old refresh token was used: a server takes that for a theft and ends the sign-in.
    office.secret = JSON.stringify({ ...first, expiresAt: 0 })
    await expect(blueskyConnector.create(office.open()).sync(signal())).rejects.toMatchObject({
      kind: 'login',
      code: 'login_expired',
    })
  })

  it('a person who refuses is no fault, and an answer of another server is none of ours', async () => {
    const refused = await begin()
    await visitPage(refused.url, own, 'refuse')
    expect(await signIns.wait(refused.flow)).toEqual({ done: false, problem: null })
    const visit = await browserLogin({ http, clock: systemClock }, { handle: own.handle, server: network.pds }).visit(
      'http://127.0.0.1:1/',
      signal(),
    )
    const forged = new URLSearchParams({ code: 'stolen', state: visit.state, iss: 'https://elsewhere.example' })
    await expect(visit.finish(forged, signal())).rejects.toMatchObject({ code: 'login_failed' })
  })
})
