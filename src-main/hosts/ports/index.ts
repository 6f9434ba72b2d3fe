import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Notify, Ports } from '#ports/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import { createOfficeFile, readOfficeFile } from '../office-file.ts'
import { systemClock } from './clock.ts'
import { systemHttp, systemSockets } from './http.ts'
import { type FileLog, fileLog } from './log.ts'
import { officePaths } from './paths.ts'
import { hiding, openSecrets, systemKeychain } from './secrets.ts'

/** For hosts that have nobody to tell. */
export const silentNotify: Notify = { show: () => undefined, badge: () => undefined }

/** The log of a process, by the name of its host. */
export function openLog(name: string): FileLog {
  return fileLog({ data: officePaths(null).data, name, debug: process.env.DISPATCH_LOG === 'debug', now: () => Date.now() })
}

/**
 * The ports of one office on this computer. With `create`, a folder without an office becomes one.
 * @param office Folder; null: this person's default office.
 * @throws `office_missing`, `office_key`.
 */
export async function openPorts(options: {
  office: string | null
  create: boolean
  log: FileLog
  notify: Notify
}): Promise<Ports> {
  const { log } = options
  const paths = officePaths(options.office)
  const found = options.create ? await createOfficeFile(paths.office, systemClock.now()) : await readOfficeFile(paths.office)
  if (!found) throw new ProblemError('office_missing', { dir: paths.office })
  const passphrase = process.env.DISPATCH_PASSPHRASE || null
  if (passphrase) log.hide(passphrase)
  const secrets = await openSecrets({
    data: paths.data,
    office: { id: found.id, hasDatabase: existsSync(join(paths.office, 'office.db')) },
    passphrase,
    skipKeychain: process.env.DISPATCH_SECRETS === 'file',
    keychain: () => systemKeychain(log),
  })
  return {
    secrets: hiding(secrets, log.hide),
    clock: systemClock,
    http: systemHttp,
    sockets: systemSockets,
    log,
    notify: options.notify,
    paths,
  }
}
