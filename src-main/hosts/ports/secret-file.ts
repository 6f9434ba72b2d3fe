import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { Secrets } from '#ports/index.ts'
import { ProblemError } from '#shared/model/index.ts'

const Values = z.record(z.string(), z.string())
const base64 = z.string().regex(/^[A-Za-z0-9+/]+=*$/)
const Sealed = z.object({
  version: z.literal(1),
  kind: z.literal('sealed'),
  n: z
    .number()
    .int()
    .min(1024)
    .max(1 << 20),
  r: z.number().int().min(1).max(32),
  p: z.number().int().min(1).max(16),
  salt: base64,
  nonce: base64,
  tag: base64,
  data: base64,
})
type Sealed = z.infer<typeof Sealed>
const Plain = z.object({ version: z.literal(1), kind: z.literal('plain'), values: Values })
const SecretFile = z.discriminatedUnion('kind', [Plain, Sealed])

/** scrypt (RFC 7914) at 64 MB and about a quarter of a second: guessing a passphrase must cost more than opening an office. */
const COST = { n: 65536, r: 8, p: 1 }

/**
 * Secrets in one file, 0600 in a 0700 folder. With a passphrase they are sealed by it (scrypt, AES-256-GCM, bound to the
 * office's id); a plain file is sealed the first time it is opened with one.
 * @throws `office_key` when the file is damaged, sealed by another passphrase, or sealed and no passphrase was given.
 */
export async function fileSecrets(file: string, officeId: string, passphrase: string | null): Promise<Secrets> {
  const seal = passphrase === null ? null : await readySeal(file, officeId, passphrase)
  const stored = await readSecretFile(file)
  let values: Record<string, string> = {}
  if (stored?.kind === 'plain') values = stored.values
  if (stored?.kind === 'sealed') {
    if (seal === null) throw new ProblemError('office_key')
    values = seal.open(stored)
  }
  const save = () => writePrivate(file, seal ? seal.close(values) : { version: 1, kind: 'plain', values })
  if (stored?.kind === 'plain' && seal) await save()

  let last: Promise<void> = Promise.resolve()
  /** One change after the other; a failed one is undone in memory and told to its caller only. */
  function change(next: Record<string, string>, before: Record<string, string>): Promise<void> {
    values = next
    const mine = last.then(save).catch((error: unknown) => {
      values = before
      throw error
    })
    last = mine.catch(() => undefined)
    return mine
  }
  return {
    kind: seal ? 'passphrase' : 'file',
    get: async (name) => (Object.hasOwn(values, name) ? (values[name] ?? null) : null),
    set: (name, value) => change({ ...values, [name]: value }, values),
    delete: (name) => change(Object.fromEntries(Object.entries(values).filter(([other]) => other !== name)), values),
    look: () => lookAt(file, seal !== null),
  }
}

async function lookAt(file: string, sealed: boolean): Promise<{ ok: boolean; detail: string }> {
  for (const path of [file, dirname(file)]) {
    const found = await stat(path).catch(() => null)
    if (found === null) return { ok: false, detail: `${path} is not there` }
    // Windows has no such bits: there the folder of the person's own data keeps others out.
    if (process.platform === 'win32' || (found.mode & 0o077) === 0) continue
    const mode = (found.mode & 0o777).toString(8).padStart(4, '0')
    return { ok: false, detail: `others on this computer can get at ${path} (mode ${mode}): make it yours alone with chmod go=` }
  }
  if (sealed) return { ok: true, detail: `in ${file}, sealed by the passphrase` }
  return {
    ok: true,
    detail: `in ${file}, which only you can read. Warning: there was no keychain, so whoever gets that file can read the office`,
  }
}

interface Seal {
  open(sealed: Sealed): Record<string, string>
  close(values: Record<string, string>): Sealed
}

async function readySeal(file: string, officeId: string, passphrase: string): Promise<Seal> {
  const stored = await readSecretFile(file)
  const { n, r, p } = stored?.kind === 'sealed' ? stored : COST
  const salt = stored?.kind === 'sealed' ? Buffer.from(stored.salt, 'base64') : randomBytes(16)
  const key = await new Promise<Buffer>((resolve, reject) => {
    const cost = { N: n, r, p, maxmem: 256 * n * r }
    scrypt(passphrase.normalize('NFC'), salt, 32, cost, (error, derived) => (error ? reject(error) : resolve(derived)))
  })
  const bound = Buffer.from(`dispatch-box secrets 1 ${officeId}`)
  return {
    open(sealed) {
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(sealed.nonce, 'base64'), { authTagLength: 16 })
        decipher.setAAD(bound)
        decipher.setAuthTag(Buffer.from(sealed.tag, 'base64'))
        const text = Buffer.concat([decipher.update(Buffer.from(sealed.data, 'base64')), decipher.final()]).toString('utf8')
        return Values.parse(JSON.parse(text))
      } catch (error) {
        throw new ProblemError('office_key', {}, { cause: error })
      }
    },
    close(values) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 })
      cipher.setAAD(bound)
      const data = Buffer.concat([cipher.update(JSON.stringify(values), 'utf8'), cipher.final()])
      const [saltText, nonceText, dataText] = [salt, nonce, data].map((bytes) => bytes.toString('base64')) as [
        string,
        string,
        string,
      ]
      const tag = cipher.getAuthTag().toString('base64')
      return { version: 1, kind: 'sealed', n, r, p, salt: saltText, nonce: nonceText, tag, data: dataText }
    },
  }
}

async function readSecretFile(file: string): Promise<z.infer<typeof SecretFile> | null> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw new ProblemError('office_key', {}, { cause: error })
  }
  try {
    return SecretFile.parse(JSON.parse(text))
  } catch {
    // The cause is left out: a parser may quote what it could not read.
    throw new ProblemError('office_key')
  }
}

/** Replaces a file by JSON, readable by its owner only, whole or not at all. */
export async function writePrivate(file: string, value: unknown): Promise<void> {
  await writePrivateText(file, `${JSON.stringify(value)}\n`)
}

/** Replaces a file by text, readable by its owner only (as is its folder), whole or not at all. */
export async function writePrivateText(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await chmod(dirname(file), 0o700)
  const next = `${file}.${process.pid}.new`
  const handle = await open(next, 'w', 0o600)
  try {
    await handle.chmod(0o600)
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(next, file)
}
