import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Client } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import { mailConnector } from '#connectors/mail/connector.ts'
import { messageIdOf } from '#connectors/mail/send/compose.ts'
import type { MailSettings } from '#shared/model/index.ts'
import { MemoryOffice, newest } from '../../../support/context.ts'
import { type Dovecot, startDovecot } from '../../../support/dovecot.ts'
import { type Exim, startExim } from '../../../support/exim.ts'
import { needs } from '../../../support/needs.ts'
import { settingsFor } from '../samples.ts'
import { media, outgoing, party } from './outgoing.ts'

const none = new AbortController().signal

/** Whether a file of the user's INBOX names it. */
function dovecotHolds(dovecot: Dovecot, messageId: string): boolean {
  const box = join(dovecot.dir, 'mail', dovecot.user, 'new')
  return existsSync(box) && readdirSync(box).some((name) => readFileSync(join(box, name), 'utf8').includes(messageId))
}

needs(
  'dovecot',
  'exim',
  'openssl',
)('mail through a real server', () => {
  let dovecot: Dovecot
  let exim: Exim
  let office: MemoryOffice<MailSettings>
  let client: Client
  beforeAll(async () => {
    dovecot = await startDovecot()
    exim = await startExim({ inbox: `${dovecot.dir}/mail/${dovecot.user}`, size: '3M' })
  }, 60_000)
  afterAll(async () => {
    await exim.stop()
    await dovecot.stop()
  })
  afterEach(() => client.close())

  const start = (change: Partial<MailSettings> = {}, secret: string = dovecot.password) => {
    const smtp = { host: exim.host, port: exim.smtp, security: 'starttls' as const }
    office = new MemoryOffice({
      settings: settingsFor(dovecot, { smtp, ca: exim.authority, name: 'Office of Ms Example', perMinute: 6000, ...change }),
      secret,
    })
    client = mailConnector.create(office.open())
  }
  const faultOf = async (sending: Promise<unknown>): Promise<ConnectorFault> => {
    const fault = await sending.then(
      () => null,
      (error: unknown) => error,
    )
    if (!(fault instanceof ConnectorFault)) throw new Error('no fault', { cause: fault })
    return fault
  }
  const send = (change: Parameters<typeof outgoing>[0] = {}, files: Uint8Array[] = []) => {
    const item = outgoing(change, files)
    return { item, messageId: messageIdOf(item.key, office.settings), sent: client.send?.(item, none) as Promise<unknown> }
  }

  it.each(['starttls', 'tls'] as const)('arrives over %s, and its copy lies in Sent once', async (security) => {
    start({ smtp: { host: exim.host, port: security === 'tls' ? exim.smtps : exim.smtp, security } })
    await client.sync(none)
    const before = await dovecot.count('Sent')
    const file = Buffer.alloc(700_000, 'x')
    const { item, sent, messageId } = send(
      {
        subject: `Über ${security}`,
        bcc: [party('hidden@citizen.example')],
        media: [media(file, 'Bericht.pdf', 'application/pdf')],
      },
      [file],
    )
    const message = ((await sent) as { message: { remoteId: string; subject: string; place: null } }).message
    expect(message).toMatchObject({ subject: `Über ${security}`, place: null, direction: 'outbound', read: true })
    await exim.settled()
    expect(exim.taken(messageId)).toBe(1)
    expect(exim.delivered('hidden@citizen.example').filter((raw) => raw.includes(messageId))).toHaveLength(1)
    const got = exim.delivered('ada@citizen.example').find((raw) => raw.includes(messageId)) as string
    expect(got).not.toMatch(/hidden/)
    expect(got).toContain('From: Office of Ms Example <office@parliament.example>')
    expect(await dovecot.count('Sent')).toBe(before + 1)
    await client.sync(none)
    expect(
      [...office.messages].filter(([, { versions }]) => versions.at(-1)?.subject === `Über ${security}`).map(([id]) => id),
    ).toEqual([message.remoteId])
    // asked again, by a program that forgot: the same message, and no second copy
    expect((await client.find?.(item, none))?.message?.remoteId).toBe(message.remoteId)
    expect((await client.send?.(item, none))?.message?.remoteId).toBe(message.remoteId)
    expect(exim.taken(messageId)).toBe(1)
    expect(await dovecot.count('Sent')).toBe(before + 1)
  })

  it('one refused recipient keeps the mail from all, and is named', async () => {
    start()
    const { sent, item, messageId } = send({ to: [party('ada@citizen.example'), party('nobody@citizen.example')] })
    const fault = await faultOf(sent)
    expect(fault).toMatchObject({ kind: 'decision', code: 'recipients_refused', untaken: true })
    expect(fault.params).toMatchObject({ addresses: 'nobody@citizen.example', detail: expect.stringContaining('550 5.1.1') })
    expect(exim.taken(messageId)).toBe(0)
    expect(await client.find?.(item, none)).toBeNull()
  })

  it('a server that wants us to come again is asked later', async () => {
    start()
    const { sent, messageId } = send({ to: [party('ada@citizen.example'), party('later@citizen.example')] })
    const fault = await faultOf(sent)
    expect(fault).toMatchObject({ kind: 'transient', code: 'mail_deferred', untaken: true })
    expect(fault.retryAt).toBeGreaterThan(Date.now() + 30_000)
    expect(exim.taken(messageId)).toBe(0)
  })

  it('a wrong password is a lost login, and nothing else is', async () => {
    start({}, 'wrong')
    expect(await faultOf(send().sent)).toMatchObject({ kind: 'login', code: 'login_failed', untaken: true })
    expect(await faultOf(client.checkSending?.(none) as Promise<unknown>)).toMatchObject({ kind: 'login', code: 'login_failed' })
    start({ smtp: { host: 'localhost', port: 1, security: 'tls' } })
    expect(await faultOf(send().sent)).toMatchObject({ kind: 'transient', code: 'host_unreachable', untaken: true })
    start({ smtp: { host: 'localhost', port: dovecot.imap, security: 'tls' } })
    expect(await faultOf(send().sent)).toMatchObject({ kind: 'decision', code: 'tls_missing', untaken: true })
  })

  it('a certificate that nobody vouches for is not sent a password', async () => {
    start({ ca: null })
    const fault = await faultOf(send().sent)
    expect(fault).toMatchObject({ kind: 'decision', code: 'tls_untrusted', untaken: true })
    const pins = { [`${exim.host}:${exim.smtp}`]: fault.params['fingerprint'] as string }
    start({ ca: null, pins })
    await send().sent
    start({ ca: null, pins: { [`${exim.host}:${exim.smtp}`]: 'a'.repeat(64) } })
    expect(await faultOf(send().sent)).toMatchObject({ code: 'tls_changed', untaken: true })
  })

  it('the largest mail is known beforehand, and a larger one is not begun', async () => {
    start()
    await send().sent
    expect(office.limits?.media.mostBytes['*']).toBeLessThan(3 * 1024 * 1024)
    const file = Buffer.alloc(3 * 1024 * 1024, 'x')
    const { sent, messageId } = send({ media: [media(file, 'large.bin')] }, [file])
    const fault = await faultOf(sent)
    expect(fault).toMatchObject({ kind: 'decision', code: 'too_large', untaken: true })
    expect(fault.params['limit']).toBe(String(3 * 1024 * 1024))
    expect(exim.taken(messageId)).toBe(0)
  })

  it('carries addresses of any script where the server does', async () => {
    start()
    const { sent, messageId } = send({ to: [party('josé@citizen.example')] })
    await sent
    expect(exim.taken(messageId)).toBe(1)
  })

  it('no more in a minute than the account may', async () => {
    start({ perMinute: 2 })
    await send().sent
    await send().sent
    const fault = await faultOf(send().sent)
    expect(fault).toMatchObject({ kind: 'rate', code: 'sending_paced', untaken: true })
    expect(fault.retryAt).toBeGreaterThan(Date.now())
  })

  it('a mailbox that cannot be reached does not undo the sending: the copy follows with a sync', async () => {
    start()
    office.settings = { ...office.settings, imap: { ...office.settings.imap, port: 1 } }
    const { sent, messageId } = send({ subject: 'copied later' })
    const { message } = (await sent) as { message: { remoteId: string } }
    expect(exim.taken(messageId)).toBe(1)
    await office.open().commit({ stream: 'outbox', cursor: '1', messages: [message as never], marks: [], gone: [] })
    office.settings = { ...office.settings, imap: { ...office.settings.imap, port: dovecot.imap } }
    await client.close()
    client = mailConnector.create(office.open())
    const before = await dovecot.count('Sent')
    await client.sync(none)
    expect(await dovecot.count('Sent')).toBe(before + 1)
    await client.sync(none)
    expect(await dovecot.count('Sent')).toBe(before + 1)
    expect(office.subjects.filter((subject) => subject === 'copied later')).toHaveLength(1)
  })

  it('a mail that comes back belongs to the one that was sent, and says for whom it failed and why', async () => {
    start()
    await client.sync(none)
    const { sent, messageId } = send({ subject: 'comes back', to: [party('lost@citizen.example')] })
    await sent
    while (!dovecotHolds(dovecot, messageId)) await new Promise((resolve) => setTimeout(resolve, 50))
    await client.sync(none)
    const reports = [...office.messages.values()].map(newest).filter(({ text }) => text.startsWith('✗'))
    expect(reports.map(({ text }) => text.split('\n')[0])).toEqual(['✗ lost@citizen.example — 5.0.0'])
    expect(reports[0]?.text).toContain('the box of this citizen is gone')
    expect(reports[0]).toMatchObject({ direction: 'inbound', threadKeys: expect.arrayContaining([messageId]) })
    expect(newest(office.find('comes back')).threadKeys).toContain(messageId)
  })

  it('only what is mail is sent, and only where there is a server for it', async () => {
    start()
    const reply = { ...outgoing(), content: { do: 'delete' as const } }
    expect(await faultOf(client.send?.(reply, none) as Promise<unknown>)).toMatchObject({ code: 'bad_request', untaken: true })
    start({ smtp: null })
    expect(await faultOf(send().sent)).toMatchObject({ kind: 'decision', code: 'sending_not_set', untaken: true })
    expect(mailConnector.capabilitiesOf?.(office.settings)).toMatchObject({ sends: false, finds: false })
  })
})

