import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { connectors } from '#connectors/registry.ts'
import { Engine } from '#engine/engine.ts'
import { AccountShape, SyncShape } from '#hosts/cli/shapes.ts'
import { systemClock } from '#hosts/ports/clock.ts'
import { systemHttp } from '#hosts/ports/http.ts'
import type { Http } from '#ports/index.ts'
import { type Account, BlueskySettings, defaultMark, type MessageId, type OutgoingContent } from '#shared/model/index.ts'
import { type Desk, newDesk } from '../../cli/support/dispatch.ts'
import { ask as query } from '../../support/ask.ts'
import type { BlueskyNetwork, Someone } from '../../support/bluesky.ts'
import { type TestOffice, testOffice } from '../../support/office.ts'
import { publish } from './account.ts'
import { accountOf, noChat } from './driver.ts'
import { type LoopbackProxy, startProxy } from './proxy.ts'

/** The whole way, in a real office: signed in, brought, answered, deleted, and each of it in the ledger. */
export function officeRuns(network: () => BlueskyNetwork): void {
  describe('in an office', () => {
    let own: Someone
    let other: Someone
    let proxy: LoopbackProxy
    let runs = 0

    beforeEach(async () => {
      runs++
      own = await network().join(`office${runs}`)
      other = await network().join(`citizen${runs}`)
      proxy = await startProxy(network().pds)
      proxy.decide = (asked) => noChat(asked) ?? 'pass'
    })
    afterEach(() => proxy.stop())

    const ask = async () => {
      const post = await own.post({ text: 'Ask us about the ferry' })
      return other.post({ text: 'When is it back?', reply: { root: post, parent: post } })
    }

    describe('by the engine', () => {
      let office: TestOffice
      let engine: Engine
      let account: Account
      let http: Http

      beforeEach(async () => {
        office = await testOffice()
        http = systemHttp
        const ports = {
          ...office.ports,
          clock: systemClock,
          http: { fetch: (request: Parameters<Http['fetch']>[0]) => http.fetch(request) },
        }
        engine = new Engine({ store: office.store, ports, connectors, autostart: false, random: Math.random })
        const identity = await office.store.write.addIdentity({
          name: 'Office',
          voice: 'institutional',
          ...defaultMark.institutional,
        })
        const { settings, secret } = accountOf(own, proxy.url)
        const input = { network: 'bluesky', identityId: identity.id, label: null, secret } as const
        account = await engine.accounts.add({ ...input, settings: BlueskySettings.parse(settings) })
      })
      afterEach(async () => {
        await engine.outbox.stop()
        await engine.accounts.close()
        await office.remove()
      })

      const pass = async () => {
        const [report] = await engine.accounts.sync(account.id)
        expect(report?.problem).toBeNull()
        return report
      }
      const find = async (text: string): Promise<MessageId> => {
        const { hits } = await office.store.read.find(query(`"${text}"`, 5))
        if (hits.length !== 1) throw new Error(`${hits.length} messages say ${text}`)
        return (hits[0] as (typeof hits)[number]).id
      }
      const send = (content: OutgoingContent, target: MessageId | null) => {
        const at = new Date(systemClock.now()).toISOString()
        const { identityId, id: accountId } = account
        return engine.outbox.queue({
          identityId,
          accountId,
          content,
          target,
          quote: null,
          after: null,
          leaves: 'waiting',
          by: 'Ada',
          at,
        })
      }

      // The network is given time to put away what it may have taken, by the real clock.
      it('an answer is sent once though nobody says that it arrived, and a deletion is told', { timeout: 120_000 }, async () => {
        await ask()
        expect(await pass()).toMatchObject({ new: 2 })
        const question = await find('When is it back')
        let lost = 1
        proxy.change = ({ name }, { body }) => {
          if (name !== 'com.atproto.repo.createRecord' || lost === 0) return null
          lost--
          return { cutAt: body.length >> 1 }
        }
        await send(publish('On Monday.', { kind: 'reply' }), question)
        expect(await engine.outbox.run(account.id)).toEqual({ sent: 1, failed: 0, left: 0 })
        expect(lost).toBe(0)
        const { records } = (await own.ask('com.atproto.repo.listRecords', {
          repo: own.did,
          collection: 'app.bsky.feed.post',
        })) as {
          records: { value: { text: string } }[]
        }
        expect(records.map(({ value }) => value.text)).toEqual(['On Monday.', 'Ask us about the ferry'])
        // The pass that follows knows it already.
        expect(await pass()).toMatchObject({ new: 0, updated: 0 })
        const answer = await find('On Monday')
        await send({ do: 'delete' }, answer)
        expect(await engine.outbox.run(account.id)).toEqual({ sent: 1, failed: 0, left: 0 })
        await pass()
        expect((await office.store.read.message(answer))?.deletedAt).toEqual(expect.any(String))
        const verdict = await office.store.read.verifyLedger(account.identityId, null, 10_000, true)
        expect(verdict.faults).toEqual([])
      })
    })

    describe('at the command line', () => {
      let desk: Desk
      beforeEach(async () => {
        desk = await newDesk({ inProcess: true })
        await desk.run(['identity', 'add', '--name', 'Press office', '--voice', 'institutional'])
      })
      afterEach(() => desk.remove())

      it('is added with a password, synced and searched; a wrong password makes nothing', { timeout: 120_000 }, async () => {
        await ask()
        const args = ['account', 'add', 'bluesky', '--identity', '1', '--handle', own.handle, '--server', proxy.url]
        const env = { BLUESKY_PASSWORD: 'wrong' }
        expect((await desk.fails([...args, '--password-env', 'BLUESKY_PASSWORD'], env)).error.code).toBe('login_failed')
        env.BLUESKY_PASSWORD = own.password
        const added = await desk.json(AccountShape, [...args, '--password-env', 'BLUESKY_PASSWORD'], env)
        expect(added).toMatchObject({ network: 'bluesky', address: own.handle, label: `@${own.handle}` })
        const [report] = await desk.json(z.array(SyncShape), ['sync'])
        expect(report).toMatchObject({ new: 2, problem: null })
        const found = await desk.run(['search', 'network:bluesky back'])
        expect(found.stdout).toContain('When is it back?')
      })
    })
  })
}
