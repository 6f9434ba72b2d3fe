import { afterEach, expect, it } from 'vitest'
import { ConnectorFault } from '#connectors/fault.ts'
import { inspectCertificate } from '#connectors/mail/connection.ts'
import { mailConnector } from '#connectors/mail/connector.ts'
import type { MailServer, MailSettings } from '#shared/model/index.ts'
import { MemoryOffice } from '../../support/context.ts'
import { type Dovecot, type DovecotOptions, startDovecot } from '../../support/dovecot.ts'
import { needs } from '../../support/needs.ts'
import { settingsFor } from './samples.ts'

needs('dovecot')('the certificate of a mail server', () => {
  let server: Dovecot
  afterEach(() => server.stop())

  const none = new AbortController().signal
  const start = async (certificate: NonNullable<DovecotOptions['certificate']>) => {
    server = await startDovecot({ certificate })
  }
  const over = (security: 'tls' | 'starttls'): MailServer => ({
    host: 'localhost',
    port: security === 'tls' ? server.imaps : server.imap,
    security,
  })
  const check = async (change: Partial<MailSettings>) => {
    const office = new MemoryOffice({ settings: settingsFor(server, change), secret: server.password })
    const client = mailConnector.create(office.open())
    try {
      return await client.check(none)
    } catch (error) {
      if (error instanceof ConnectorFault) return error
      throw error
    } finally {
      await client.close()
    }
  }
  /** Nobody tried to sign in: the password was not sent. */
  const noSignIn = () => {
    expect(server.log()).not.toMatch(/auth failed|Login: user/)
  }
  const ways = ['tls', 'starttls'] as const

  it.each(ways)('is accepted over %s when its authority is trusted for the account', async (way) => {
    await start('trusted')
    expect(await check({ imap: over(way), ca: server.authority })).toMatchObject({ label: server.user })
  })

  it.each(ways)('is a decision over %s when nobody vouches for it, and no password is sent', async (way) => {
    await start('self-signed')
    const fault = await check({ imap: over(way) })
    expect(fault).toMatchObject({ kind: 'decision', code: 'tls_untrusted' })
    const shown = await inspectCertificate(over(way))
    expect(shown).toMatchObject({ host: 'localhost', port: over(way).port, subject: 'localhost', issuer: 'localhost' })
    expect((fault as ConnectorFault).params['fingerprint']).toBe(shown.fingerprint)
    noSignIn()
  })

  it.each(ways)('is accepted over %s once a person accepted it, and only for that port', async (way) => {
    await start('self-signed')
    const { fingerprint } = await inspectCertificate(over(way))
    expect(await check({ imap: over(way), pins: { 'localhost:1': fingerprint } })).toMatchObject({ code: 'tls_untrusted' })
    expect(await check({ imap: over(way), pins: { [`localhost:${over(way).port}`]: fingerprint } })).toMatchObject({
      label: server.user,
    })
  })

  it.each(ways)('is a decision over %s when it is not the one that was accepted', async (way) => {
    await start('self-signed')
    const pins = { [`localhost:${over(way).port}`]: '0'.repeat(64) }
    const { fingerprint } = await inspectCertificate(over(way))
    expect(await check({ imap: over(way), pins })).toMatchObject({
      kind: 'decision',
      code: 'tls_changed',
      params: { fingerprint },
    })
    noSignIn()
  })

  it.each(ways)('is a decision over %s when it has expired', async (way) => {
    await start('expired')
    expect(await check({ imap: over(way), ca: server.authority })).toMatchObject({
      kind: 'decision',
      code: 'tls_expired',
      params: { date: '2021-01-01' },
    })
    noSignIn()
  })

  it.each(ways)('is a decision over %s when it is for another name', async (way) => {
    await start('wrong-name')
    expect(await check({ imap: over(way), ca: server.authority })).toMatchObject({ kind: 'decision', code: 'tls_mismatch' })
    noSignIn()
  })

  it('is a decision when encryption is expected where there is none', async () => {
    await start('self-signed')
    expect(await check({ imap: { ...over('tls'), port: server.imap } })).toMatchObject({ kind: 'decision', code: 'tls_missing' })
    noSignIn()
  })

  it('is not waived for another computer', async () => {
    await start('self-signed')
    expect(await check({ imap: { host: '192.0.2.1', port: 143, security: 'none' } })).toMatchObject({
      kind: 'decision',
      code: 'tls_missing',
    })
  })

  it('is not needed to tell a wrong password from a right one', async () => {
    await start('self-signed')
    const office = new MemoryOffice({ settings: settingsFor(server), secret: 'wrong' })
    const client = mailConnector.create(office.open())
    await expect(client.check(none)).rejects.toMatchObject({ kind: 'login', code: 'login_failed' })
    await client.close()
    office.secret = null
    const again = mailConnector.create(office.open())
    await expect(again.check(none)).rejects.toMatchObject({ kind: 'login', code: 'secret_missing' })
    await again.close()
  })
})
