import { once } from 'node:events'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { connect as connectSocket } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { connectControl, openControl } from '#hosts/control.ts'
import { createTransport } from '#hosts/transport/serve.ts'
import { fakeService, memoryLog } from '../contract/fake.ts'
import { afterwards, folder, problemOf } from './support.ts'

async function openOffice(office?: string) {
  const root = await folder()
  const fake = fakeService()
  const transport = createTransport(fake.router, memoryLog())
  const paths = { office: office ?? root, data: join(root, 'data') }
  const control = await openControl(transport, paths, memoryLog())
  const close = async () => {
    transport.close()
    await control.close()
  }
  return { office: paths.office, transport, close, hostFile: join(paths.office, 'host.json') }
}

test('whoever may read the office may talk to its owner', async () => {
  const { office, close, hostFile } = await openOffice()
  afterwards(close)
  expect((await stat(hostFile)).mode & 0o777).toBe(0o600)
  const control = await connectControl(office)
  expect(await control?.client.identities.list()).toHaveLength(1)
  control?.close()
  await control?.closed
})

test('nobody has a closed office open', async () => {
  const { office, close, hostFile } = await openOffice()
  await close()
  await expect(stat(hostFile)).rejects.toThrow('ENOENT')
  expect(await connectControl(office)).toBeNull()
})

test('an address that a crash left behind is as good as none, and the next owner clears it', async () => {
  const { office, close, hostFile } = await openOffice()
  const left = await readFile(hostFile, 'utf8')
  await close()
  await writeFile(hostFile, left)
  expect(await connectControl(office)).toBeNull()
  const next = await openOffice(office)
  afterwards(next.close)
  const control = await connectControl(office)
  expect(await control?.client.office.preferences()).toEqual({ theme: 'dark' })
  control?.close()
})

test.each(['', 'garbage', '{}', '{"pid":1}'])('a damaged address (%j) is as good as none', async (text) => {
  const office = await folder()
  await writeFile(join(office, 'host.json'), text)
  expect(await connectControl(office)).toBeNull()
})

test('a wrong token is refused, as is a browser', async () => {
  const { office, close, hostFile } = await openOffice()
  afterwards(close)
  const host = JSON.parse(await readFile(hostFile, 'utf8')) as { socket: string; token: string; pid: number }
  for (const headers of [{}, { authorization: `Bearer ${host.token}`, origin: 'https://elsewhere.invalid' }]) {
    const socket = new WebSocket('ws://localhost/rpc', { createConnection: () => connectSocket(host.socket), headers })
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number; resume(): void }]
    expect(response.statusCode).toBe(403)
    response.resume()
  }
  await writeFile(hostFile, JSON.stringify({ ...host, token: 'wrong' }))
  expect(await problemOf(connectControl(office))).toEqual({ code: 'forbidden_sender', params: {} })
})

test('callers hear when the owner ends', async () => {
  const { office, close } = await openOffice()
  const control = await connectControl(office)
  const events = await control?.client.office.changes()
  const next = problemOf(Promise.resolve(events?.next()))
  await close()
  expect((await next).code).toBe('disconnected')
  await control?.closed
})
