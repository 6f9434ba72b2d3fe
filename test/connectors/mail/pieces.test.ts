import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConnectorFault } from '#connectors/fault.ts'
import { printPlace, readCursor, readPlace } from '#connectors/mail/cursor.ts'
import { toFault } from '#connectors/mail/faults.ts'
import { readFetchAnswer } from '#connectors/mail/fetch-answer.ts'
import { expandUids, packUids } from '#connectors/mail/uids.ts'

describe('sets of UIDs', () => {
  it('are short, and come back as they were', () => {
    expect(packUids([1, 2, 3, 7, 9, 10])).toBe('1:3,7,9:10')
    const uids = fc.uniqueArray(fc.integer({ min: 1, max: 500 })).map((all) => all.sort((a, b) => a - b))
    fc.assert(
      fc.property(uids, (all) => {
        expect(expandUids(packUids(all), 1000, 'host')).toEqual(all)
      }),
    )
  })

  it('are refused when they hold more than there can be, or no numbers', () => {
    expect(expandUids('1:100', 100, 'host')).toHaveLength(100)
    for (const set of ['1:101', '1:4294967295', '0', 'a', '1:2:3', '-1', '1,', '5000000000'])
      expect(() => expandUids(set, 100, 'host')).toThrow(ConnectorFault)
  })
})

describe('places and cursors', () => {
  it('come back as they were', () => {
    const folder = fc.string().filter((name) => !name.includes('\0'))
    fc.assert(
      fc.property(folder, fc.nat(), fc.integer({ min: 1 }), (name, validity, uid) => {
        expect(readPlace(printPlace(name, String(validity), uid))).toEqual({ folder: name, validity: String(validity), uid })
      }),
    )
  })

  it('of another kind are none', () => {
    for (const place of ['', 'x', 'a\u0000b', 'a\u0000b\u0000c', 'a\u0000b\u00000', 'a\u0000b\u00001\u0000'])
      expect(readPlace(place)).toBeNull()
    for (const cursor of [null, '', '{', '{}', '42', 'null']) expect(readCursor(cursor)).toBeNull()
  })
})

describe('a FETCH answer', () => {
  const literal = Buffer.from('Subject: x\r\n\r\n')
  const read = (line: string, literals = [literal]) => readFetchAnswer({ payload: Buffer.from(line, 'latin1'), literals })

  it('is read when it is of the plain kind, in any order', () => {
    expect(
      read(
        `* 12 FETCH (UID 7 FLAGS (\\Seen $Label) INTERNALDATE "05-Jan-2026 10:00:00 +0100" RFC822.SIZE 14 MODSEQ (9) BODY[]<0> {${literal.length}}\r\n)`,
      ),
    ).toEqual({
      seq: 12,
      id: '',
      uid: 7,
      flags: new Set(['\\Seen', '$Label']),
      internalDate: new Date('2026-01-05T09:00:00Z'),
      size: 14,
      source: literal,
    })
    expect(read(`* 1 FETCH (BODY[] {${literal.length}}\r\n FLAGS () X-GM-THRID 5 X-GM-MSGID 6 UID 3)`)).toMatchObject({
      uid: 3,
      emailId: '6',
      threadId: '5',
    })
    expect(read(`* 1 FETCH (UID 3 EMAILID (M1-a) THREADID NIL BODY[]<0> {${literal.length}}\r\n)`)).toMatchObject({
      emailId: 'M1-a',
    })
  })

  it.each([
    '* 1 FETCH (UID 3 FLAGS ())',
    `* 1 FETCH (UID 3 BODY[] {${literal.length}}\r\n) more`,
    `* 1 FETCH (UID 3 BODY[] {1}\r\n)`,
    `* 1 FETCH (BODY[] {${literal.length}}\r\n)`,
    `* 1 FETCH (UID 3 ENVELOPE NIL BODY[] {${literal.length}}\r\n)`,
    `* 1 FETCH (UID 3 BODY[HEADER] {${literal.length}}\r\n)`,
    `* 1 FETCH (UID 3 BODY[] {${literal.length}}\r\n BODY[] {${literal.length}}\r\n)`,
    `A1 FETCH (UID 3 BODY[] {${literal.length}}\r\n)`,
  ])('is left to the general parser otherwise: %o', (line) => {
    expect(read(line)).toBeNull()
  })

  it('never throws, whatever the line', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (line) => void read(`* 1 FETCH (${line}`)))
  })
})

describe('faults', () => {
  const fault = (fields: Record<string, unknown>, message = 'Command failed') =>
    toFault(Object.assign(new Error(message), fields), 'host', 1000)

  it.each([
    [{ code: 'ENOTFOUND' }, 'transient', 'host_unknown'],
    [{ code: 'EAI_AGAIN' }, 'transient', 'host_unreachable'],
    [{ code: 'ECONNREFUSED' }, 'transient', 'host_unreachable'],
    [{ code: 'ETIMEDOUT' }, 'transient', 'timed_out'],
    [{ code: 'GREETING_TIMEOUT' }, 'transient', 'timed_out'],
    [{ code: 'ECONNRESET' }, 'transient', 'connection_lost'],
    [{ code: 'NoConnection', authenticationFailed: true }, 'transient', 'connection_lost'],
    [{ code: 'ETHROTTLE', throttleReset: 92_000, responseStatus: 'BAD' }, 'rate', 'rate_limited'],
    [{ code: 'ParserError11' }, 'transient', 'protocol'],
    [{ code: 'LiteralTooLarge' }, 'transient', 'protocol'],
    [{ code: 'ERR_SSL_WRONG_VERSION_NUMBER' }, 'decision', 'tls_missing'],
    [{ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' }, 'transient', 'protocol'],
    [{ responseStatus: 'BAD', authenticationFailed: true, response: 'unknown command' }, 'transient', 'server_error'],
    [{ responseStatus: 'NO', responseText: '[SERVERBUG] x' }, 'transient', 'server_error'],
    [{ responseStatus: 'NO', responseText: 'whatever' }, 'transient', 'server_error'],
  ])('%o is %s, %s', (fields, kind, code) => {
    expect(fault(fields)).toMatchObject({ kind, code })
  })

  it('tell until when to wait', () => {
    expect(fault({ code: 'ETHROTTLE', throttleReset: 92_000 })).toMatchObject({ retryAt: 93_000 })
  })

  it('never repeat what the server or the client said', () => {
    const told = fault(
      { responseStatus: 'NO', responseText: 'private words', executedCommand: 'A1 LOGIN user password' },
      'private words',
    ) as ConnectorFault
    expect(`${told.message} ${JSON.stringify(told.params)} ${told.stack} ${String(told.cause)}`).not.toMatch(/private|LOGIN user/)
  })

  it('of the program itself stay what they are', () => {
    const bug = new TypeError('x is not a function')
    expect(toFault(bug, 'host', 0)).toBe(bug)
  })
})
