import { createHash } from 'node:crypto'
import Gateway, { type HttpClient } from 'android-sms-gateway'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Client, Sent } from '#connectors/connector.ts'
import { smsConnector } from '#connectors/sms/connector.ts'
import { limits, times } from '#connectors/sms/limits.ts'
import { systemHttp } from '#hosts/ports/http.ts'
import type { SmsSettings } from '#shared/model/index.ts'
import { FakeClock } from '../../support/clock.ts'
import { MemoryOffice, newest } from '../../support/context.ts'
import type { KitDriver } from '../kit/driver.ts'
import { runConnectorKit } from '../kit/kit.ts'
import { AndroidServer, OWN, PASSWORD, USER } from './android-server.ts'
import { named, nameOf } from './named.ts'
import { faultOf, never, outgoing, target } from './support.ts'
import { faults } from './twilio-server.ts'

const driver: KitDriver<SmsSettings> = {
  connector: named(smsConnector),
  several: limits.pageItems * 2 + 50,
  start: async () => {
    const server = new AndroidServer()
    await server.start()
    return {
      settings: server.settings(),
      secret: PASSWORD,
      http: { fetch: (request) => systemHttp.fetch({ ...request, timeoutMs: server.stalling ? 300 : request.timeoutMs }) },
      put: async (messages) => {
        for (const { subject, text, at } of messages) server.receive({ text: `${subject}\n${text}`, at: at.getTime() })
      },
      duplicate: async (subject) => {
        const one = server.inbox.find(({ text }) => nameOf(text) === subject)
        if (one) server.inbox.push(one)
      },
      remove: async (subject) => {
        server.inbox.splice(
          server.inbox.findIndex(({ text }) => nameOf(text) === subject),
          1,
        )
      },
      list: async () => [...new Set(server.inbox.map(({ text }) => nameOf(text)))],
      rateLimit: async (seconds) => {
        server.faults.push(faults.status(429, '', { 'retry-after': String(seconds) }))
        return true
      },
      refuse: async (on) => {
        server.refusing = on
      },
      fail: async (count, how) => {
        const fault = how === 'error' ? faults.status(500, '<html>') : how === 'cut' ? faults.cut : faults.closed
        server.faults.push(...Array.from({ length: count }, () => fault))
      },
      garbage: async () => {
        server.faults.push(faults.body(createHash('sha512').update('garbage').digest()))
      },
      huge: async () => {
        server.faults.push(faults.body(Buffer.alloc(limits.answerBytes + 1, '[')))
      },
      stall: async (on) => {
        server.stalling = on
        if (!on) server.drop()
      },
      stop: () => server.stop(),
    }
  },
}
runConnectorKit('sms, Android gateway', driver)

