import { mkdir, watch, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { AccountShape, HitShape, IdentityShape, ImportShape, MessageShape, RowShape, SyncShape } from '#hosts/cli/shapes.ts'
import { type Dovecot, startDovecot } from '../support/dovecot.ts'
import { needs } from '../support/needs.ts'
import { type Desk, newDesk } from './support/dispatch.ts'

// Every command is a process of its own.
vi.setConfig({ testTimeout: 120_000 })

const recently = (hours: number) => new Date(Date.now() - hours * 3_600_000)

function letter(n: number, change: { date?: Date; subject?: string; text?: string } = {}): string {
  const { date = recently(n), subject = `Letter ${n}`, text = `Dear Member, this is letter ${n} about the harbour.` } = change
  return [
    `Message-ID: <letter-${n}@constituent.example>`,
    `Date: ${date.toUTCString()}`,
    `From: "Writer ${n}" <writer${n}@constituent.example>`,
    'To: office@parliament.example',
    `Subject: ${subject}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    text,
    '',
  ].join('\r\n')
}

const imapDate = (date: Date) => {
  const [, day, month, year, time] = /, (\d+) (\w+) (\d+) ([\d:]+)/.exec(date.toUTCString()) ?? []
  return `${day}-${month}-${year} ${time} +0000`
}

/** Resolves when a file of that name is put into the folder. */
async function appears(folder: string, name: string): Promise<void> {
  for await (const change of watch(folder)) if (change.filename === name) return
}

needs('dovecot')('a mailbox at the command line', () => {
  let desk: Desk
  let server: Dovecot
  const password = () => ({ MAIL_PASSWORD: server.password })
  const add = (...more: string[]) => [
    ...['account', 'add', 'mail', '--identity', '1', '--imap', `imaps://localhost:${server.imaps}`],
    ...['--smtp', 'smtps://localhost', '--user', server.user, '--password-env', 'MAIL_PASSWORD', ...more],
  ]

  beforeAll(async () => {
    server = await startDovecot()
    desk = await newDesk({ inProcess: true })
    await writeFile(join(desk.dir, 'ca.pem'), server.authority)
    await desk.json(IdentityShape, ['identity', 'add', '--name', 'Ana Diaz MP', '--voice', 'mandate'])
    await server.append(
      'INBOX',
      [3, 2, 1].map((n) => ({ raw: letter(n), date: imapDate(recently(n)), flags: n === 3 ? ['\\Seen'] : [] })),
    )
  })
  afterAll(async () => {
    await desk.remove()
    await server.stop()
  })

  it('is only added when the sign-in works', async () => {
    const untrusted = await desk.fails(add(), password())
    expect(untrusted).toMatchObject({ code: 1, error: { code: 'tls_untrusted' } })
    const wrong = await desk.fails(add('--tls-ca', 'ca.pem'), { MAIL_PASSWORD: 'not it' })
    expect(wrong.error.code).toBe('login_failed')
    expect(JSON.stringify(wrong)).not.toContain('not it"')
    expect(await desk.json(z.array(AccountShape), ['account', 'list'])).toEqual([])
  })

  it('is added with the authority of its server, and synced', async () => {
    const account = await desk.json(AccountShape.strict(), add('--tls-ca', 'ca.pem', '--label', 'Post'), password())
    expect(account).toMatchObject({ network: 'mail', label: 'Post', address: server.user, identity: '1' })
    const [report] = await desk.json(z.array(SyncShape.strict()), ['sync'])
    expect(report).toMatchObject({ label: 'Post', new: 3, updated: 0, deleted: 0, problem: null })
    const rows = await desk.json(z.array(RowShape.strict()), ['inbox', 'list'])
    expect(rows.map(({ subject, unread, state }) => ({ subject, unread, state }))).toEqual([
      { subject: 'Letter 1', unread: 1, state: 'needs_reply' },
      { subject: 'Letter 2', unread: 1, state: 'needs_reply' },
      { subject: 'Letter 3', unread: 0, state: 'done' },
    ])
    expect(rows[0]?.from).toBe('Writer 1')
  })

  it('gives back the bytes that it took in', async () => {
    const [hit] = await desk.json(z.array(HitShape), ['search', 'harbour', '--limit', '1'])
    const { stdout } = await desk.run(['message', 'show', hit?.id ?? '', '--raw'])
    expect(stdout).toBe(letter(1, { date: new Date(/Date: (.*)\r/.exec(stdout)?.[1] ?? '') }))
    const shown = await desk.json(MessageShape, ['message', 'show', hit?.id ?? ''])
    expect(shown.from).toEqual({ name: 'Writer 1', handle: 'writer1@constituent.example' })
  })

  it('sends what was read back with the next sync, and notices what was deleted there', async () => {
    const [row] = await desk.json(z.array(RowShape), ['inbox', 'list', '--limit', '1'])
    await desk.run(['conversation', 'read', row?.id ?? ''])
    await desk.json(z.array(SyncShape), ['sync'])
    expect(await server.command('SELECT INBOX', 'FETCH 1:* FLAGS')).toMatch(/\* 3 FETCH \(FLAGS \([^)]*\\Seen/)
    await server.command('SELECT INBOX', 'STORE 1 +FLAGS (\\Deleted)', 'EXPUNGE')
    const [report] = await desk.json(z.array(SyncShape), ['sync'])
    expect(report).toMatchObject({ new: 0, deleted: 1 })
    expect(await desk.json(z.array(RowShape), ['inbox', 'list'])).toHaveLength(3)
  })

  it('takes in mbox, Maildir and eml files, each once', async () => {
    const old = (n: number) => letter(n, { date: new Date(Date.UTC(2024, 4, n)) })
    await writeFile(
      join(desk.dir, 'archive.mbox'),
      [11, 12]
        .map((n) => `From writer@constituent.example Wed May  1 00:00:00 2024\n${old(n).replaceAll('\r\n', '\n')}\n`)
        .join(''),
    )
    for (const folder of ['cur', 'new', 'tmp']) await mkdir(join(desk.dir, 'Maildir', folder), { recursive: true })
    await writeFile(join(desk.dir, 'Maildir/cur/1.host:2,S'), old(13))
    await writeFile(join(desk.dir, 'one.eml'), old(14))
    const bring = (format: string, path: string) => desk.json(ImportShape.strict(), ['import', format, path, '--account', 'Post'])
    expect(await bring('mbox', 'archive.mbox')).toEqual({ new: 2, known: 0, failed: 0, remarks: [] })
    expect(await bring('mbox', 'archive.mbox')).toMatchObject({ new: 0, failed: 0 })
    expect(await bring('maildir', 'Maildir')).toEqual({ new: 1, known: 0, failed: 0, remarks: [] })
    expect(await bring('eml', 'one.eml')).toEqual({ new: 1, known: 0, failed: 0, remarks: [] })
    const rows = await desk.json(z.array(RowShape), ['inbox', 'list'])
    expect(rows).toHaveLength(7)
    expect(rows.slice(3).map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done'])
    const wrong = await desk.fails(['import', 'maildir', 'one.eml', '--account', 'Post'])
    expect(wrong.code).toBe(1)
    expect(['not_a_mailbox', 'file_unreadable']).toContain(wrong.error.code)
  })

  it('stops an import at Ctrl+C, and goes on from there', async () => {
    const many = Array.from({ length: 4000 }, (_, index) => index + 100)
    const mbox = many.map(
      (n) => `From writer@constituent.example Wed May  1 00:00:00 2024\n${letter(n).replaceAll('\r\n', '\n')}\n`,
    )
    await writeFile(join(desk.dir, 'many.mbox'), mbox.join(''))
    const args = ['import', 'mbox', 'many.mbox', '--account', 'Post', '--json']
    const opened = appears(desk.office, 'host.json')
    const importing = desk.start(args)
    await opened
    importing.child.kill('SIGINT')
    const { code, stdout, stderr } = await importing.ended
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' })
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: 'cancelled', message: expect.stringContaining('the same command goes on from there') },
    })
    const rest = await desk.json(ImportShape, args.slice(0, -1))
    expect(rest.failed).toBe(0)
    const rows = await desk.json(z.array(RowShape), ['inbox', 'list', '--limit', '10000'])
    expect(rows).toHaveLength(4007)
  })

  it('writes an attachment as it was', async () => {
    const picture = Buffer.from(Array.from({ length: 3000 }, (_, index) => (index * 7) % 256))
    const mail = [
      'Message-ID: <attached@constituent.example>',
      `Date: ${recently(0).toUTCString()}`,
      'From: writer@constituent.example',
      'To: office@parliament.example',
      'Subject: With a plan',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      'See the plan of the breakwater.',
      '--b',
      'Content-Type: application/octet-stream',
      'Content-Transfer-Encoding: base64',
      'Content-Disposition: attachment; filename="plan.bin"',
      '',
      picture.toString('base64').replace(/.{76}/g, '$&\r\n'),
      '--b--',
      '',
    ]
    await writeFile(join(desk.dir, 'plan.eml'), mail.join('\r\n'))
    await desk.json(ImportShape, ['import', 'eml', 'plan.eml', '--account', 'Post'])
    const [hit] = await desk.json(z.array(HitShape), ['search', 'breakwater'])
    const shown = await desk.json(MessageShape, ['message', 'show', hit?.id ?? ''])
    expect(shown.attachments).toMatchObject([{ index: 0, name: 'plan.bin', size: 3000 }])
    const written = await desk.run(['message', 'show', hit?.id ?? '', '--attachment', '0'])
    expect(Buffer.from(written.bytes).equals(picture)).toBe(true)
    expect((await desk.fails(['message', 'show', hit?.id ?? '', '--attachment', '5'])).error.code).toBe('not_found')
  })

  it('asks for a new password when the old one no longer works', async () => {
    const refused = await desk.fails(['account', 'sign-in', 'Post', '--password-env', 'NEW'], { NEW: 'wrong' })
    expect(refused.error.code).toBe('login_failed')
    await desk.json(AccountShape, ['account', 'sign-in', 'Post', '--password-env', 'NEW'], { NEW: server.password })
    const [report] = await desk.json(z.array(SyncShape), ['sync'])
    expect(report?.problem).toBeNull()
  })

  it('accepts a certificate by its fingerprint, and STARTTLS', async () => {
    const other = await newDesk({ inProcess: true })
    await other.json(IdentityShape, ['identity', 'add', '--name', 'A', '--voice', 'personal'])
    const mail = (imap: string, ...more: string[]) => [
      ...['account', 'add', 'mail', '--identity', 'A', '--imap', imap, '--user', server.user],
      ...['--password-env', 'MAIL_PASSWORD', ...more],
    ]
    const imap = `imap://localhost:${server.imap}`
    const { error } = await other.fails(mail(imap), password())
    const shown = /fingerprint ([0-9a-f]{64})/.exec(error.message)?.[1] ?? ''
    const colons = shown.toUpperCase().replace(/(..)(?!$)/g, '$1:')
    await other.json(AccountShape, mail(imap, '--accept-fingerprint', colons, '--folder', 'INBOX'), password())
    const [report] = await other.json(z.array(SyncShape), ['sync'])
    expect(report).toMatchObject({ new: 2, problem: null })
    await other.remove()
  })
})
