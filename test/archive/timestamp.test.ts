import { createHash, randomBytes, webcrypto } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DerError, readDer, readTime, tags } from '#archive/timestamp/der.ts'
import { integerBytes, timestampRequest } from '#archive/timestamp/request.ts'
import { stamp, type TimestampQuestion, verifyTimestamp } from '#archive/timestamp/timestamp.ts'
import { readToken } from '#archive/timestamp/token.ts'
import { needs } from '../support/needs.ts'
import { type Authority, type AuthorityOptions, startAuthority } from './support/authority.ts'

const subtle = webcrypto.subtle
const hash = createHash('sha256').update('what is stamped').digest()
const verify = (question: TimestampQuestion) => verifyTimestamp(subtle, question)

needs('openssl')('a timestamp', () => {
  const running: Authority[] = []
  afterAll(async () => {
    for (const authority of running) await authority.close()
  })
  const start = async (options: AuthorityOptions) => {
    const authority = await startAuthority(options)
    running.push(authority)
    return authority
  }
  const ask = async (authority: Authority, nonce: Uint8Array = randomBytes(16)) => ({
    nonce,
    ...(await stamp(subtle, { hash, nonce, authority: authority.root, post: authority.post })),
  })

  describe.each(['rsa', 'p256', 'p384'] as const)('by an authority with a key of kind %s', (key) => {
    let authority: Authority
    let good: TimestampQuestion
    beforeAll(async () => {
      authority = await start({ key })
      const { response, nonce } = await ask(authority)
      good = { response, nonce, hash, authority: authority.root }
    })

    it('tells when', async () => {
      const before = Math.floor(Date.now() / 1000) * 1000
      const { verdict } = await ask(authority)
      if (!verdict.ok) throw new Error(verdict.fault)
      expect(verdict.signer).toBe('Made up, Stamp of time')
      expect(Date.parse(verdict.time)).toBeGreaterThanOrEqual(before)
      expect(Date.parse(verdict.time)).toBeLessThanOrEqual(Date.now() + 1000)
    })

    it('holds without the nonce, and by trust in the certificate that signed', async () => {
      expect(await verify({ ...good, nonce: null })).toMatchObject({ ok: true })
      expect(await verify({ ...good, authority: authority.signer })).toMatchObject({ ok: true })
      expect(await verify({ ...good, authority: `${authority.signer}${authority.root}` })).toMatchObject({ ok: true })
    })

    it('does not hold for anything else', async () => {
      const other = createHash('sha256').update('something else').digest()
      expect(await verify({ ...good, hash: other })).toEqual({ ok: false, fault: 'other_content' })
      expect(await verify({ ...good, nonce: randomBytes(16) })).toEqual({ ok: false, fault: 'other_nonce' })
    })

    it('does not hold with one bit of it changed, wherever that is in what is signed', async () => {
      // The certificates of a longer chain that come along unasked, and the frame, may hold bits that nothing hangs on; the
      // time, the imprint, the signed attributes and the signature may not.
      const bytes = Buffer.from(good.response)
      const imprint = bytes.indexOf(hash)
      const places = [imprint - 30, imprint, imprint + 31, imprint + 40, bytes.length - 1, bytes.length - 40, bytes.length - 100]
      for (const place of places) {
        const forged = Buffer.from(bytes)
        forged[place] = (forged[place] ?? 0) ^ 1
        expect(await verify({ ...good, response: forged }), `byte ${place}`).toMatchObject({ ok: false })
      }
    })

    it('is never taken when it is cut short, and never breaks the checker', async () => {
      for (let length = 0; length < good.response.length; length += 7) {
        expect(await verify({ ...good, response: good.response.slice(0, length) })).toEqual({ ok: false, fault: 'malformed' })
      }
      for (let place = 0; place < good.response.length; place += 3) {
        const flipped = Buffer.from(good.response)
        flipped[place] = (flipped[place] ?? 0) ^ (1 << (place % 8))
        // What is not signed may be anything; it may only not be an error of the program.
        expect(await verify({ ...good, response: flipped })).toHaveProperty('ok')
        const pem = Buffer.from(authority.root)
        const at = 40 + (place % (pem.length - 80))
        pem[at] = (pem[at] ?? 0) ^ (1 << (place % 7))
        expect(await verify({ ...good, authority: pem.toString('latin1') })).toHaveProperty('ok')
      }
      const longer = Buffer.concat([good.response, Buffer.of(0)])
      expect(await verify({ ...good, response: longer })).toEqual({ ok: false, fault: 'malformed' })
    })
  })

  it('by an authority that is not the given one does not hold', async () => {
    const [one, other] = [await start({ key: 'p256' }), await start({ key: 'p256' })]
    const { response } = await ask(one)
    expect(await verify({ response, nonce: null, hash, authority: other.root })).toEqual({ ok: false, fault: 'authority' })
    expect(await verify({ response, nonce: null, hash, authority: '' })).toEqual({ ok: false, fault: 'authority' })
    const broken = one.root.replace('MII', 'MIJ')
    expect(await verify({ response, nonce: null, hash, authority: broken })).toEqual({ ok: false, fault: 'malformed' })
  })

  it('by a certificate that is over does not hold', async () => {
    const { verdict } = await ask(await start({ key: 'p256', expired: true }))
    expect(verdict).toEqual({ ok: false, fault: 'expired' })
  })

  it('by a certificate that is not for stamping time and nothing else does not hold', async () => {
    const good = await ask(await start({ key: 'p256' }))
    const info = readToken(good.response).content
    const judge = async (purposes: string) => {
      const authority = await start({ key: 'p256', purposes })
      return await verify({ response: authority.forge(info), nonce: null, hash, authority: authority.root })
    }
    expect(await judge('critical,timeStamping')).toMatchObject({ ok: true })
    const wrong = { ok: false, fault: 'purpose' }
    expect(await judge('timeStamping')).toEqual(wrong)
    expect(await judge('critical,codeSigning')).toEqual(wrong)
    expect(await judge('critical,timeStamping,codeSigning')).toEqual(wrong)
    const odd = await start({ key: 'p256', extension: '1.2.3.4 = critical,ASN1:UTF8String:unheard of' })
    expect(await verify({ response: odd.forge(info), nonce: null, hash, authority: odd.root })).toEqual(wrong)
  })

  it('by a signature that does not name its certificate does not hold', async () => {
    const authority = await start({ key: 'p256' })
    const info = readToken((await ask(authority)).response).content
    const question = { nonce: null, hash, authority: authority.root }
    expect(await verify({ ...question, response: authority.forge(info) })).toMatchObject({ ok: true })
    expect(await verify({ ...question, response: authority.forge(info, false) })).toEqual({ ok: false, fault: 'signature' })
  })

  it('that the authority would not give is told as such', async () => {
    const authority = await start({ key: 'p256' })
    const request = Buffer.from(timestampRequest(hash, Buffer.of(1)))
    // A hash that this authority does not take: SHA-384 by its object identifier, with too few bytes.
    request[request.indexOf(Buffer.from('608648016503040201', 'hex')) + 8] = 2
    const response = await authority.post(request)
    expect(await verify({ response, nonce: null, hash, authority: authority.root })).toEqual({ ok: false, fault: 'refused' })
  })

  it('answers a nonce of any shape', async () => {
    const authority = await start({ key: 'p256' })
    for (const nonce of [Buffer.of(0, 0, 5), Buffer.of(0x80), Buffer.of(0), Buffer.of(0x7f, 0xff)]) {
      expect((await ask(authority, nonce)).verdict).toMatchObject({ ok: true })
    }
  })
})

