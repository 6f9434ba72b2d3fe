import { X509Certificate } from 'node:crypto'

const block = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g

/**
 * What is wrong with the file of an extra authority: one or more certificates in PEM form (RFC 7468) are wanted, with any text
 * around them. Looked at before it is used, since TLS passes over what it cannot read and then says only that the server is not trusted.
 * @returns the end of a sentence that begins with the file's name; null when all is well.
 */
export function faultOfAuthority(pem: string): string | null {
  const blocks = [...pem.matchAll(block)].map(([text, label = '']) => ({ text, label }))
  const certificates = blocks.filter(({ label }) => label === 'CERTIFICATE' || label === 'X509 CERTIFICATE')
  if (blocks.some(({ label }) => label.endsWith('PRIVATE KEY')))
    return 'holds a private key: keep that where it is, and name a file with the certificate alone'
  const damaged = certificates.findIndex(({ text }) => !isCertificate(text))
  if (damaged !== -1) return `cannot be read: certificate ${damaged + 1} of ${certificates.length} in it is damaged`
  // A block that begins and never ends: after the last whole one, or with none.
  if (/-----BEGIN (X509 )?CERTIFICATE-----/.test(pem.replace(block, ''))) return 'is cut off: a certificate in it has no end'
  if (certificates.length > 0) return null
  if (blocks.some(({ label }) => label.endsWith('CERTIFICATE REQUEST')))
    return 'holds a request for a certificate, not a certificate'
  return 'holds no certificate in PEM form'
}

function isCertificate(text: string): boolean {
  try {
    new X509Certificate(text)
    return true
  } catch {
    // OpenSSL's words say nothing to a person; that it is damaged says it all.
    return false
  }
}
