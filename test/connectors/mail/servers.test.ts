import { afterEach, describe, expect, it } from 'vitest'
import type { Client } from '#connectors/connector.ts'
import { mailConnector } from '#connectors/mail/connector.ts'
import type { MailSettings } from '#shared/model/index.ts'
import { MemoryOffice, newest } from '../../support/context.ts'
import { type ScriptedImap, type ScriptedMail, type ScriptedOptions, startScriptedImap } from '../../support/scripted-imap.ts'
import { mail } from './samples.ts'

const none = new AbortController().signal

describe('servers that are not like the others', () => {
  let server: ScriptedImap
  let office: MemoryOffice<MailSettings>
  let client: Client
  const logged: string[] = []
  const start = async (options: ScriptedOptions) => {
    server = await startScriptedImap(options)
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
    const note = (event: string, fields?: unknown) => {
      logged.push(JSON.stringify([event, fields]))
    }
    office = new MemoryOffice({ settings, secret: 'the-password', log: { debug: note, info: note, warn: note, error: note } })
    client = mailConnector.create(office.open())
  }
  afterEach(async () => {
    await client.close()
    await server.stop()
    expect(logged.splice(0).join()).not.toMatch(/the-password|subject|citizen/i)
  })
  const inbox = (...mails: ScriptedMail[]) => ({ folders: { INBOX: { mails } } })

  it('Gmail: one message in two folders is downloaded once, and its thread is Gmail’s', async () => {
    const gmail = (message: string, thread: string) => ({ message, thread })
    const one: ScriptedMail = { raw: mail('one'), gmail: gmail('1001', '9') }
    const two: ScriptedMail = {
      raw: mail('two', { headers: 'References: <elsewhere@x>' }),
      gmail: gmail('1002', '9'),
      flags: ['\\Seen'],
    }
    await start({
      capabilities: ['X-GM-EXT-1', 'SPECIAL-USE'],
      folders: {
        INBOX: { mails: [one] },
        '[Gmail]/All Mail': { uses: ['\\All'], mails: [one, two] },
        '[Gmail]/Spam': { uses: ['\\Junk'], mails: [two] },
      },
    })
    await client.sync(none)
    expect(office.subjects).toEqual(['one', 'two'])
    expect(newest(office.find('one'))).toMatchObject({ remoteId: 's:1001', threadKeys: ['thread:9'] })
    expect(newest(office.find('two'))).toMatchObject({ remoteId: 's:1002', threadKeys: ['thread:9'], read: true })
    const downloads = server.received.filter((line) => line.includes('BODY.PEEK'))
    expect(downloads.map((line) => line.split(' ')[2])).toEqual(['1', '2'])
    expect(await office.open().known('[Gmail]/All Mail')).toHaveLength(2)
  })

  it.each(['refused', 'left out', 'nil'] as const)(
    'a mail that the server cannot hand over (%s) keeps nobody back, and is asked for again',
    async (trouble) => {
      const damaged: ScriptedMail = { raw: mail('damaged'), trouble }
      await start(inbox({ raw: mail('one') }, damaged, { raw: mail('three') }))
      await client.sync(none)
      expect(office.subjects).toEqual(['one', 'three'])
      await client.sync(none)
      expect(office.subjects).toEqual(['one', 'three'])
      delete damaged.trouble
      await client.sync(none)
      expect(office.subjects).toEqual(['damaged', 'one', 'three'])
      const asked = server.received.length
      await client.sync(none)
      expect(server.received.slice(asked).filter((line) => line.includes('BODY'))).toEqual([])
    },
  )

  it('a server that refuses every mail is at fault itself, and nothing is stepped over', async () => {
    const mails: ScriptedMail[] = ['one', 'two'].map((subject) => ({ raw: mail(subject), trouble: 'refused' as const }))
    await start(inbox(...mails))
    await expect(client.sync(none)).rejects.toMatchObject({ kind: 'transient', code: 'server_error' })
    for (const one of mails) delete one.trouble
    await client.sync(none)
    expect(office.subjects).toEqual(['one', 'two'])
  })

  it.each([
    ['[AUTHENTICATIONFAILED] Invalid credentials', 'login', 'login_failed'],
    ['Login failed.', 'login', 'login_failed'],
    ['[EXPIRED] Change your password', 'login', 'login_expired'],
    ['[UNAVAILABLE] Temporary authentication failure.', 'transient', 'server_error'],
    ['[CONTACTADMIN] Something is wrong', 'transient', 'server_error'],
    ['[ALERT] Too many simultaneous connections. (Failure)', 'rate', 'rate_limited'],
    ['[LIMIT] Slow down', 'rate', 'rate_limited'],
    ['[OVERQUOTA] Account exceeded command or bandwidth limits.', 'rate', 'rate_limited'],
    ['Internal server error, try again', 'transient', 'server_error'],
    ['LOGIN temporarily unavailable', 'transient', 'server_error'],
  ])('a sign-in answered with NO %s is %s', async (answer, kind, code) => {
    await start({ ...inbox(), signIn: () => answer })
    await expect(client.check(none)).rejects.toMatchObject({ kind, code })
  })
})