describe('text messages by a phone', () => {
  const THEM = '+15550199199'
  const clock = new FakeClock()
  let server: AndroidServer
  let office: MemoryOffice<SmsSettings>
  let client: Client

  beforeEach(async () => {
    server = new AndroidServer()
    await server.start()
    office = new MemoryOffice({ settings: server.settings(), secret: PASSWORD, clock })
    client = smsConnector.create(office.open())
  })
  afterEach(async () => {
    await client.close()
    await server.stop()
  })
  const send = (item = outgoing(THEM, 'hello')) => client.send?.(item, never()) ?? Promise.reject(new Error('no send'))
  const keep = async (sent: Sent | null | undefined) => {
    if (!sent?.message) throw new Error('nothing was sent')
    await office.open().commit({ stream: 'sent', cursor: '', messages: [sent.message], marks: [], gone: [] })
    return sent.message.remoteId
  }

  it('the server of this test answers the app’s own client as the app does', async () => {
    const http: HttpClient = {
      get: async (url, headers) => (await fetch(url, headers ? { headers } : {})).json(),
      post: async (url, body, headers) =>
        (await fetch(url, { method: 'POST', body: JSON.stringify(body), ...(headers && { headers }) })).json(),
      put: () => Promise.reject(new Error('not used')),
      patch: () => Promise.reject(new Error('not used')),
      delete: () => Promise.reject(new Error('not used')),
    }
    await send(outgoing(THEM, 'hello', { key: 'a'.repeat(32) }))
    const gateway = new Gateway(USER, PASSWORD, http, server.url)
    expect(await gateway.getState('a'.repeat(32))).toMatchObject({ state: 'Pending', recipients: [{ phoneNumber: THEM }] })
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({
      id: 'a'.repeat(32),
      textMessage: { text: 'hello' },
      phoneNumbers: [THEM],
      withDeliveryReport: true,
    })
  })

  it('follows an own message until it has arrived, and then no longer', async () => {
    const id = await keep(await send())
    for (const state of ['Sent', 'Delivered']) {
      Object.assign(server.sent[0] ?? {}, { state })
      await client.sync(never())
      await client.sync(never())
    }
    const versions = office.messages.get(id)?.versions ?? []
    const states = await Promise.all(versions.map(({ raw, mediaType }) => smsConnector.render(raw, mediaType)))
    expect(states.map(({ html }) => /<small>(.*)<\/small>/.exec(html ?? '')?.[1])).toEqual(['Pending', 'Sent', 'Delivered'])
    expect(states.map(({ text }) => text)).toEqual(['hello', 'hello', 'hello'])
    const asked = server.requests.length
    await client.sync(never())
    expect(server.requests.slice(asked).map(({ path }) => path.split('?')[0])).toEqual(['/inbox'])
  })

  it('says why one failed, and gives up one that the phone forgot', async () => {
    const id = await keep(await send())
    Object.assign(server.sent[0] ?? {}, { state: 'Failed', error: 'No service' })
    await client.sync(never())
    const last = newest(office.messages.get(id) ?? { versions: [], read: false, answered: false, deleted: false })
    expect((await smsConnector.render(last.raw, last.mediaType)).html).toContain('Failed: No service')
    await keep(await send())
    server.sent.pop()
    await client.sync(never())
    const asked = server.requests.length
    await client.sync(never())
    expect(server.requests.length - asked).toBe(1)
  })

  it('an answer that was lost: the phone knows the message by its id', async () => {
    const item = outgoing(THEM, 'once')
    server.faults.push(faults.dropped)
    expect((await faultOf(send(item))).untaken).toBe(false)
    expect((await client.find?.(item, never()))?.message?.text).toBe('once')
    // Told to send it again all the same, it still has one.
    expect((await send(item)).message?.remoteId).toBe(`out:${item.key}`)
    expect(server.sent).toHaveLength(1)
  })

  it('what it certainly does not have, once it had the time to take it', async () => {
    const item = outgoing(THEM, 'never')
    server.faults.push(faults.closed)
    await faultOf(send(item))
    expect((await faultOf(client.find?.(item, never()) ?? Promise.resolve())).retryAt).toBe(clock.now() + times.settle)
    clock.advance(times.settle)
    expect(await client.find?.(item, never())).toBeNull()
  })

  it('answers who wrote, and refuses who asked for no more', async () => {
    const received = server.receive({ sender: '+442079460123', text: 'question', at: clock.now() - 1000 })
    await client.sync(never())
    const id = `in:${received.id}@${new Date(received.at).toISOString()}`
    await send(outgoing('', 'answer', target(office.source(id))))
    expect(server.sent[0]?.to).toBe('+442079460123')
    server.receive({ sender: '+442079460123', text: 'STOP', at: clock.now() })
    await client.sync(never())
    expect((await faultOf(send(outgoing('+442079460123', 'x')))).code).toBe('opted_out')
  })

  it('a number that the phone refuses', async () => {
    const fault = await faultOf(send(outgoing('+15550101000', 'x')))
    expect(fault).toMatchObject({ code: 'send_refused', untaken: true, params: { detail: 'invalid phone number' } })
  })

  it('pictures come with the message; messages of programs do not', async () => {
    const files = [{ partId: 5, name: 'cat.jpg', contentType: 'image/jpeg', bytes: Buffer.from('cat') }]
    server.receive({ type: 'MMS_DOWNLOADED', text: 'look', at: clock.now(), files })
    server.receive({ type: 'DATA_SMS', text: '00ff', at: clock.now() })
    await client.sync(never())
    const messages = [...office.messages.values()].map(newest)
    expect(messages).toHaveLength(1)
    expect(messages[0]).toMatchObject({ text: 'look', to: [{ handle: OWN }], attachments: [{ name: 'cat.jpg', size: 3 }] })
    expect(Buffer.from(office.kept.get(messages[0]?.media?.[0]?.sha256 ?? '') ?? []).toString()).toBe('cat')
  })

  it('an old app only sends, and says so; a wrong password is told all the same', async () => {
    server.old = true
    expect(await client.sync(never())).toMatchObject({ code: 'inbox_missing' })
    await keep(await send())
    server.refusing = true
    expect((await faultOf(client.check(never()))).kind).toBe('login')
  })
})