needs(
  'dovecot',
  'exim',
  'openssl',
)('servers with less or more than usual', () => {
  it('an address that the server cannot carry is refused in words', async () => {
    const dovecot = await startDovecot()
    const exim = await startExim({ ascii: true, plain: true })
    const smtp = { host: exim.host, port: exim.smtp, security: 'none' as const }
    const office = new MemoryOffice({ settings: settingsFor(dovecot, { smtp }), secret: exim.password })
    const client = mailConnector.create(office.open())
    try {
      const item = outgoing({ to: [party('josé@citizen.example')] })
      await expect(client.send?.(item, none)).rejects.toMatchObject({ code: 'address_unsupported', untaken: true })
      office.settings = { ...office.settings, smtp: { ...smtp, security: 'starttls' } }
      await expect(client.send?.(outgoing(), none)).rejects.toMatchObject({
        kind: 'decision',
        code: 'tls_missing',
        untaken: true,
      })
    } finally {
      await client.close()
      await exim.stop()
      await dovecot.stop()
    }
  }, 60_000)

  it('a server that files by itself is left to it: one copy, and its own id', async () => {
    const dovecot = await startDovecot()
    const exim = await startExim({ plain: true, files: `${dovecot.dir}/mail/${dovecot.user}/.Sent` })
    const smtp = { host: exim.host, port: exim.smtp, security: 'none' as const }
    const office = new MemoryOffice({ settings: settingsFor(dovecot, { smtp, perMinute: 6000 }), secret: exim.password })
    const client = mailConnector.create(office.open())
    try {
      await client.sync(none)
      for (let count = 1; count <= 3; count++) {
        const sent = await client.send?.(outgoing({ subject: `filed ${count}` }), none)
        await client.sync(none)
        expect(await dovecot.count('Sent')).toBe(count)
        expect([...office.messages.keys()]).toContain(sent?.message?.remoteId)
        expect(office.messages.size).toBe(count)
      }
    } finally {
      await client.close()
      await exim.stop()
      await dovecot.stop()
    }
  }, 60_000)
})
