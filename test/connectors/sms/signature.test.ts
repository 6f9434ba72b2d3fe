import { createHash } from 'node:crypto'
import fc from 'fast-check'
import twilio from 'twilio'
import { describe, expect, it } from 'vitest'
import { isFromTwilio } from '#connectors/sms/twilio/signature.ts'

const { getExpectedTwilioSignature, validateRequest } = twilio

describe('the signature of Twilio’s webhooks', () => {
  it('takes what Twilio’s own library signs, and what that takes', () => {
    const name = fc.stringMatching(/^[A-Za-z]{1,12}$/)
    fc.assert(
      fc.property(
        fc.constantFrom(
          'https://relay.example/sms',
          'https://relay.example:443/sms?x=1&y=%20',
          'http://relay.example:8080/',
          'http://relay.example',
        ),
        fc.dictionary(name, fc.oneof(fc.string(), fc.array(fc.string(), { minLength: 1, maxLength: 3 }))),
        fc.string({ minLength: 1, maxLength: 40 }),
        (url, form, token) => {
          const signature = getExpectedTwilioSignature(token, url, form)
          expect(isFromTwilio(token, { url, form, signature })).toBe(true)
          expect(validateRequest(token, signature, url, form)).toBe(true)
          for (const [bad, address, fields] of [
            [signature.slice(1), url, form],
            [signature, `${url}x`, form],
            [signature, url, { ...form, Body: 'another' }],
          ] as const) {
            expect(isFromTwilio(token, { url: address, form: fields, signature: bad })).toBe(
              validateRequest(token, bad, address, fields),
            )
          }
        },
      ),
    )
  })

  it('judges a body that is no form by its hash', () => {
    const body = Buffer.from('{"a":1}')
    const url = `https://relay.example/sms?bodySHA256=${createHash('sha256').update(body).digest('hex')}`
    const signature = getExpectedTwilioSignature('token', url, {})
    expect(isFromTwilio('token', { url, form: {}, body, signature })).toBe(true)
    expect(isFromTwilio('token', { url, form: {}, body: Buffer.from('{"a":2}'), signature })).toBe(false)
    expect(isFromTwilio('token', { url, form: {}, signature })).toBe(false)
  })

  it('a request that is no request is none of Twilio’s', () => {
    expect(isFromTwilio('token', { url: 'nonsense', form: {}, signature: '' })).toBe(false)
  })
})
