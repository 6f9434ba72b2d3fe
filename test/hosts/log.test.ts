import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileLog } from '#hosts/ports/log.ts'
import { folder } from './support.ts'

const lines = async (data: string) =>
  (await readFile(join(data, 'logs', 't.log'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)

test('each entry is one line of JSON, whatever it holds', async () => {
  const data = await folder()
  const log = fileLog({ data, name: 't', debug: false, now: () => 0 })
  log.info('started', { text: 'two\nlines "and" more', count: 3, on: true, none: null })
  log.debug('left_out')
  expect(await lines(data)).toEqual([
    {
      at: '1970-01-01T00:00:00.000Z',
      level: 'info',
      event: 'started',
      text: 'two\nlines "and" more',
      count: 3,
      on: true,
      none: null,
    },
  ])
  expect((await stat(join(data, 'logs', 't.log'))).mode & 0o777).toBe(0o600)
})

test('what is named like a secret is hidden, what is not stays', async () => {
  const data = await folder()
  const log = fileLog({ data, name: 't', debug: true, now: () => 0 })
  log.debug('call', { password: 'a', accessToken: 'b', Cookie: 'c', authorization: 'd', key: 'e', sortKey: '12', account: '7' })
  expect(await lines(data)).toEqual([
    expect.objectContaining({
      password: '[hidden]',
      accessToken: '[hidden]',
      Cookie: '[hidden]',
      authorization: '[hidden]',
      key: '[hidden]',
      sortKey: '12',
      account: '7',
    }),
  ])
})

test('long texts are cut, and all files together stay within their bound', async () => {
  const data = await folder()
  const log = fileLog({ data, name: 't', debug: false, now: () => 0 })
  for (let entry = 0; entry < 8000; entry++) log.warn('much', { entry, text: 'é'.repeat(5000) })
  const names = (await readdir(join(data, 'logs'))).sort()
  expect(names).toEqual(['t.1.log', 't.2.log', 't.3.log', 't.4.log', 't.log'])
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(data, 'logs', name))).size))
  for (const size of sizes) expect(size).toBeLessThanOrEqual(2 * 1024 * 1024)
  const last = (await lines(data)).at(-1) as { entry: number; text: string }
  expect([last.entry, last.text.length]).toEqual([7999, 2001])
})
