import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { type Desk, newDesk } from './support/dispatch.ts'

describe('commands that cannot be carried out', { timeout: 120_000 }, () => {
  let desk: Desk
  beforeAll(async () => {
    desk = await newDesk({ inProcess: true })
  })
  afterAll(() => desk.remove())

  it.each([
    [['inbox'], 'Name a command.'],
    [['qqqq'], "Unknown command 'qqqq'."],
    [['identity', 'add', '--voice', 'mandate'], "Required option '--name <name>' not specified."],
    [['identity', 'add', '--name', 'A', '--voice', 'party'], /institutional, mandate, personal/],
    [['identity', 'add', '--name', ' ', '--voice', 'mandate'], '--name must have 1 to 80 characters.'],
    [['inbox', 'list', '--limit', '0'], /whole number from 1/],
    [['inbox', 'list', '--stat', 'done'], /Unknown option/],
    [['message', 'show'], /Missing required argument/],
    [['message', 'show', 'abc'], /It must be an id/],
    [['conversation', 'set', '1', '--state', 'snoozed'], /conversation snooze/],
    [
      ['account', 'add', 'mail', '--identity', '1', '--imap', 'mail.example.org', '--user', 'u', '--password-env', 'P'],
      /imaps:\/\//,
    ],
    [['account', 'sign-in'], /Missing required argument/],
  ] as const)('%j', async (args, message) => {
    const { code, error } = await desk.fails([...args])
    expect(code).toBe(2)
    expect(error.code).toBe('bad_request')
    if (typeof message === 'string') expect(error.message).toBe(message)
    else expect(error.message).toMatch(message)
  })

  it('name what an account of that network is signed in to with', async () => {
    const own = await newDesk({ inProcess: true })
    try {
      await own.run(['identity', 'add', '--name', 'Press', '--voice', 'institutional'])
      await own.run(['account', 'add', 'archive', '--identity', 'Press', '--network', 'x', '--handle', 'HouseOfExamplia'])
      const { code, error } = await own.fails(['account', 'sign-in', '1'])
      expect(code).toBe(2)
      expect(error.message).toMatch(/--password-env/)
    } finally {
      await own.remove()
    }
  })

  it('are told to people with a way on', async () => {
    const { code, stdout, stderr } = await desk.run(['synk'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toBe("Unknown command 'synk' (Did you mean sync?)\ndispatch --help lists the commands.\n")
  })

  it('do not repeat a password that was written into an address', async () => {
    const url = 'imaps://press:hunter2@mail.example.org'
    const { stderr } = await desk.run([
      'account',
      'add',
      'mail',
      '--identity',
      '1',
      '--imap',
      url,
      '--user',
      'u',
      '--password-env',
      'P',
    ])
    expect(stderr).toContain('Leave user and password out')
    expect(stderr).not.toContain('hunter2')
  })

  it('print help and version on stdout and end well', async () => {
    const help = await desk.run(['inbox', 'list', '--help'])
    expect(help).toMatchObject({ code: 0, stderr: '' })
    expect(help.stdout).toContain('--before <cursor>')
    expect(help.stdout).toContain('--office <dir>')
    expect(await desk.run(['--version'])).toMatchObject({ code: 0, stdout: `${manifest.version}\n` })
  })

  it('leave a folder without an office as it was', async () => {
    await mkdir(desk.office)
    await writeFile(join(desk.office, 'letter.txt'), 'mine')
    expect((await desk.fails(['sync'])).error.code).toBe('office_missing')
    expect(await readFile(join(desk.office, 'letter.txt'), 'utf8')).toBe('mine')
  })

  it('know a file that cannot be read', async () => {
    const made = await newDesk({ inProcess: true })
    await made.run(['identity', 'add', '--name', 'A', '--voice', 'mandate'])
    const missing = await made.fails(['import', 'mbox', 'no-such.mbox', '--account', '1'])
    expect(missing).toMatchObject({ code: 1, error: { code: 'file_unreadable' } })
    expect(missing.error.message).toContain('there is no such file or folder')
    const mail = [
      'account',
      'add',
      'mail',
      '--identity',
      '1',
      '--imap',
      'imaps://localhost:1',
      '--user',
      'u',
      '--password-env',
      'PW',
    ]
    const ca = await made.fails([...mail, '--tls-ca', 'no.pem'], { PW: 'x' })
    expect(ca.error.code).toBe('file_unreadable')
    const unset = await made.fails(mail)
    expect(unset).toMatchObject({ code: 2, error: { code: 'bad_request' } })
    await writeFile(join(made.dir, 'not.pem'), 'hello')
    const noPem = await made.fails([...mail, '--tls-ca', 'not.pem'], { PW: 'x' })
    expect(noPem).toMatchObject({ code: 2, error: { code: 'bad_request' } })
    expect(noPem.error.message).toBe(`${join(made.dir, 'not.pem')} holds no certificate in PEM form.`)
    await writeFile(join(made.dir, 'not.pem'), '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n')
    const damaged = await made.fails([...mail, '--tls-ca', 'not.pem'], { PW: 'x' })
    expect(damaged.error.message).toMatch(/not\.pem cannot be read: certificate 1 of 1 in it is damaged\.$/)
    expect((await made.fails(mail, { PW: 'x' })).error.code).toBe('host_unreachable')
    await made.remove()
  })

  it('say so when the office cannot be made where it should be', async () => {
    const other = await newDesk({ inProcess: true })
    await writeFile(other.office, 'a file, not a folder')
    const { code, error } = await other.fails(['identity', 'add', '--name', 'A', '--voice', 'mandate'])
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'file_unwritable' })
    expect(await readFile(other.office, 'utf8')).toBe('a file, not a folder')
    await other.remove()
  })
})
