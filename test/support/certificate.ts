import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a client should find: fine, signed by itself, over since years, or made for another name. */
export type Certificate = 'trusted' | 'self-signed' | 'expired' | 'wrong-name'

/** Writes `key.pem` and `cert.pem` for a server on localhost. @returns what to trust: itself, or the authority that signed it. */
export function makeCertificate(dir: string, kind: Certificate): string {
  const file = (name: string) => join(dir, name)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'ignore'] })
  const name = kind === 'wrong-name' ? 'elsewhere.example' : 'localhost'
  const names = kind === 'wrong-name' ? `DNS:${name}` : 'DNS:localhost,IP:127.0.0.1'
  if (kind === 'self-signed') {
    openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '30',
      '-subj',
      `/CN=${name}`,
      '-addext',
      `subjectAltName=${names}`,
      '-keyout',
      file('key.pem'),
      '-out',
      file('cert.pem'),
    )
    return readFileSync(file('cert.pem'), 'utf8')
  }
  openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '3650',
    '-subj',
    '/CN=Test Authority',
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.pem'),
  )
  openssl(
    'req',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    file('key.pem'),
    '-out',
    file('cert.csr'),
  )
  writeFileSync(
    file('ca.conf'),
    `[ca]
default_ca = it
[it]
database = ${file('index')}
new_certs_dir = ${dir}
serial = ${file('serial')}
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
[san]
subjectAltName = ${names}
`,
  )
  writeFileSync(file('index'), '')
  writeFileSync(file('serial'), '01\n')
  const [from, to] = kind === 'expired' ? ['20200101000000Z', '20210101000000Z'] : ['20200101000000Z', '20490101000000Z']
  openssl(
    'ca',
    '-batch',
    '-config',
    file('ca.conf'),
    '-cert',
    file('ca.pem'),
    '-keyfile',
    file('ca.key'),
    '-in',
    file('cert.csr'),
    '-out',
    file('cert.pem'),
    '-startdate',
    from as string,
    '-enddate',
    to as string,
    '-extensions',
    'san',
    '-notext',
  )
  return readFileSync(file('ca.pem'), 'utf8')
}
