import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fileLog } from '#hosts/ports/log.ts'
import { fileSecrets } from '#hosts/ports/secret-file.ts'
import { hiding, type Keychain, keychainSecrets, openSecrets } from '#hosts/ports/secrets.ts'
import { needs } from '../support/needs.ts'
import { folder, problemOf } from './support.ts'

const id = '0f8fad5b-d9cb-469f-a165-70867728950e'
const secret = 'Geheimnis: ünïcode "\u0000" \n'

describe('a file of secrets', () => {
  test('keeps, replaces and forgets, for its owner only', async () => {
    const file = join(await folder(), 'secrets', `${id}.json`)
    const secrets = await fileSecrets(file, id, null)
    expect([secrets.kind, await secrets.get('office-key'), await secrets.get('__proto__')]).toEqual(['file', null, null])
    await secrets.set('office-key', 'first')
    await secrets.set('office-key', secret)
    await secrets.set('account:1', 'x')
    await secrets.delete('account:1')
    const again = await fileSecrets(file, id, null)
    expect([await again.get('office-key'), await again.get('account:1')]).toEqual([secret, null])
    expect([(await stat(file)).mode & 0o777, (await stat(join(file, '..'))).mode & 0o777]).toEqual([0o600, 0o700])
  })

  test('keeps all of many changes at once', async () => {
    const file = join(await folder(), 's.json')
    const secrets = await fileSecrets(file, id, null)
    await Promise.all(Array.from({ length: 20 }, (_, index) => secrets.set(`account:${index}`, `${index}`)))
    const again = await fileSecrets(file, id, null)
    expect(await Promise.all(Array.from({ length: 20 }, (_, index) => again.get(`account:${index}`)))).toEqual(
      Array.from({ length: 20 }, (_, index) => `${index}`),
    )
  })

  test('closes again what someone opened to others', async () => {
    const dir = join(await folder(), 'secrets')
    const file = join(dir, 's.json')
    await mkdir(dir)
    await writeFile(file, JSON.stringify({ version: 1, kind: 'plain', values: {} }))
    await chmod(file, 0o644)
    await (await fileSecrets(file, id, null)).set('a', 'b')
    expect([(await stat(file)).mode & 0o777, (await stat(dir)).mode & 0o777]).toEqual([0o600, 0o700])
  })

  test.each(['', '{', '[]', '{"version":2,"kind":"plain","values":{}}', '{"version":1,"kind":"plain","values":{"a":1}}'])(
    'that is damaged (%j) is not taken for an empty one',
    async (text) => {
      const file = join(await folder(), 's.json')
      await writeFile(file, text)
      expect((await problemOf(fileSecrets(file, id, null))).code).toBe('office_key')
      expect(await readFile(file, 'utf8')).toBe(text)
    },
  )

  test('sealed by a passphrase shows nothing, opens with it, and with nothing else', async () => {
    const file = join(await folder(), 's.json')
    const sealed = await fileSecrets(file, id, 'correct horse ä')
    await sealed.set('office-key', secret)
    expect(sealed.kind).toBe('passphrase')
    expect(await readFile(file, 'utf8')).not.toMatch(/Geheimnis|office-key/)
    // The same passphrase typed on a keyboard that writes the umlaut in two parts.
    expect(await (await fileSecrets(file, id, 'correct horse a\u0308')).get('office-key')).toBe(secret)
    for (const wrong of [null, '', 'correct horse a'])
      expect((await problemOf(fileSecrets(file, id, wrong))).code).toBe('office_key')
    expect((await problemOf(fileSecrets(file, 'another-office', 'correct horse ä'))).code).toBe('office_key')
  })

  test('sealed never uses a nonce twice, and notices any changed part', async () => {
    const file = join(await folder(), 's.json')
    const sealed = await fileSecrets(file, id, 'p')
    const nonces = new Set<string>()
    for (let turn = 0; turn < 5; turn++) {
      await sealed.set('a', 'same')
      nonces.add((JSON.parse(await readFile(file, 'utf8')) as { nonce: string }).nonce)
    }
    expect(nonces.size).toBe(5)
    const whole = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
    for (const part of ['salt', 'nonce', 'tag', 'data']) {
      const bytes = Buffer.from(String(whole[part]), 'base64')
      bytes[0] = (bytes[0] ?? 0) ^ 1
      await writeFile(file, JSON.stringify({ ...whole, [part]: bytes.toString('base64') }))
      expect([part, (await problemOf(fileSecrets(file, id, 'p'))).code]).toEqual([part, 'office_key'])
    }
    // A short tag would be easy to guess; a costless key would be easy to search.
    for (const weak of [{ tag: 'AAAA' }, { n: 1 }, { n: 2 ** 30 }]) {
      await writeFile(file, JSON.stringify({ ...whole, ...weak }))
      expect((await problemOf(fileSecrets(file, id, 'p'))).code).toBe('office_key')
    }
  })

  test('in clear is sealed when it is first opened with a passphrase', async () => {
    const file = join(await folder(), 's.json')
    await (await fileSecrets(file, id, null)).set('office-key', secret)
    expect(await (await fileSecrets(file, id, 'p')).get('office-key')).toBe(secret)
    expect(await readFile(file, 'utf8')).not.toContain('Geheimnis')
    expect((await problemOf(fileSecrets(file, id, null))).code).toBe('office_key')
  })
})

