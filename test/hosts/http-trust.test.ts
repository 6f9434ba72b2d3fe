import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer as createPlain } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { type Certificate, makeCertificate } from '../support/certificate.ts'
import { afterwards, folder } from './support.ts'

/** What a process that trusts the authority is told when it asks a server with this kind of certificate. */
async function ask(kind: Certificate, location: string | null = null): Promise<unknown> {
  const dir = await folder()
  await writeFile(join(dir, 'authority.pem'), makeCertificate(dir, kind))
  const files = { key: await readFile(join(dir, 'key.pem')), cert: await readFile(join(dir, 'cert.pem')) }
  const server = createServer(files, (_request, response) => {
    response.writeHead(location === null ? 200 : 302, location === null ? {} : { location }).end()
  })
  const port = await listen(server)
  const script = join(import.meta.dirname, 'tls-round.ts')
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: join(dir, 'authority.pem') }
  const { stdout } = await promisify(execFile)(process.execPath, [script, `https://localhost:${port}/`], { env })
  return JSON.parse(stdout.replaceAll(String(port), 'PORT'))
}

async function listen(server: Server | ReturnType<typeof createPlain>): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterwards(async () => server.close())
  return (server.address() as AddressInfo).port
}

test('a certificate of a trusted authority is taken', async () => {
  expect(await ask('trusted')).toEqual({ status: 200, url: 'https://localhost:PORT/' })
})
test('an expired one is told of with its day', async () => {
  expect(await ask('expired')).toEqual({ code: 'tls_expired', params: { host: 'localhost:PORT', date: '2021-01-01' } })
})
test('one for another name is told of', async () => {
  expect(await ask('wrong-name')).toEqual({ code: 'tls_mismatch', params: { host: 'localhost:PORT' } })
})
test('nothing leads from an encrypted address to one that is not', async () => {
  const plain = createPlain((_request, response) => void response.end('plain'))
  const detail = 'a redirect to an address without encryption'
  expect(await ask('trusted', `http://localhost:${await listen(plain)}/`)).toEqual({
    code: 'protocol',
    params: { host: 'localhost:PORT', detail },
  })
})
