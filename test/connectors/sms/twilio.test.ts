import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Client, Sent } from '#connectors/connector.ts'
import { smsConnector } from '#connectors/sms/connector.ts'
import { limits, times } from '#connectors/sms/limits.ts'
import type { SmsSettings } from '#shared/model/index.ts'
import { FakeClock } from '../../support/clock.ts'
import { MemoryOffice, newest } from '../../support/context.ts'
import { faultOf, never, outgoing, target } from './support.ts'
import { faults, OWN, TOKEN, TwilioServer } from './twilio-server.ts'

const THEM = '+15550199199'

describe('text messages by Twilio', () => {
  const clock = new FakeClock()
  let server: TwilioServer
  let office: MemoryOffice<SmsSettings>
  let client: Client

  beforeEach(async () => {
    server = new TwilioServer(() => clock.now())
    await server.start()
    office = new MemoryOffice<SmsSettings>({ settings: server.settings(), secret: TOKEN, clock })
    client = smsConnector.create(office.open())
  })
  afterEach(async () => {
    await client.close()
    await server.stop()
    expect(server.specFaults).toEqual([])
  })

  const restart = async () => {
    await client.close()
    client = smsConnector.create(office.open())
  }
  /** Saves what a sending gave, as the outbox does. */
  const keep = async (sent: Sent | null) => {
    if (!sent?.message) throw new Error('nothing was sent')
    await office.open().commit({ stream: 'sent', cursor: '', messages: [sent.message], marks: [], gone: [] })
    return sent.message
  }
  const texts = () => [...office.messages.values()].map((message) => newest(message).text)
  const send = (to: string, text: string) => client.send?.(outgoing(to, text), never()) ?? Promise.reject(new Error('no send'))
  const made = () => server.messages.filter(({ direction }) => direction === 'outbound-api')

  describe('receiving', () => {
    it('everything with one number is one conversation, in both directions', async () => {
      server.add({ body: 'one' })
      server.add({ body: 'two', direction: 'outbound-api' })
      await client.sync(never())
      expect([...office.messages.values()].map((message) => newest(message).threadKeys)).toEqual([
        [`sms:${THEM}`],
        [`sms:${THEM}`],
      ])
      expect(office.limits?.text).toEqual({ counting: 'sms', most: limits.sendSegments, mostBytes: null })
    })

    it('a poll that finds nothing costs one request in each direction, and saves nothing', async () => {
      server.add({})
      await client.sync(never())
      const [asked, saved] = [server.requests.length, office.batches.length]
      await client.sync(never())
      expect(server.requests.length - asked).toBe(2)
      expect(office.batches.length - saved).toBe(0)
    })

    it('reads an answer as what it is: its own bytes, without those around it', async () => {
      const kept = server.add({ body: 'déjà “vu” 😀' })
      await client.sync(never())
      const message = newest([...office.messages.values()][0] ?? { versions: [], read: false, answered: false, deleted: false })
      expect(JSON.parse(Buffer.from(message.raw).toString())).toMatchObject({ sid: kept.sid, body: kept.body })
      expect(message).toMatchObject({ remoteId: kept.sid, kind: 'sms', from: { handle: THEM }, to: [{ handle: OWN }] })
    })

    it('an own message is followed until it arrived; each state is a version', async () => {
      const sent = await keep(await send(THEM, 'hello'))
      const [kept] = made()
      if (!kept) throw new Error('nothing was sent')
      for (const status of ['sent', 'delivered']) {
        kept.sent ??= clock.now()
        kept.status = status
        clock.advance(60_000)
        await client.sync(never())
        await client.sync(never())
      }
      const versions = office.messages.get(sent.remoteId)?.versions ?? []
      expect(versions.map(({ raw }) => JSON.parse(Buffer.from(raw).toString()).status)).toEqual(['queued', 'sent', 'delivered'])
      expect((await smsConnector.render(versions[2]?.raw ?? new Uint8Array(0), versions[2]?.mediaType ?? '')).html).toContain(
        'delivered',
      )
    })

    it('follows one that takes days, and says why it failed', async () => {
      const kept = server.add({ direction: 'outbound-api', status: 'sent', body: 'slow' })
      await client.sync(never())
      clock.advance(50 * 60 * 60_000)
      server.add({ body: 'much later' })
      await client.sync(never())
      Object.assign(kept, { status: 'undelivered', errorCode: 30005, errorMessage: 'Unknown destination handset' })
      clock.advance(20 * 60_000)
      await client.sync(never())
      const last = office.messages.get(kept.sid)?.versions.at(-1)
      expect((await smsConnector.render(last?.raw ?? new Uint8Array(0), last?.mediaType ?? '')).html).toContain(
        'undelivered: 30005 Unknown destination handset',
      )
    })

    it('a picture message comes with its files, in the office', async () => {
      const bytes = Buffer.from('not really a picture')
      server.add({ body: 'look', media: [{ sid: `ME${'1'.repeat(32)}`, type: 'image/jpeg', bytes }] })
      await client.sync(never())
      const message = newest([...office.messages.values()][0] ?? { versions: [], read: false, answered: false, deleted: false })
      expect(message.attachments).toMatchObject([
        { mediaType: 'image/jpeg', size: bytes.length, name: `ME${'1'.repeat(32)}.jpeg` },
      ])
      expect(Buffer.from(office.kept.get(message.media?.[0]?.sha256 ?? '') ?? []).toString()).toBe(bytes.toString())
      expect((await smsConnector.render(message.raw, message.mediaType)).attachments).toHaveLength(1)
    })

    it('files elsewhere are fetched without the password, and never from a private network', async () => {
      const other = new TwilioServer()
      await other.start()
      server.mediaAt = other.url
      server.add({ body: 'look', media: [{ sid: `ME${'1'.repeat(32)}`, type: 'image/jpeg', bytes: Buffer.from('x') }] })
      expect((await faultOf(client.sync(never()))).code).toBe('address_private')
      expect(other.requests).toEqual([])
      await other.stop()
    })

    it('a file at the limit is kept; without one over it the message comes all the same', async () => {
      const media = (length: number) => [{ sid: `ME${'1'.repeat(32)}`, type: 'image/jpeg', bytes: Buffer.alloc(length) }]
      server.add({ body: 'at the limit', media: media(limits.mediaBytes) })
      server.add({ body: 'over', media: media(limits.mediaBytes + 1) })
      await client.sync(never())
      expect(texts().sort()).toEqual(['at the limit', 'over'])
      expect([...office.kept.values()].map(({ length }) => length)).toEqual([limits.mediaBytes])
      expect([...office.messages.values()].map((message) => newest(message).attachments.length)).toEqual([1, 1])
    })

    it('numbers of the own country are known without a plus', async () => {
      office.settings = { ...server.settings(), country: 'DE' }
      await restart()
      server.add({ from: '030 1234567', body: 'hallo' })
      server.add({ from: 'Bank', body: 'a name cannot be answered' })
      await client.sync(never())
      expect([...office.messages.values()].map((message) => newest(message).from.handle).sort()).toEqual(['+49301234567', 'Bank'])
    })
  })

  describe('sending', () => {
    it('hands over what was written, and gives what Twilio made of it', async () => {
      const sent = await keep(await send(THEM, 'Grüße, ça va ? 😀'))
      expect(sent).toMatchObject({
        direction: 'outbound',
        text: 'Grüße, ça va ? 😀',
        to: [{ handle: THEM }],
        threadKeys: [`sms:${THEM}`],
      })
      expect(made()).toHaveLength(1)
      expect(Object.fromEntries(server.requests.at(-1)?.form ?? [])).toEqual({ To: THEM, From: OWN, Body: 'Grüße, ça va ? 😀' })
      await client.sync(never())
      expect(office.messages.size).toBe(1)
    })

    it('answers the number that wrote', async () => {
      const kept = server.add({ from: '+442079460000', body: 'question' })
      await client.sync(never())
      await client.send?.(outgoing('', 'answer', target(office.source(kept.sid))), never())
      expect(made()[0]?.to).toBe('+442079460000')
    })

    it.each([
      ['to a name', outgoing('Bank', 'x'), 'number_invalid'],
      ['of nothing', outgoing(THEM, '  '), 'bad_request'],
      ['longer than eleven segments', outgoing(THEM, 'a'.repeat(limits.sendChars + 1)), 'bad_request'],
      ['in UCS-2 longer than eleven segments', outgoing(THEM, 'ê'.repeat(738)), 'bad_request'],
    ])('refuses a text %s before anything is asked', async (_, item, code) => {
      const fault = await faultOf(client.send?.(item, never()) ?? Promise.resolve())
      expect(fault).toMatchObject({ code, kind: 'decision', untaken: true })
      expect(server.requests).toEqual([])
    })

    it('sends one that is as long as may be', async () => {
      await send(THEM, 'ê'.repeat(737))
      expect(made()[0]?.body).toHaveLength(737)
    })

    it.each([
      [400, 'decision', true, { code: 21408, message: 'Permission to send an SMS has not been enabled for the region' }],
      [400, 'decision', true, { code: 21614, message: 'not a mobile number' }],
    ])('HTTP %i of Twilio is final', async (_, kind, untaken, refusal) => {
      server.refusals.set(THEM, refusal)
      const fault = await faultOf(send(THEM, 'x'))
      expect(fault).toMatchObject({ kind, untaken, code: refusal.code === 21614 ? 'number_invalid' : 'send_refused' })
      expect(made()).toEqual([])
    })

    it.each([
      ['a lost answer', faults.dropped, false],
      ['an answer cut in the middle', faults.cut, false],
      ['a fault of its own with a page', faults.status(502, '<html><body>Bad gateway</body></html>'), false],
      ['too many requests', faults.status(429), true],
      ['a redirect to another host', faults.status(307, '', { location: 'https://elsewhere.example/' }), false],
    ])('%s: says whether Twilio can have it', async (_, fault, untaken) => {
      server.faults.push(fault)
      expect((await faultOf(send(THEM, 'x'))).untaken).toBe(untaken)
    })
  })

  describe('after an outcome that is not known', () => {
    const lose = async (
      fault: (typeof server.faults)[number],
      item = outgoing(THEM, 'once', { queuedAt: new Date(clock.now()).toISOString() }),
    ) => {
      server.faults.push(fault)
      await faultOf(client.send?.(item, never()) ?? Promise.resolve())
      return item
    }

    it('finds what was taken', async () => {
      const item = await lose(faults.dropped)
      clock.advance(times.settle)
      const sent = await client.find?.(item, never())
      expect(sent?.message?.remoteId).toBe(made()[0]?.sid)
    })

    it('says what was not taken only when Twilio has had time to take it', async () => {
      const item = await lose(faults.closed)
      const early = await faultOf(client.find?.(item, never()) ?? Promise.resolve())
      expect(early).toMatchObject({ kind: 'transient', retryAt: clock.now() + times.settle })
      clock.advance(times.settle)
      expect(await client.find?.(item, never())).toBeNull()
    })

    it('finds it after a kill, although the clocks differ', async () => {
      const item = await lose(faults.dropped)
      const [kept] = made()
      if (kept) kept.created -= times.clocks - 1000
      await restart()
      expect((await client.find?.(item, never()))?.message?.remoteId).toBe(kept?.sid)
    })

    it('does not take another item with the same words for it', async () => {
      const first = outgoing(THEM, 'once', { queuedAt: new Date(clock.now()).toISOString() })
      const sent = await client.send?.(first, never())
      const second = await lose(faults.closed)
      clock.advance(times.settle)
      expect(await client.find?.(second, never())).toBeNull()
      expect((await client.find?.(first, never()))?.message?.remoteId).toBe(sent?.message?.remoteId)
    })

    it('cannot say which of two it is', async () => {
      const item = await lose(faults.dropped)
      server.add({ direction: 'outbound-api', to: THEM, body: 'once' })
      clock.advance(times.settle)
      expect(await faultOf(client.find?.(item, never()) ?? Promise.resolve())).toMatchObject({
        kind: 'decision',
        code: 'sent_unclear',
      })
    })

    it('an older one with the same words is not it', async () => {
      server.add({ direction: 'outbound-api', to: THEM, body: 'once' })
      clock.advance(times.clocks + 60_000)
      const item = await lose(faults.closed)
      clock.advance(times.settle)
      expect(await client.find?.(item, never())).toBeNull()
    })
  })

  describe('people who want no more', () => {
    it('are not written to until they ask for it again', async () => {
      server.add({ body: 'Stop.' })
      await client.sync(never())
      const fault = await faultOf(send(THEM, 'x'))
      expect(fault).toMatchObject({ code: 'opted_out', kind: 'decision', untaken: true, params: { number: THEM, word: 'Stop.' } })
      expect(made()).toEqual([])
      await restart()
      expect((await faultOf(send(THEM, 'x'))).code).toBe('opted_out')
      clock.advance(60_000)
      server.add({ body: 'start' })
      await client.sync(never())
      await send(THEM, 'welcome back')
      expect(made()).toHaveLength(1)
    })

    it('count by when they asked, in whatever order it is read', async () => {
      server.add({ body: 'STOP', sent: clock.now() - 1000 })
      server.add({ body: 'START', sent: clock.now() })
      await client.sync(never())
      await send(THEM, 'x')
      server.add({ body: 'BAJA', from: '+34910000000' })
      await client.sync(never())
      expect((await faultOf(send('+34910000000', 'x'))).code).toBe('opted_out')
    })

    it('are known by the network too', async () => {
      server.refusals.set(THEM, { code: 21610, message: 'Attempt to send to unsubscribed recipient' })
      expect((await faultOf(send(THEM, 'x'))).code).toBe('opted_out')
      server.refusals.clear()
      const asked = server.requests.length
      expect((await faultOf(send(THEM, 'x'))).code).toBe('opted_out')
      expect(server.requests.length).toBe(asked)
    })

    it('a kill before the message is saved loses nothing of it', async () => {
      server.add({ body: 'ARRÊT' })
      office.killAt({ commit: 2, when: 'before' })
      await expect(client.sync(never())).rejects.toThrow()
      await restart()
      expect((await faultOf(send(THEM, 'x'))).code).toBe('opted_out')
      await client.sync(never())
      expect(texts()).toEqual(['ARRÊT'])
    })
  })

  describe('reading own messages again', () => {
    it('sees how far they got, and that one was removed', async () => {
      const sent = await keep(await send(THEM, 'hello'))
      const [kept] = made()
      if (kept) Object.assign(kept, { status: 'delivered', sent: clock.now() })
      await client.reread?.([sent.remoteId], never())
      expect(office.messages.get(sent.remoteId)?.versions).toHaveLength(2)
      await client.reread?.([sent.remoteId], never())
      expect(office.messages.get(sent.remoteId)?.versions).toHaveLength(2)
      server.messages.splice(0)
      await client.reread?.([sent.remoteId], never())
      expect(office.batches.at(-1)?.messages[0]?.deletedAt).toBe(new Date(clock.now()).toISOString())
    })
  })

  describe('answers that no server should give', () => {
    it('pages that repeat end the pass', async () => {
      server.add({})
      server.repeats = true
      expect((await faultOf(client.sync(never()))).kind).toBe('transient')
      server.repeats = false
      await restart()
      await client.sync(never())
      expect(office.messages.size).toBe(1)
    })

    it('a next page at another server is not asked for', async () => {
      server.faults.push(faults.body('{"messages":[],"next_page_uri":"https://elsewhere.example/page"}'))
      expect((await faultOf(client.sync(never()))).code).toBe('protocol')
    })

    it.each([
      ['truncated JSON', '{"messages":[{"sid":"SM'],
      ['a list of anything', '{"messages":[1,null,"x",{"sid":7}]}'],
      ['another shape', '{"posts":[]}'],
      ['a page with status 200', '<!doctype html><title>Log in</title>'],
    ])('%s costs nothing that is there', async (_, body) => {
      server.add({ body: 'kept' })
      await client.sync(never())
      server.faults.push(faults.body(body), faults.body(body))
      const outcome = await client.sync(never()).then(
        () => 'passed over',
        (error: Error) => error.name,
      )
      expect(['passed over', 'ConnectorFault']).toContain(outcome)
      server.faults = []
      await restart()
      await client.sync(never())
      expect(texts()).toEqual(['kept'])
    })

    it('waits by the server’s own clock when asked to until a date', async () => {
      const skew = 3 * 60 * 60_000
      const at = (ms: number) => new Date(clock.now() + skew + ms).toUTCString()
      server.faults.push(faults.status(429, '', { date: at(0), 'retry-after': at(90_000) }))
      const fault = await faultOf(client.sync(never()))
      expect(fault).toMatchObject({ kind: 'rate', retryAt: clock.now() + 90_000 })
    })

    it('a revoked token is a lost login, also while sending', async () => {
      server.refusing = true
      expect(await faultOf(send(THEM, 'x'))).toMatchObject({ kind: 'login', untaken: true })
    })
  })
})
