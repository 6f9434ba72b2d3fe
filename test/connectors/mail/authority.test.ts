import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultOfAuthority } from '#connectors/mail/authority.ts'
import { mailConnector } from '#connectors/mail/connector.ts'
import { makeCertificate } from '../../support/certificate.ts'
import { MemoryOffice } from '../../support/context.ts'

describe('the file of an extra authority', () => {
  let dir: string
  let pem: string
  let key: string
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'dispatch-authority-'))
    pem = makeCertificate(dir, 'self-signed')
    key = readFileSync(join(dir, 'key.pem'), 'utf8')
  })
  afterAll(() => rmSync(dir, { recursive: true }))

  it('may hold several certificates, and words around them', () => {
    expect(faultOfAuthority(pem)).toBeNull()
    expect(faultOfAuthority(`Subject: CN = Parliament\r\n${pem.replaceAll('\n', '\r\n')}\nand the next one:\n${pem}`)).toBeNull()
    expect(faultOfAuthority(pem.replaceAll('CERTIFICATE', 'X509 CERTIFICATE'))).toBeNull()
  })

  it('is told for what it is when it is something else', () => {
    for (const text of ['', 'hello', new X509Certificate(pem).raw.toString('utf8')])
      expect(faultOfAuthority(text)).toBe('holds no certificate in PEM form')
    expect(faultOfAuthority(pem.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST'))).toMatch(/^holds a request/)
    expect(faultOfAuthority(key)).toMatch(/^holds a private key/)
    expect(faultOfAuthority(pem + key)).toMatch(/^holds a private key/)
  })

  it('is told to be damaged or cut off, and which certificate is', () => {
    const spoiled = pem.replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA')
    expect(faultOfAuthority(spoiled)).toBe('cannot be read: certificate 1 of 1 in it is damaged')
    expect(faultOfAuthority(pem + spoiled)).toBe('cannot be read: certificate 2 of 2 in it is damaged')
    for (const text of [pem.slice(0, 200), pem + pem.slice(0, 200)]) expect(faultOfAuthority(text)).toMatch(/^is cut off/)
  })

  it('is refused before anything is sent, in words and without repeating it', async () => {
    const settings = mailConnector.parseSettings({
      address: 'office@parliament.example',
      user: 'office',
      auth: 'password',
      // Nobody is there: to go there would be another fault.
      imap: { host: '127.0.0.1', port: 1, security: 'tls' },
      smtp: null,
      folders: [],
      ca: key,
      pins: {},
    })
    const client = mailConnector.create(new MemoryOffice({ settings, secret: 'x' }).open())
    const refused = await client.check(new AbortController().signal).catch((error: unknown) => error)
    await client.close()
    expect(refused).toMatchObject({ kind: 'decision', code: 'bad_request' })
    expect(String(refused)).toContain('the extra authority holds a private key')
    expect(String(refused)).not.toContain(key.split('\n')[1])
  })
})
