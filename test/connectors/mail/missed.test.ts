import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import { mailConnector } from '#connectors/mail/connector.ts'
import type { MailSettings } from '#shared/model/index.ts'
import { FakeClock } from '../../support/clock.ts'
import { MemoryOffice } from '../../support/context.ts'
import { type ScriptedImap, type ScriptedMail, startScriptedImap } from '../../support/scripted-imap.ts'
import { mail } from './samples.ts'

const none = new AbortController().signal
const DAY_MS = 24 * 60 * 60_000

describe('a mail at which the server ends the connection', () => {
  let server: ScriptedImap
  let mails: ScriptedMail[]
  let office: MemoryOffice<MailSettings>
  let client: Client
  let clock: FakeClock
  const remark = { code: 'messages_left_out', params: { host: '127.0.0.1', count: '1', folder: 'INBOX' } }

  beforeEach(async () => {
    mails = []
    server = await startScriptedImap({ folders: { INBOX: { mails } } })
    clock = new FakeClock()
    const settings: MailSettings = {
      address: 'office@parliament.example',
      user: 'office@parliament.example',
      auth: 'password',
      imap: { host: '127.0.0.1', port: server.port, security: 'none' },
      smtp: null,
      folders: [],
      ca: null,
      pins: {},
    }
    office = new MemoryOffice({ settings, secret: 'x', clock })
    client = mailConnector.create(office.open())
  })
  afterEach(async () => {
    await client.close()
    await server.stop()
  })

  /** Passes as the engine makes them, a new client after each fault, until one comes to its end. */
  const passes = async (): Promise<{ faults: string[]; remark: unknown }> => {
    const faults: string[] = []
    for (;;) {
      const outcome = await client.sync(none).catch((error: unknown) => error)
      if (!(outcome instanceof ConnectorFault)) return { faults, remark: outcome }
      faults.push(outcome.code)
      if (faults.length > 10) throw new Error('it never comes to its end')
      await client.close()
      client = mailConnector.create(office.open())
    }
  }
  const plain = (subject: string): ScriptedMail => ({ raw: mail(subject) })
  const deadly = (): ScriptedMail => ({ raw: mail('deadly'), trouble: 'drop' })
  const asked = (since: number) => server.received.slice(since).filter((line) => line.includes('BODY.PEEK'))

  it('is stepped over in a first sync after three times alone, is told of, and what is around it comes', async () => {
    mails.push(plain('one'), plain('two'), deadly(), plain('four'), plain('five'))
    const outcome = await passes()
    expect(outcome.faults).toEqual(Array(4).fill('connection_lost'))
    expect(outcome.remark).toEqual(remark)
    expect(office.subjects).toEqual(['five', 'four', 'one', 'two'])
    expect([...office.messages.values()].every((message) => message.versions.length === 1)).toBe(true)
  })

  it('is stepped over among new mail too, and later mail comes', async () => {
    mails.push(plain('one'))
    await passes()
    mails.push(deadly(), plain('three'))
    expect((await passes()).remark).toEqual(remark)
    mails.push(plain('four'))
    expect(await passes()).toEqual({ faults: [], remark })
    expect(office.subjects).toEqual(['four', 'one', 'three'])
  })

  it('is left alone for a day, then asked for once without a fault of the pass, and comes when it can', async () => {
    const bad = deadly()
    mails.push(plain('one'), bad)
    await passes()
    let before = server.received.length
    expect(await passes()).toEqual({ faults: [], remark })
    expect(asked(before)).toEqual([])
    clock.advance(DAY_MS)
    before = server.received.length
    expect(await passes()).toEqual({ faults: [], remark })
    expect(asked(before)).toHaveLength(1)
    before = server.received.length
    expect(await passes()).toEqual({ faults: [], remark })
    expect(asked(before)).toEqual([])
    delete bad.trouble
    clock.advance(DAY_MS)
    await passes()
    expect(office.subjects).toEqual(['deadly', 'one'])
    expect(await passes()).toEqual({ faults: [], remark: null })
  })

  it('is no longer spoken of once it is gone from the server', async () => {
    mails.push(plain('one'), deadly())
    await passes()
    mails.pop()
    clock.advance(DAY_MS)
    await passes()
    expect(await passes()).toEqual({ faults: [], remark: null })
  })

  it('is not stepped over when the line is bad and every time it is another mail', async () => {
    mails.push(
      ...['one', 'two', 'three', 'four', 'five', 'six'].map((subject) => ({ raw: mail(subject), trouble: 'drop once' as const })),
    )
    const outcome = await passes()
    expect(outcome.faults).toHaveLength(6)
    expect(outcome.remark).toBeNull()
    expect(office.subjects).toEqual(['five', 'four', 'one', 'six', 'three', 'two'])
  })

  it('of those that are only refused, nothing is forgotten when one breaks the line', async () => {
    mails.push({ raw: mail('refused'), trouble: 'refused' }, plain('two'), plain('three'))
    expect((await passes()).remark).toEqual(remark)
    mails.push(deadly(), plain('five'))
    expect((await passes()).remark).toMatchObject({ params: { count: '2' } })
    delete mails[0]?.trouble
    expect((await passes()).remark).toEqual(remark)
    expect(office.subjects).toEqual(['five', 'refused', 'three', 'two'])
  })
})
