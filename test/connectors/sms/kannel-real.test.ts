import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Client, Sent } from '#connectors/connector.ts'
import { smsConnector } from '#connectors/sms/connector.ts'
import type { SmsSettings } from '#shared/model/index.ts'
import { MemoryOffice, newest } from '../../support/context.ts'
import { type Kannel, startKannel } from '../../support/kannel.ts'
import { needs } from '../../support/needs.ts'
import { faultOf, never, outgoing } from './support.ts'

const OWN = '15550100100'
const THEM = '15550199199'

needs('kannel')('text messages by a real Kannel', () => {
  let kannel: Kannel
  let office: MemoryOffice<SmsSettings>
  let client: Client

  beforeAll(async () => {
    kannel = await startKannel()
  })
  afterAll(() => kannel.stop())
  beforeEach(() => {
    const { url, user, password, listener } = kannel
    const settings: SmsSettings = { provider: 'kannel', number: OWN, country: null, url, user, receive: listener }
    office = new MemoryOffice({ settings, secret: password })
    client = smsConnector.create(office.open())
  })
  afterEach(() => client.close())

  /** Passes until the office is as it should be, each begun by what Kannel hands over. */
  const until = async (holds: () => boolean) => {
    await client.sync(never())
    while (!holds()) {
      await client.wait(never())
      await client.sync(never())
    }
  }
  const inbound = () => [...office.messages.values()].map(newest).filter(({ direction }) => direction === 'inbound')
  const keep = async (sent: Sent | undefined) => {
    if (!sent?.message) throw new Error('nothing was sent')
    await office.open().commit({ stream: 'sent', cursor: '', messages: [sent.message], marks: [], gone: [] })
    return sent.message.remoteId
  }

  it('what a phone writes arrives, in any script', async () => {
    kannel.text(THEM, OWN, 'two  blanks, déjà vu & 100 %')
    kannel.text(THEM, OWN, 'نص بالعربية 😀')
    await until(() => inbound().length === 2)
    expect(
      inbound()
        .map(({ text }) => text)
        .sort(),
    ).toEqual(['two  blanks, déjà vu & 100 %', 'نص بالعربية 😀'])
    expect(inbound()[0]).toMatchObject({ kind: 'sms', from: { handle: `+${THEM}` }, threadKeys: [`sms:+${THEM}`] })
    expect(Buffer.from(inbound()[0]?.raw ?? []).toString()).not.toContain(kannel.listener.token)
  })

  it('what came while nobody listened comes later, once', async () => {
    kannel.text(THEM, OWN, 'is anybody there?')
    await until(() => inbound().length === 1)
    await client.close()
    kannel.text(THEM, OWN, 'and now?')
    client = smsConnector.create(office.open())
    await until(() => inbound().length === 2)
    expect(inbound().every((message) => office.messages.get(message.remoteId)?.versions.length === 1)).toBe(true)
  })

  it('what is written arrives at the phone, and the reports come back', async () => {
    const text = 'Grüße [€] “1”'
    const sent = await client.send?.(outgoing(`+${THEM}`, text), never())
    await client.sync(never())
    // Reports that overtake the saving wait for it.
    const id = await keep(sent)
    expect(await kannel.received()).toContain('ucs-2')
    const versions = () => office.messages.get(id)?.versions ?? []
    await until(() =>
      Buffer.from(versions().at(-1)?.raw ?? [])
        .toString()
        .includes('report=1'),
    )
    const last = versions().at(-1)
    const rendered = await smsConnector.render(last?.raw ?? new Uint8Array(0), last?.mediaType ?? '')
    expect(rendered).toMatchObject({ text, damaged: false })
    expect(rendered.html).toContain('delivered')
    expect(Buffer.from(last?.raw ?? []).toString()).not.toMatch(/password|secret/)
  })

  it('a long text goes in parts, a GSM text as such', async () => {
    await client.send?.(outgoing(`+${THEM}`, 'plain GSM'), never())
    expect(await kannel.received()).toMatch(/ text plain GSM$/)
    await client.send?.(outgoing(`+${THEM}`, 'a'.repeat(161)), never())
    expect(await kannel.received()).toContain(' udh ')
    expect(await kannel.received()).toContain(' udh ')
  })

  it('queues while there is no phone', async () => {
    kannel.unplug()
    const sent = await client.send?.(outgoing(`+${THEM}`, 'later'), never())
    expect(sent?.message?.direction).toBe('outbound')
    await kannel.plug()
    expect(await kannel.received()).toMatch(/later$/)
  })

  it('who said STOP is not written to, until START', async () => {
    kannel.text('15550177777', OWN, 'stop')
    await until(() => inbound().length === 1)
    expect((await faultOf(client.send?.(outgoing('+15550177777', 'x'), never()) ?? Promise.resolve())).code).toBe('opted_out')
    // Kannel tells its times in seconds.
    await new Promise((resolve) => setTimeout(resolve, 1100))
    kannel.text('15550177777', OWN, 'START')
    await until(() => inbound().length === 2)
    await client.send?.(outgoing('+15550177777', 'hello again'), never())
    expect(await kannel.received()).toMatch(/hello again$/)
  })

  it('a wrong password is a lost login', async () => {
    office.secret = 'wrong'
    expect((await faultOf(client.check(never()))).kind).toBe('login')
    expect(await faultOf(client.send?.(outgoing(`+${THEM}`, 'x'), never()) ?? Promise.resolve())).toMatchObject({
      kind: 'login',
      untaken: true,
    })
  })
})