describe('DER', () => {
  it.each([
    ['a length that could be shorter', '0481026162'],
    ['an indefinite length', '30800000'],
    ['a length of five bytes', '04850000000001ff'],
    ['more than one element', '05000500'],
    ['too little', '0403ffff'],
    ['a tag of two bytes', '1f8101'],
    ['nothing', ''],
  ])('is not %s', (_, hex) => expect(() => readDer(Buffer.from(hex, 'hex'))).toThrow(DerError))

  const time = (text: string, tag: number = tags.generalizedTime) => {
    const value = Buffer.from(text)
    return readTime({ tag, value, whole: value })
  }

  it.each([
    ['20260131093000Z', '2026-01-31T09:30:00.000Z'],
    ['20260131093000.25Z', '2026-01-31T09:30:00.250Z'],
    ['20260131093000.1234567Z', '2026-01-31T09:30:00.123Z'],
  ])('reads the time %s', (text, iso) => expect(new Date(time(text)).toISOString()).toBe(iso))

  it('reads two digits of a year as RFC 5280 does', () => {
    expect(new Date(time('490131093000Z', tags.utcTime)).getUTCFullYear()).toBe(2049)
    expect(new Date(time('500131093000Z', tags.utcTime)).getUTCFullYear()).toBe(1950)
  })

  it.each(['20260230093000Z', '20260131093000', '20260131093000.20Z', '20260131093000+0100', '2026013109300Z', ''])(
    'refuses the time %j',
    (text) => expect(() => time(text)).toThrow(DerError),
  )

  it('writes a nonce as a positive number without leading zeros', () => {
    expect([...integerBytes(Buffer.of(0, 0))]).toEqual([0])
    expect([...integerBytes(Buffer.of(0, 0x80))]).toEqual([0, 0x80])
    expect([...integerBytes(Buffer.of(0, 0x7f))]).toEqual([0x7f])
  })
})
