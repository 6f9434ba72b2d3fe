import { describe, expect, it } from 'vitest'
import { readAutoconfig } from '#connectors/mail/autoconfig.ts'
import { discoverMail, type Finder } from '#connectors/mail/discover.ts'
import { ProblemError } from '#shared/model/index.ts'

/** A network that knows nothing, except what a test puts into it. */
function finder(
  known: {
    files?: Record<string, string>
    srv?: Record<string, { name: string; port: number }>
    mx?: string[]
    open?: string[]
  } = {},
) {
  const asked: string[] = []
  const it: Finder = {
    http: {
      fetch: async ({ url }) => {
        asked.push(url)
        const body = known.files?.[url.split('?')[0] as string]
        if (body === undefined) throw new ProblemError('host_unknown', { host: new URL(url).host })
        return { status: 200, headers: {}, url, body: Buffer.from(body) }
      },
    },
    srv: async (name) => {
      const record = known.srv?.[name]
      return record === undefined ? [] : [{ ...record, priority: 0, weight: 0 }]
    },
    mx: async () => known.mx ?? [],
    probe: async (server) => {
      asked.push(`${server.host}:${server.port}`)
      return known.open?.includes(`${server.host}:${server.port}`) ?? false
    },
  }
  return { it, asked }
}

const autoconfig = (imap: string) => `<?xml version="1.0"?>
<!DOCTYPE clientConfig [<!ENTITY x "y"><!ENTITY big "&x;&x;">]>
<clientConfig version="1.1"><emailProvider id="parliament.example">
<incomingServer type="pop3"><hostname>pop.parliament.example</hostname><port>995</port><socketType>SSL</socketType></incomingServer>
<incomingServer type="imap"><hostname>plain.parliament.example</hostname><port>143</port><socketType>plain</socketType></incomingServer>
<incomingServer type="imap"><hostname>${imap}</hostname><port>993</port><socketType>SSL</socketType><username>%EMAILLOCALPART%</username><authentication>password-cleartext</authentication></incomingServer>
<outgoingServer type="smtp"><hostname>smtp.%EMAILDOMAIN%</hostname><port>587</port><socketType>STARTTLS</socketType></outgoingServer>
</emailProvider></clientConfig>`

describe('finding the servers of an address', () => {
  it.each([
    ['someone@gmail.com', 'imap.gmail.com', 'google', ['oauth2', 'password']],
    ['Someone@Outlook.com', 'outlook.office365.com', 'microsoft', ['oauth2']],
    ['someone@icloud.com', 'imap.mail.me.com', null, ['password']],
    ['someone@gmx.de', 'imap.gmx.net', null, ['password']],
  ])('knows %s without asking anyone', async (address, host, provider, auth) => {
    const { it: network, asked } = finder()
    expect(await discoverMail(address, network)).toMatchObject({
      imap: { host, security: 'tls' },
      provider,
      auth,
      user: address,
      source: 'provider',
    })
    expect(asked).toEqual([])
  })

  it('reads the organisation’s own file, and takes only encrypted servers from it', async () => {
    const { it: network } = finder({
      files: { 'https://autoconfig.parliament.example/mail/config-v1.1.xml': autoconfig('IMAP.parliament.example') },
    })
    expect(await discoverMail(' office@parliament.example ', network)).toEqual({
      address: 'office@parliament.example',
      user: 'office',
      imap: { host: 'imap.parliament.example', port: 993, security: 'tls' },
      smtp: { host: 'smtp.parliament.example', port: 587, security: 'starttls' },
      auth: ['password'],
      provider: null,
      source: 'well-known',
    })
  })

  it('reads the well-known place too, and knows a provider behind it', async () => {
    const { it: network } = finder({
      files: { 'https://parliament.example/.well-known/autoconfig/mail/config-v1.1.xml': autoconfig('outlook.office365.com') },
    })
    expect(await discoverMail('office@parliament.example', network)).toMatchObject({
      provider: 'microsoft',
      auth: ['oauth2'],
      source: 'well-known',
    })
  })

  it('asks for SRV records, encrypted service first', async () => {
    const { it: network } = finder({
      srv: {
        '_imap._tcp.parliament.example': { name: 'old.parliament.example', port: 143 },
        '_imaps._tcp.parliament.example': { name: 'Mail.parliament.example.', port: 993 },
        '_submission._tcp.parliament.example': { name: 'out.parliament.example', port: 587 },
      },
    })
    expect(await discoverMail('office@parliament.example', network)).toMatchObject({
      imap: { host: 'mail.parliament.example', port: 993, security: 'tls' },
      smtp: { host: 'out.parliament.example', port: 587, security: 'starttls' },
      source: 'srv',
    })
  })

  it('takes a record of a single dot for "not offered"', async () => {
    const { it: network } = finder({
      srv: {
        '_imaps._tcp.parliament.example': { name: '.', port: 0 },
        '_imap._tcp.parliament.example': { name: 'mail.parliament.example', port: 143 },
      },
    })
    expect(await discoverMail('office@parliament.example', network)).toMatchObject({
      imap: { host: 'mail.parliament.example', security: 'starttls' },
    })
  })

  it('sees by the mail exchanger who keeps the mail', async () => {
    const { it: network } = finder({ mx: ['parliament-example.mail.protection.outlook.com'] })
    expect(await discoverMail('office@parliament.example', network)).toMatchObject({
      imap: { host: 'outlook.office365.com' },
      provider: 'microsoft',
      source: 'provider',
    })
    const liar = finder({ mx: ['notgoogle.com'] })
    expect((await discoverMail('office@parliament.example', liar.it)).provider).toBeNull()
  })

  it('tries usual names last', async () => {
    const { it: network, asked } = finder({ open: ['mail.parliament.example:143', 'mail.parliament.example:993'] })
    expect(await discoverMail('office@parliament.example', network)).toMatchObject({
      imap: { host: 'mail.parliament.example', port: 993 },
      smtp: { host: 'mail.parliament.example' },
      source: 'common-name',
    })
    expect(asked).toContain('imap.parliament.example:993')
  })

  it('says so when there is nothing', async () => {
    expect(await discoverMail('office@parliament.example', finder().it)).toMatchObject({
      imap: null,
      smtp: null,
      auth: ['password'],
      source: 'none',
    })
  })

  it('takes international domains in the form that names servers', async () => {
    const { it: network, asked } = finder()
    await discoverMail('büro@bücher.example', network)
    expect(asked.some((one) => one.startsWith('https://autoconfig.xn--bcher-kva.example/'))).toBe(true)
  })

  it.each([
    '',
    'nobody',
    '@x.example',
    'a@',
    'a@localhost',
    'a@10.0.0.1',
    'a b@x.example',
    'a@x.example/../y',
    'a@x.example:80',
    `a@${'x'.repeat(400)}.example`,
  ])('refuses %o as an address', async (address) => {
    const { it: network, asked } = finder()
    await expect(discoverMail(address, network)).rejects.toMatchObject({ code: 'address_invalid' })
    expect(asked).toEqual([])
  })

  it.each([
    '',
    '<html>no</html>',
    '<incomingServer type="imap"><hostname>a b</hostname><port>993</port><socketType>SSL</socketType></incomingServer>',
    '<incomingServer type="imap"><hostname>a.example</hostname><port>99999</port><socketType>SSL</socketType></incomingServer>',
  ])('finds nothing in %o', (xml) => {
    expect(readAutoconfig(xml, 'a@b.example')).toBeNull()
  })
})
