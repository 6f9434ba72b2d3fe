import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { ItemShape } from '#hosts/cli/outbox-text.ts'
import { AccountShape, IdentityShape, MessageShape, RowShape, SyncShape } from '#hosts/cli/shapes.ts'
import { type Dovecot, startDovecot } from '../support/dovecot.ts'
import { type Exim, startExim } from '../support/exim.ts'
import { needs } from '../support/needs.ts'
import { type Desk, newDesk } from './support/dispatch.ts'
import { feedServer } from './support/feed-server.ts'

vi.setConfig({ testTimeout: 120_000 })

const Ran = z.object({ sent: z.number(), failed: z.number(), left: z.number() })
const text = 'The ferry sails again.'
const letter = [
  'Message-ID: <letter@citizen.example>',
  `Date: ${new Date(Date.now() - 3_600_000).toUTCString()}`,
  'From: "Ada Writer" <ada@citizen.example>',
  'To: office@parliament.example',
  'Subject: The ferry',
  '',
  'When does it sail?',
  '',
].join('\r\n')

needs(
  'dovecot',
  'exim',
  'openssl',
)('sending at the command line', () => {
  let desk: Desk
  let dovecot: Dovecot
  let exim: Exim
  beforeAll(async () => {
    dovecot = await startDovecot()
    exim = await startExim({ inbox: `${dovecot.dir}/mail/${dovecot.user}`, size: '3M' })
    desk = await newDesk({ inProcess: true })
    await writeFile(join(desk.dir, 'ca.pem'), `${dovecot.authority}\n${exim.authority}`)
    await desk.json(IdentityShape, ['identity', 'add', '--name', 'Office', '--voice', 'mandate'])
    await dovecot.append('INBOX', [{ raw: letter, date: '1-Feb-2026 10:00:00 +0000', flags: [] }])
    const servers = ['--imap', `imaps://localhost:${dovecot.imaps}`, '--smtp', `smtps://${exim.host}:${exim.smtps}`]
    const sign = ['--user', dovecot.user, '--password-env', 'MAIL_PASSWORD', '--tls-ca', join(desk.dir, 'ca.pem')]
    const add = ['account', 'add', 'mail', '--identity', '1', ...servers, ...sign]
    await desk.json(AccountShape, add, { MAIL_PASSWORD: dovecot.password })
    await desk.json(z.array(SyncShape), ['sync'])
  }, 120_000)
  afterAll(async () => {
    await exim.stop()
    await dovecot.stop()
    await desk.remove()
  })

  it('an answer arrives once, is kept with what it answers, and leaves the conversation done', async () => {
    const [row] = await desk.json(z.array(RowShape), ['inbox', 'list'])
    const shown = await desk.json(RowShape.extend({ messages: z.array(z.object({ id: z.string() })) }), [
      'conversation',
      'show',
      row?.id ?? '',
    ])
    const file = join(desk.dir, 'times.txt')
    await writeFile(file, '08:00\n')
    const target = shown.messages[0]?.id ?? ''
    const sent = await desk.json(ItemShape, [
      ...['send', text, '--account', '1', '--reply', target, '--media', file, '--alt', 'Times', '--leave', 'done', '--by', 'Bea'],
    ])
    expect(sent).toMatchObject({
      state: 'sent',
      by: 'Bea',
      target,
      conversation: row?.id,
      content: { kind: 'mail', subject: 'Re: The ferry', to: [{ handle: 'ada@citizen.example' }], media: [{ size: 6 }] },
    })
    const message = await desk.json(MessageShape, ['message', 'show', sent.message ?? ''])
    expect(message).toMatchObject({ conversation: row?.id, direction: 'outbound', attachments: [{ name: 'times.txt' }] })
    const after = await desk.json(z.array(RowShape), ['inbox', 'list', '--state', 'done'])
    expect(after).toMatchObject([{ id: row?.id, outbound: true }])
    // What the folder of sent mail brings is the same message.
    const synced = await desk.json(z.array(SyncShape), ['sync'])
    expect(synced).toMatchObject([{ new: 0, problem: null }])
  })

  it('what is for later waits, can be shown, cancelled, and is not sent by a run', async () => {
    const to = ['--account', '1', '--to', 'Ada Writer <ada@citizen.example>', '--subject', 'Ferry']
    const later = await desk.json(ItemShape, ['send', text, ...to, '--at', '3d'])
    expect(later).toMatchObject({ state: 'queued', tries: 0 })
    const mine = ['--identity', 'Office']
    expect(await desk.json(Ran, ['queue', 'run'])).toEqual({ sent: 0, failed: 0, left: 1 })
    expect(await desk.json(z.array(ItemShape), ['queue', 'list', '--state', 'queued'])).toMatchObject([{ id: later.id }])
    expect((await desk.run(['queue', 'show', later.id, ...mine])).stdout).toContain(text)
    expect(await desk.json(ItemShape, ['queue', 'cancel', later.id, ...mine])).toMatchObject({ state: 'cancelled' })
    expect(await desk.fails(['queue', 'cancel', later.id, ...mine])).toMatchObject({ error: { code: 'outbox_state' } })
    expect(await desk.fails(['queue', 'settle', later.id, 'sent', ...mine])).toMatchObject({ error: { code: 'outbox_state' } })
    expect(await desk.fails(['queue', 'retry', '99', ...mine])).toMatchObject({ error: { code: 'not_found' } })
    await desk.json(IdentityShape, ['identity', 'add', '--name', 'Press', '--voice', 'institutional'])
    expect(await desk.fails(['queue', 'confirm', later.id, '--identity', 'Press'])).toMatchObject({
      error: { code: 'voice_mismatch' },
    })
  })

  it('what cannot be sent is refused before it is queued', async () => {
    const feed = await feedServer()
    try {
      await desk.json(AccountShape, ['account', 'add', 'feed', '--identity', '1', '--url', feed.url])
      expect(await desk.fails(['send', text, '--account', '2'])).toMatchObject({ error: { code: 'send_not_offered' } })
      expect(await desk.fails(['send', ' ', '--account', '1', '--to', 'a@b.example'])).toMatchObject({
        error: { code: 'send_empty' },
      })
      expect(await desk.fails(['send', text, '--account', '1', '--reply', '99'])).toMatchObject({ error: { code: 'not_found' } })
      expect(await desk.fails(['send', text, '--account', '1', '--media', join(desk.dir, 'none.png')])).toMatchObject({
        error: { code: 'file_unreadable' },
      })
      expect(await desk.fails(['act', 'like', '--account', '1', '--handle', 'ada'])).toMatchObject({
        error: { code: 'send_not_offered' },
      })
      expect((await desk.run(['act', 'like'])).code).toBe(2)
      expect((await desk.run(['send', text, '--account', '1', '--to', 'no address'])).code).toBe(2)
      expect(await desk.json(z.array(ItemShape), ['queue', 'list', '--state', 'queued'])).toEqual([])
    } finally {
      await feed.close()
    }
  })
})
