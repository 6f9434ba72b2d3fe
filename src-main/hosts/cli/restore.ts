import { describeBackup, restoreBackup } from '#store/restore.ts'
import { officeKey } from '../office-file.ts'
import { openLog } from '../ports/index.ts'
import { officePaths } from '../ports/paths.ts'
import { openSecrets, systemKeychain } from '../ports/secrets.ts'

/**
 * Makes an office in `dir` out of a backup, with the key under which the backed-up office keeps its secrets here.
 * @returns when the backup was made, and where an office that was there before is now.
 * @throws `file_unreadable`, `backup_invalid`, `office_key`, `office_from_future`, `not_empty`, `office_locked`, `disk_full`.
 */
export async function restoreOffice(options: {
  file: string
  dir: string
  force: boolean
}): Promise<{ madeAt: string; replaced: string | null }> {
  const { officeId, madeAt } = describeBackup(options.file)
  const log = openLog('cli')
  const secrets = await openSecrets({
    data: officePaths(null).data,
    // The backup is the content that the key must fit.
    office: { id: officeId, hasDatabase: true },
    passphrase: process.env['DISPATCH_PASSPHRASE'] || null,
    skipKeychain: process.env['DISPATCH_SECRETS'] === 'file',
    keychain: () => systemKeychain(log),
  })
  const key = await officeKey(secrets, false)
  const nativeBinding = process.env['DISPATCH_SQLITE_NATIVE'] || undefined
  const { replaced } = await restoreBackup({ ...options, key, log, nativeBinding })
  return { madeAt, replaced }
}
