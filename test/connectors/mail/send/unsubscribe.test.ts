import { describe, expect, it } from 'vitest'
import { readUnsubscribe, unsubscribeByPost } from '#connectors/mail/send/unsubscribe.ts'
import type { Http, HttpRequest } from '#ports/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import { received } from './outgoing.ts'

const none = new AbortController().signal
const read = (...headers: string[]) => readUnsubscribe(received([...headers, '', ''].join('\r\n')))

describe('ways out of a list', () => {
  it('one click, a mail and a page, in any order and over several lines', () => {
    expect(
      read(
        'List-Unsubscribe: <mailto:leave@list.example?subject=leave%20now&body=please&bcc=evil@x.example>,\r\n <https://list.example/u?\r\n id=1>',
        'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
      ),
    ).toEqual({
      oneClick: 'https://list.example/u?id=1',
      page: 'https://list.example/u?id=1',
      mail: { to: 'leave@list.example', subject: 'leave now', text: 'please' },
    })
  })
  it.each([
    [['List-Unsubscribe: <https://list.example/u>'], { oneClick: null, page: 'https://list.example/u', mail: null }],
    [
      ['List-Unsubscribe: <http://list.example/u>', 'List-Unsubscribe-Post: List-Unsubscribe=One-Click'],
      { oneClick: null, page: 'http://list.example/u', mail: null },
    ],
    [
      ['List-Unsubscribe: <mailto:l@x.example>'],
      { oneClick: null, page: null, mail: { to: 'l@x.example', subject: 'unsubscribe', text: '' } },
    ],
    [
      ['List-Unsubscribe: <mailto:l@x.example?subject=a%0D%0ABcc:%20e@x>'],
      { oneClick: null, page: null, mail: { to: 'l@x.example', subject: 'a Bcc: e@x', text: '' } },
    ],
    [['List-Unsubscribe: <mailto:a@x.example,b@x.example>'], null],
    [['List-Unsubscribe: <mailto:%E0%A4%A>'], null],
    [['List-Unsubscribe: <javascript:alert(1)>, <file:///etc/passwd>'], null],
    [['List-Unsubscribe: https://list.example/u'], null],
    [[`List-Unsubscribe: <https://list.example/${'a'.repeat(4000)}>`], null],
    [['Subject: none'], null],
  ])('%j', (headers, expected) => expect(read(...headers)).toEqual(expected))

  const answering = (status: number, seen: HttpRequest[]): Http => ({
    fetch: async (request) => {
      seen.push(request)
      return { status, headers: {}, url: request.url, body: new Uint8Array() }
    },
  })
  it('the click is one POST that follows no redirect and never leads into a private network', async () => {
    const seen: HttpRequest[] = []
    await unsubscribeByPost(answering(202, seen), 'https://list.example/u', none)
    expect(seen).toMatchObject([{ method: 'POST', body: 'List-Unsubscribe=One-Click', maxRedirects: 0, outside: true }])
  })
  it.each([302, 404, 500])('HTTP %i is not done', async (status) => {
    await expect(unsubscribeByPost(answering(status, []), 'https://list.example/u', none)).rejects.toMatchObject({
      code: 'server_error',
      kind: 'transient',
    })
  })
  it('a list that is out of reach is said so', async () => {
    const http: Http = { fetch: async () => Promise.reject(new ProblemError('host_unknown', { host: 'list.example' })) }
    await expect(unsubscribeByPost(http, 'https://list.example/u', none)).rejects.toMatchObject({ code: 'host_unknown' })
  })
})
