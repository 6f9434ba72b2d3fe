import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Log, Secrets } from '#ports/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import { fileSecrets } from './secret-file.ts'

/** What the program uses of the system's keychain. */
export interface Keychain {
  getPassword(service: string, account: string): Promise<string | null>
  setPassword(service: string, account: string, password: string): Promise<void>
  deletePassword(service: string, account: string): Promise<boolean>
}

/** A Secret Service that must first be started takes a second or two; one that waits for a person is not waited for. */
const PROBE_MS = 5000

/** The system's keychain. @returns null when it cannot be loaded or does not answer. */
export async function systemKeychain(log: Log): Promise<Keychain | null> {
  try {
    const loaded: { default: Keychain } = await import('keytar')
    const found = loaded.default.getPassword('dispatch-box', 'probe').then(() => true)
    const late = pause(PROBE_MS, false, { ref: false })
    if (await Promise.race([found, late])) return loaded.default
    found.catch((error: unknown) => log.debug('keychain_late', { name: error instanceof Error ? error.message : 'unknown' }))
    log.warn('keychain_silent', { waited: PROBE_MS })
    return null
  } catch (error) {
    log.info('keychain_absent', { name: error instanceof Error ? error.message : 'unknown' })
    return null
  }
}

/** Secrets of one office in the keychain, under the service `dispatch-box:<office id>`. */
export function keychainSecrets(keychain: Keychain, officeId: string): Secrets {
  const service = `dispatch-box:${officeId}`
  return {
    kind: 'keychain',
    get: (name) => keychain.getPassword(service, name),
    set: (name, value) => keychain.setPassword(service, name, value),
    delete: async (name) => {
      await keychain.deletePassword(service, name)
    },
    async look() {
      try {
        await keychain.getPassword(service, 'probe')
        return { ok: true, detail: 'in the keychain of this computer' }
      } catch (error) {
        return { ok: false, detail: `the keychain does not answer (${error instanceof Error ? error.message : 'unknown'})` }
      }
    },
  }
}

/**
 * Opens the place where an office keeps its secrets. An office stays with the place it began with: its file where there is
 * one, else the keychain; a new office takes the passphrase if given, else the keychain, else a file. A passphrase seals an
 * existing file.
 * @param office `hasDatabase`: the office has content already, so that a missing key is a fault and not a beginning.
 * @throws `office_key` when the place cannot be opened.
 */
export async function openSecrets(options: {
  data: string
  office: { id: string; hasDatabase: boolean }
  /** `DISPATCH_PASSPHRASE`. */
  passphrase: string | null
  /** `DISPATCH_SECRETS=file`: never ask the keychain. */
  skipKeychain: boolean
  keychain: () => Promise<Keychain | null>
}): Promise<Secrets> {
  const { office, passphrase } = options
  const file = join(options.data, 'secrets', `${office.id}.json`)
  if (existsSync(file) || (passphrase !== null && !office.hasDatabase)) return await fileSecrets(file, office.id, passphrase)
  const keychain = options.skipKeychain ? null : await options.keychain()
  if (keychain) return keychainSecrets(keychain, office.id)
  if (office.hasDatabase) throw new ProblemError('office_key')
  return await fileSecrets(file, office.id, null)
}

/** Tells the log every secret that passes, so that none can appear in it. */
export function hiding(secrets: Secrets, hide: (value: string) => void): Secrets {
  return {
    kind: secrets.kind,
    async get(name) {
      const value = await secrets.get(name)
      if (value !== null) hide(value)
      return value
    },
    set(name, value) {
      hide(value)
      return secrets.set(name, value)
    },
    delete: (name) => secrets.delete(name),
    look: () => secrets.look(),
  }
}
