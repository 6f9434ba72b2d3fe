import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mailConnector } from '#connectors/mail/connector.ts'
import type { Http } from '#ports/index.ts'
import type { MailSettings } from '#shared/model/index.ts'
import { MemoryOffice } from '../../../support/context.ts'

const none = new AbortController().signal

/** A server that takes one token by XOAUTH2 and refuses every other as Google does: with a challenge that is answered empty. */
describe('sending with a token', () => {
  let server: Server
  let good: string
  let shown: string[]
  beforeEach(async () => {
    good = 'fresh'
    shown = []
    server = createServer((socket) => {
      socket.write('220 smtp.example ESMTP\r\n')
      socket.on('error', () => undefined)
      socket.on('data', (data) => {
        const line = data.toString().trim()
        const [verb = '', mechanism, token = ''] = line.split(' ')
        if (verb === 'EHLO') socket.write('250-smtp.example\r\n250 AUTH XOAUTH2\r\n')
        else if (verb === 'AUTH' && mechanism === 'XOAUTH2') {
          const said = Buffer.from(token, 'base64').toString().split('auth=Bearer ')[1]?.split('\u0001')[0] ?? ''
          shown.push(said)
          socket.write(said === good ? '235 2.7.0 accepted\r\n' : '334 eyJzdGF0dXMiOiI0MDEifQ==\r\n')
        } else if (line === '') socket.write('535 5.7.8 not accepted\r\n')
        else socket.write('221 bye\r\n')
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterEach(() => new Promise<void>((resolve) => server.close(() => resolve())))

  const check = async (accessToken: string, tokens: { status: number; body: object }) => {
    const { port } = server.address() as AddressInfo
    const settings: MailSettings = {
      address: 'office@parliament.example',
      user: 'office@parliament.example',
      auth: 'oauth2',
      imap: { host: '127.0.0.1', port: 1, security: 'none' },
      smtp: { host: '127.0.0.1', port, security: 'none' },
      folders: [],
      ca: null,
      pins: {},
    }
    const http: Http = {
      fetch: async ({ url }) => ({ status: tokens.status, headers: {}, url, body: Buffer.from(JSON.stringify(tokens.body)) }),
    }
    const secret = JSON.stringify({
      tokenUrl: 'https://tokens.example/',
      clientId: 'client',
      clientSecret: null,
      scope: 'mail',
      accessToken,
      refreshToken: 'refresh',
      expiresAt: Date.now() + 3_600_000,
    })
    const office = new MemoryOffice({ settings, secret, http })
    const client = mailConnector.create(office.open())
    try {
      await client.checkSending?.(none)
    } finally {
      await client.close()
    }
    return office
  }

  it('signs in with the token of the mailbox', async () => {
    await check('fresh', { status: 500, body: {} })
    expect(shown).toEqual(['fresh'])
  })

  it('takes a fresh one where it was withdrawn before its time, and keeps that', async () => {
    const office = await check('old', { status: 200, body: { access_token: 'fresh' } })
    // nodemailer shows a refused token twice on its line
    expect(shown).toEqual(['old', 'old', 'fresh'])
    expect(office.secret).toContain('"accessToken":"fresh"')
  })

  it('has lost its sign-in where a fresh one is refused too, and then nothing was taken', async () => {
    good = 'another'
    const refused = check('old', { status: 200, body: { access_token: 'fresh' } })
    await expect(refused).rejects.toMatchObject({ kind: 'login', code: 'login_expired', untaken: true })
  })

  it('waits where the provider is out of order', async () => {
    const away = check('old', { status: 503, body: {} })
    await expect(away).rejects.toMatchObject({ kind: 'transient', code: 'server_error', untaken: true })
  })
})