describe('the place of an office’s secrets', () => {
  const open = async (
    given: { data?: string; hasDatabase?: boolean; passphrase?: string; skipKeychain?: boolean; keychain?: Keychain | null } = {},
  ) =>
    await openSecrets({
      data: given.data ?? (await folder()),
      office: { id, hasDatabase: given.hasDatabase ?? false },
      passphrase: given.passphrase ?? null,
      skipKeychain: given.skipKeychain ?? false,
      keychain: async () => given.keychain ?? null,
    })

  test('of a new office is the passphrase, else the keychain, else a file', async () => {
    expect((await open({ passphrase: 'p', keychain: memoryKeychain() })).kind).toBe('passphrase')
    expect((await open({ keychain: memoryKeychain() })).kind).toBe('keychain')
    expect((await open({ keychain: memoryKeychain(), skipKeychain: true })).kind).toBe('file')
    expect((await open()).kind).toBe('file')
  })

  test('stays where it began, also when a keychain appears', async () => {
    const data = await folder()
    await (await open({ data })).set('office-key', 'k')
    const later = await open({ data, hasDatabase: true, keychain: memoryKeychain() })
    expect([later.kind, await later.get('office-key')]).toEqual(['file', 'k'])
  })

  test('of an office in the keychain is still that when a passphrase is given', async () => {
    const keychain = memoryKeychain()
    await (await open({ keychain })).set('office-key', 'k')
    const later = await open({ keychain, hasDatabase: true, passphrase: 'p' })
    expect([later.kind, await later.get('office-key')]).toEqual(['keychain', 'k'])
  })

  test('that is gone is a fault, never a new beginning', async () => {
    expect((await problemOf(open({ hasDatabase: true }))).code).toBe('office_key')
    expect((await problemOf(open({ hasDatabase: true, skipKeychain: true, keychain: memoryKeychain() }))).code).toBe('office_key')
  })

  test('of one office is not that of another', async () => {
    const keychain = memoryKeychain()
    await keychainSecrets(keychain, 'one').set('office-key', '1')
    expect(await keychainSecrets(keychain, 'two').get('office-key')).toBeNull()
  })
})

