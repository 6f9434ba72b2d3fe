import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectors } from '#connectors/registry.ts'
import { Engine } from '#engine/engine.ts'
import type { Account, Identity, MessageId, OutboxItem } from '#shared/model/index.ts'
import { type MovableClock, movableClock } from '../../../support/clock.ts'
import { type Dovecot, startDovecot } from '../../../support/dovecot.ts'
import { type Exim, startExim } from '../../../support/exim.ts'
import { needs } from '../../../support/needs.ts'
import { type TestOffice, testOffice } from '../../../support/office.ts'
import { type SmtpCutter, startSmtpCutter } from '../../../support/smtp-cutter.ts'
import { mail, settingsFor } from '../samples.ts'
import { content } from './outgoing.ts'

needs(
  'dovecot',
  'exim',
  'openssl',
)('a mail on its way through the office', () => {
  let dovecot: Dovecot
  let exim: Exim
  let cutter: SmtpCutter
  let office: TestOffice
  let clock: MovableClock
  let engine: Engine
  let identity: Identity
  let account: Account

  const open = async () => {
    engine = new Engine({ store: office.store, ports: { ...office.ports, clock }, connectors, autostart: false, random: () => 0 })
    await engine.open()
  }
  beforeAll(async () => {
    dovecot = await startDovecot()
    exim = await startExim({ plain: true })
    cutter = await startSmtpCutter(exim.smtp)
    office = await testOffice()
    clock = movableClock()
    await open()
    identity = await office.store.write.addIdentity({ name: 'Office', voice: 'mandate', shape: 'circle', color: 'green' })
    await dovecot.append('INBOX', [{ raw: mail('A question', { from: 'Ada <ada@citizen.example>' }) }])
    const smtp = { host: 'localhost', port: cutter.port, security: 'none' as const }
    const settings = settingsFor(dovecot, { smtp, name: 'Office of Ms Example', perMinute: 6000 })
    account = await engine.accounts.add({
      identityId: identity.id,
      label: null,
      network: 'mail',
      settings,
      secret: dovecot.password,
    })
    await engine.accounts.sync(account.id)
  }, 60_000)
  afterAll(async () => {
    await engine.close()
    await office.remove()
    await cutter.stop()
    await exim.stop()
    await dovecot.stop()
  })

  const queue = (subject: string, target: MessageId | null = null) =>
    engine.outbox.queue({
      identityId: identity.id,
      accountId: account.id,
      content: content({ subject }),
      target,
      quote: null,
      after: null,
      leaves: 'waiting',
      by: 'Ada',
      at: null,
    })
  const look = ({ id }: OutboxItem) => office.store.read.outboxItem(id, identity.id)
  /** Sends what is due once the time to think again is over. */
  const run = async () => {
    clock.pass(15_000)
    return engine.outbox.run(account.id)
  }
  const takenOf = (subject: string) =>
    exim
      .log()
      .split('\n')
      .filter((line) => line.includes(' <= ') && line.includes(`T="${subject}"`)).length
  const conversation = async () => {
    const filter = { view: 'all' as const, identityId: identity.id, accountId: null, labelId: null, unreadOnly: false }
    const [row] = (await office.store.read.page({ filter, from: null, until: null, limit: 1 })).rows
    const found = row && (await office.store.read.conversation(row.id, 10))
    if (!found) throw new Error('there is no conversation')
    return found.messages
  }

  it('answers what came in: sent, filed, in its conversation once, and marked as answered there', async () => {
    const limits = await engine.outbox.limits(account.id, identity.id)
    expect(limits?.kinds).toEqual(['mail'])
    const [question] = await conversation()
    const item = await queue('Re: A question', question?.id as MessageId)
    expect(await run()).toMatchObject({ sent: 1, failed: 0, left: 0 })
    const sent = await look(item)
    expect(sent).toMatchObject({ state: 'sent', message: expect.any(String) })
    await engine.accounts.sync(account.id)
    await engine.accounts.sync(account.id)
    const messages = await conversation()
    expect(messages.map(({ direction, subject, id }) => [direction, subject, id === sent.message])).toEqual([
      ['inbound', 'A question', false],
      ['outbound', 'Re: A question', true],
    ])
    expect(await dovecot.count('Sent')).toBe(1)
    expect(await dovecot.command('SELECT INBOX', 'FETCH 1 FLAGS')).toMatch(/FLAGS \([^)]*\\Answered/)
    await exim.settled()
    expect(exim.delivered('ada@citizen.example')[0]).toMatch(/^In-Reply-To: <A\.question@test\.example>/m)
  }, 60_000)

  it('waits for a person when the line broke at the end, and goes out again only by their word', async () => {
    cutter.next = 'taken'
    const item = await queue('Broken at the end')
    await run()
    await run()
    await run()
    expect(await look(item)).toMatchObject({ state: 'unknown', reason: { code: 'mail_unconfirmed' } })
    await engine.outbox.judge({ id: item.id, identityId: identity.id, by: 'Ada', outcome: 'sent' })
    expect(await run()).toMatchObject({ sent: 0 })
    expect(await look(item)).toMatchObject({ state: 'sent' })
    expect(takenOf('Broken at the end')).toBe(1)
  }, 60_000)

  it('goes out again by itself when the line broke before', async () => {
    cutter.next = 'body'
    const item = await queue('Broken before')
    await run()
    clock.pass(60_000)
    await run()
    expect(await look(item)).toMatchObject({ state: 'sent' })
    expect(takenOf('Broken before')).toBe(1)
  }, 60_000)

  it('fails in words when a recipient is refused', async () => {
    const item = await engine.outbox.queue({
      ...{
        identityId: identity.id,
        accountId: account.id,
        target: null,
        quote: null,
        after: null,
        leaves: 'waiting',
        by: 'Ada',
        at: null,
      },
      content: content({ subject: 'Refused', to: [{ name: '', handle: 'nobody@citizen.example' }] }),
    })
    await run()
    const failed = await look(item)
    expect(failed).toMatchObject({ state: 'failed', reason: { code: 'recipients_refused' } })
    expect(takenOf('Refused')).toBe(0)
  }, 60_000)
})
