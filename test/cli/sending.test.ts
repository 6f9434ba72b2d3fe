import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { AccountShape, IdentityShape } from '#hosts/cli/shapes.ts'
import { type Dovecot, startDovecot } from '../support/dovecot.ts'
import { type Exim, startExim } from '../support/exim.ts'
import { needs } from '../support/needs.ts'
import { type Desk, newDesk } from './support/dispatch.ts'

vi.setConfig({ testTimeout: 120_000 })

needs(
  'dovecot',
  'exim',
  'openssl',
)('how a mailbox sends, at the command line', () => {
  let desk: Desk
  let dovecot: Dovecot
  let exim: Exim
  const set = (...more: string[]) => ['account', 'set-sending', 'Post', ...more]

  beforeAll(async () => {
    dovecot = await startDovecot()
    exim = await startExim()
    desk = await newDesk({ inProcess: true })
    await writeFile(join(desk.dir, 'ca.pem'), dovecot.authority)
    await desk.json(IdentityShape, ['identity', 'add', '--name', 'Ana Diaz MP', '--voice', 'mandate'])
    const imap = ['--imap', `imaps://localhost:${dovecot.imaps}`, '--tls-ca', 'ca.pem', '--user', dovecot.user]
    const add = ['account', 'add', 'mail', '--identity', '1', '--label', 'Post', '--password-env', 'MAIL_PASSWORD', ...imap]
    await desk.json(AccountShape, add, { MAIL_PASSWORD: dovecot.password })
  })
  afterAll(async () => {
    await desk.remove()
    await exim.stop()
    await dovecot.stop()
  })

  it('is only changed when the server takes the sign-in, and its certificate is trusted', async () => {
    const smtp = ['--smtp', `smtp://localhost:${exim.smtp}`]
    const refused = await desk.fails(set(...smtp))
    expect(refused.error.code).toBe('tls_untrusted')
    const fingerprint = /fingerprint ([0-9a-f]{64})/.exec(refused.error.message)?.[1] as string
    const away = await desk.fails(set('--smtp', 'smtps://localhost:1', '--accept-fingerprint', fingerprint))
    expect(away.error.code).toBe('host_unreachable')
    expect(exim.log()).not.toContain('authenticated')
    await desk.json(AccountShape, set(...smtp, '--accept-fingerprint', fingerprint, '--name', 'Office of Ana Diaz'))
    // the certificate stays accepted, and what is not named stays
    await desk.json(AccountShape, set('--per-minute', '60'))
    await desk.json(AccountShape, set('--no-smtp'))
    expect(
      (await desk.fails(set('--accept-fingerprint', fingerprint, ...smtp.slice(0, 1), 'smtps://elsewhere.invalid'))).error.code,
    ).toBe('host_unknown')
  })

  it('needs something to change, and a sensible pace', async () => {
    expect((await desk.fails(set())).error.message).toContain('--per-minute')
    for (const pace of ['0', '1.5', '6001', 'x']) expect((await desk.fails(set('--per-minute', pace))).code).toBe(2)
  })

  it('is a matter of mailboxes alone', async () => {
    await desk.json(AccountShape, ['account', 'add', 'archive', '--identity', '1', '--network', 'x', '--label', 'Old'])
    expect((await desk.fails(['account', 'set-sending', 'Old', '--no-smtp'])).error.code).toBe('bad_request')
  })
})
