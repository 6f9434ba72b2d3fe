import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What is special about an authority's certificate. */
export interface AuthorityOptions {
  key: 'rsa' | 'p256' | 'p384'
  /** Its certificate was over before now. */
  expired?: boolean
  /** What its certificate is for, as openssl writes it. */
  purposes?: string
  /** One more extension of its certificate. */
  extension?: string
}

/** A timestamping authority of its own, as `openssl ts` is one, behind HTTP on loopback. */
export interface Authority {
  /** PEM: what to trust. */
  root: string
  /** PEM: the certificate it signs with. */
  signer: string
  /** Where it is asked. */
  url: string
  post(request: Uint8Array): Promise<Uint8Array>
  /** An answer with this `TSTInfo`, signed without asking what the certificate is for. @param named The signature names its certificate. */
  forge(info: Uint8Array, named?: boolean): Uint8Array
  close(): Promise<void>
}

const config = (dir: string, purposes: string, extension: string) => `
[req]
distinguished_name = dn
prompt = no
[dn]
[ca]
default_ca = own
[own]
dir = ${dir}
database = ${dir}/index.txt
serial = ${dir}/serial
new_certs_dir = ${dir}
default_md = sha256
policy = any
unique_subject = no
[any]
organizationName = optional
commonName = supplied
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[between]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign
[signer]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = ${purposes}
${extension}
[tsa]
default_tsa = here
[here]
dir = ${dir}
serial = ${dir}/tsaserial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
`

export async function startAuthority({ key, expired = false, purposes, extension = '' }: AuthorityOptions): Promise<Authority> {
  const dir = mkdtempSync(join(tmpdir(), 'authority-'))
  const at = (name: string) => join(dir, name)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'], cwd: dir })
  writeFileSync(at('openssl.cnf'), config(dir, purposes ?? 'critical,timeStamping', extension))
  writeFileSync(at('index.txt'), '')
  writeFileSync(at('serial'), '01\n')
  writeFileSync(at('tsaserial'), '01\n')
  const newKey = (name: string) => {
    const kind =
      key === 'rsa' ? ['RSA', 'rsa_keygen_bits:2048'] : ['EC', `ec_paramgen_curve:${key === 'p256' ? 'P-256' : 'P-384'}`]
    openssl('genpkey', '-algorithm', kind[0] ?? '', '-pkeyopt', kind[1] ?? '', '-out', at(`${name}.key`))
  }
  const certify = (name: string, by: string, subject: string, from: string, to: string) => {
    newKey(name)
    const common = ['-config', at('openssl.cnf'), '-batch', '-notext', '-startdate', from, '-enddate', to, '-extensions', name]
    openssl('req', '-new', '-config', at('openssl.cnf'), '-key', at(`${name}.key`), '-subj', subject, '-out', at(`${name}.csr`))
    const issuer =
      by === name ? ['-selfsign', '-keyfile', at(`${name}.key`)] : ['-cert', at(`${by}.pem`), '-keyfile', at(`${by}.key`)]
    openssl('ca', ...common, ...issuer, '-in', at(`${name}.csr`), '-out', at(`${name}.pem`))
  }
  certify('root', 'root', '/O=Made up/CN=Root of time', '200101000000Z', '491231235959Z')
  certify('between', 'root', '/O=Made up/CN=Keeper of time', '200101000000Z', '491231235959Z')
  certify('signer', 'between', '/O=Made up/CN=Stamp of time', '200101000000Z', expired ? '210101000000Z' : '491231235959Z')

  const reply = (query: Buffer) => {
    writeFileSync(at('query.tsq'), query)
    const files = [
      '-queryfile',
      at('query.tsq'),
      '-inkey',
      at('signer.key'),
      '-signer',
      at('signer.pem'),
      '-out',
      at('reply.tsr'),
    ]
    openssl('ts', '-reply', '-config', at('openssl.cnf'), '-section', 'here', '-chain', at('between.pem'), ...files)
    return readFileSync(at('reply.tsr'))
  }
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'application/timestamp-reply' })
      response.end(reply(Buffer.concat(parts)))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    root: readFileSync(at('root.pem'), 'utf8'),
    signer: readFileSync(at('signer.pem'), 'utf8'),
    url: `http://127.0.0.1:${port}/`,
    async post(request) {
      const headers = { 'content-type': 'application/timestamp-query' }
      const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body: new Uint8Array(request) })
      return new Uint8Array(await response.arrayBuffer())
    },
    forge(info, named = true) {
      writeFileSync(at('info.der'), info)
      const files = [
        '-in',
        at('info.der'),
        '-signer',
        at('signer.pem'),
        '-inkey',
        at('signer.key'),
        '-certfile',
        at('between.pem'),
      ]
      const type = [
        '-econtent_type',
        '1.2.840.113549.1.9.16.1.4',
        '-binary',
        '-nodetach',
        '-md',
        'sha256',
        ...(named ? ['-cades'] : []),
      ]
      const token = openssl('cms', '-sign', ...files, ...type, '-outform', 'DER')
      const granted = Buffer.from('3003020100', 'hex')
      const head = Buffer.from('30820000', 'hex')
      head.writeUInt16BE(granted.length + token.length, 2)
      return Buffer.concat([head, granted, token])
    },
    async close() {
      await new Promise((resolve) => server.close(resolve))
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