describe('looking at the place of the secrets', () => {
  test('a file is in order while it and its folder are its owner’s alone, and is warned of', async () => {
    const dir = join(await folder(), 'secrets')
    const file = join(dir, 's.json')
    const secrets = await fileSecrets(file, id, null)
    expect(await secrets.look()).toEqual({ ok: false, detail: `${file} is not there` })
    await secrets.set('office-key', secret)
    const fine = await hiding(secrets, () => undefined).look()
    expect(fine).toMatchObject({ ok: true, detail: expect.stringMatching(/only you can read\. Warning: there was no keychain/) })
    await chmod(file, 0o644)
    expect(await secrets.look()).toMatchObject({ ok: false, detail: expect.stringContaining(`${file} (mode 0644)`) })
    await chmod(file, 0o600)
    await chmod(dir, 0o750)
    expect(await secrets.look()).toMatchObject({ ok: false, detail: expect.stringContaining(`${dir} (mode 0750)`) })
  })

  test('a sealed file says that it is', async () => {
    const sealed = await fileSecrets(join(await folder(), 'secrets', 's.json'), id, 'p')
    await sealed.set('office-key', secret)
    expect(await sealed.look()).toMatchObject({ ok: true, detail: expect.stringContaining('sealed by the passphrase') })
  })

  test('a keychain is in order while it answers', async () => {
    const keychain = memoryKeychain()
    expect(await keychainSecrets(keychain, id).look()).toEqual({ ok: true, detail: 'in the keychain of this computer' })
    keychain.getPassword = () => Promise.reject(new Error('locked'))
    expect(await keychainSecrets(keychain, id).look()).toEqual({ ok: false, detail: 'the keychain does not answer (locked)' })
  })
})

test('no secret that passed reaches the log, in any of its writings', async () => {
  const data = await folder()
  const log = fileLog({ data, name: 't', debug: true, now: () => 0 })
  const secrets = hiding(await fileSecrets(join(data, 's.json'), id, null), log.hide)
  const token = JSON.stringify({ access: 'tok/en+"123"', refresh: 'refresh-456', expires: 1 })
  await secrets.set('account:1', token)
  await (await fileSecrets(join(data, 's.json'), id, null)).set('account:2', 'only-read-later')
  const reopened = hiding(await fileSecrets(join(data, 's.json'), id, null), log.hide)
  await reopened.get('account:2')
  const texts = [token, 'tok/en+"123"', 'tok\\/en', encodeURIComponent('tok/en+"123"'), 'refresh-456', 'only-read-later']
  for (const text of texts) log.error('failed', { text: `before ${text} after`, password: 'by-its-name' })
  const written = await readFile(join(data, 'logs', 't.log'), 'utf8')
  expect(written).not.toMatch(/en\+|en%2B|refresh-456|only-read-later|by-its-name/)
  expect(written).toContain('before [hidden] after')
})

needs('secret-service')('the keychain of this system', () => {
  test('keeps the secrets of an office across processes, and nothing lands in a file', async () => {
    const data = await folder()
    const script = join(import.meta.dirname, 'keychain-round.ts')
    // A session bus and an unlocked keyring of the test's own; both end with the shell.
    const shell = 'printf p | gnome-keyring-daemon --unlock --components=secrets >/dev/null && "$0" "$1" set && "$0" "$1" get'
    const env = { ...process.env, HOME: data, XDG_DATA_HOME: join(data, 'share'), XDG_RUNTIME_DIR: data, DISPATCH_DATA: data }
    const child = spawn('dbus-run-session', ['--', 'sh', '-c', shell, process.execPath, script], { env })
    const said: string[] = []
    child.stdout.on('data', (part: Buffer) => said.push(part.toString()))
    child.stderr.on('data', (part: Buffer) => said.push(part.toString()))
    const [code] = await once(child, 'exit')
    expect([code, said.join('').match(/\{.*\}/g)]).toEqual([
      0,
      ['{"kind":"keychain"}', '{"kind":"keychain","value":"Geheimnis"}'],
    ])
    expect(() => execFileSync('grep', ['-r', 'Geheimnis', data])).toThrow()
  })
})

/** A keychain of this process alone. */
function memoryKeychain(): Keychain {
  const kept = new Map<string, string>()
  const name = (service: string, account: string) => `${service}\n${account}`
  return {
    getPassword: async (service, account) => kept.get(name(service, account)) ?? null,
    setPassword: async (service, account, value) => {
      kept.set(name(service, account), value)
    },
    deletePassword: async (service, account) => kept.delete(name(service, account)),
  }
}
