import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Client } from '#connectors/connector.ts'
import { usualPatience } from '#connectors/mail/connection.ts'
import { mailConnectorWith } from '#connectors/mail/connector.ts'
import type { MailSettings } from '#shared/model/index.ts'
import { FakeClock } from '../../support/clock.ts'
import { MemoryOffice } from '../../support/context.ts'
import { type Dovecot, startDovecot } from '../../support/dovecot.ts'
import { type FaultyImap, startFaultyImap } from '../../support/imap-faults.ts'
import { needs } from '../../support/needs.ts'
import { mail, settingsFor } from './samples.ts'

const none = new AbortController().signal

needs('dovecot')('waiting by IDLE', () => {
  let server: Dovecot
  /** Sees what is sent; it never fails here. */
  let line: FaultyImap
  let office: MemoryOffice<MailSettings>
  let client: Client
  let clock: FakeClock
  beforeEach(async () => {
    server = await startDovecot()
    line = await startFaultyImap(server.imap)
    clock = new FakeClock()
    const imap = { host: 'localhost', port: line.port, security: 'none' as const }
    office = new MemoryOffice({ settings: settingsFor(server, { imap, folders: ['INBOX'] }), secret: server.password, clock })
    await server.append('INBOX', [{ raw: mail('one') }])
  })
  afterEach(async () => {
    await client.close()
    await line.stop()
    await server.stop()
  })
  const begin = async (idle: number) => {
    client = mailConnectorWith({ ...usualPatience, idle }).create(office.open())
    await client.sync(none)
  }
  /** How often IDLE was begun and ended. */
  const turns = () => [/ IDLE$/, /^DONE$/].map((what) => line.sent.filter((sent) => what.test(sent)).length)
  const idled = (times: number) => vi.waitFor(() => expect(turns()[0]).toBeGreaterThanOrEqual(times), { timeout: 10_000 })

  it('is ended and begun anew before the server would end it, on the same connection, and still hears of new mail', async () => {
    await begin(100)
    const waiting = client.wait(none)
    await idled(4)
    const [begun = 0, ended = 0] = turns()
    expect(begun - ended).toBeLessThanOrEqual(1)
    await server.append('INBOX', [{ raw: mail('two') }])
    await waiting
    expect(line.sent.filter((sent) => / (LOGIN|AUTHENTICATE) /.test(sent))).toHaveLength(1)
    await client.sync(none)
    expect(office.subjects).toEqual(['one', 'two'])
  })

  it('hears of mail that comes in the moment between two of them', async () => {
    await begin(3)
    for (let n = 0; n < 12; n++) {
      const waiting = client.wait(none)
      await idled(n * 3 + 2)
      await server.append('INBOX', [{ raw: mail(`quick ${n}`) }])
      await waiting
      await client.sync(none)
    }
    expect(office.subjects).toHaveLength(13)
  })

  it('is one IDLE while its time has not come, and ends after five minutes for a look at every folder', async () => {
    await begin(usualPatience.idle)
    const waiting = client.wait(none)
    await idled(1)
    clock.advance(5 * 60_000 - 1)
    expect(turns()).toEqual([1, 0])
    clock.advance(1)
    await waiting
    expect(turns()).toEqual([1, 1])
  })
})
