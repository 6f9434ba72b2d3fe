import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { OFFICE_KEY } from '#engine/secrets.ts'
import type { Secrets } from '#ports/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import { settleExchange } from '#store/exchange.ts'

const OfficeFile = z.object({ id: z.string().regex(/^[0-9a-f]{32}$/), created: z.string() })
/** What may be known of an office without its key: its id, under which its secrets are kept, and when it was made. */
export type OfficeFile = z.infer<typeof OfficeFile>

const fileIn = (dir: string) => join(dir, 'office.json')

/**
 * Reads `office.json`, after setting right what a restore left that was killed.
 * @returns null when the folder holds no office.
 * @throws `office_key` when the file is damaged; `office_locked` while a restore is under way.
 */
export async function readOfficeFile(dir: string): Promise<OfficeFile | null> {
  settleExchange(dir)
  let text: string
  try {
    text = await readFile(fileIn(dir), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null
    throw new ProblemError(
      'file_unreadable',
      { path: fileIn(dir), detail: error instanceof Error ? error.message : '' },
      { cause: error },
    )
  }
  try {
    return OfficeFile.parse(JSON.parse(text))
  } catch (error) {
    throw new ProblemError('office_key', {}, { cause: error })
  }
}

/** Makes the folder (0700) and its `office.json`; an existing one is left as it is and returned. */
export async function createOfficeFile(dir: string, now: number): Promise<OfficeFile> {
  const existing = await readOfficeFile(dir)
  if (existing) return existing
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const office: OfficeFile = { id: randomBytes(16).toString('hex'), created: new Date(now).toISOString() }
  // Linked into place, whole: when two programs make it at once, the second reads what the first wrote.
  const own = `${fileIn(dir)}.${office.id}`
  await writeFile(own, `${JSON.stringify(office)}\n`, { flag: 'wx', mode: 0o600 })
  try {
    await link(own, fileIn(dir))
    return office
  } catch (error) {
    const other = await readOfficeFile(dir)
    if (other) return other
    throw error
  } finally {
    await rm(own, { force: true })
  }
}

/**
 * The 32-byte key of the office's database.
 * @throws `office_key` when there is none and none may be made (an office that has a database already).
 */
export async function officeKey(secrets: Secrets, create: boolean): Promise<Uint8Array> {
  const kept = await secrets.get(OFFICE_KEY)
  if (kept !== null) {
    const key = Buffer.from(kept, 'base64')
    if (key.length !== 32) throw new ProblemError('office_key')
    return key
  }
  if (!create) throw new ProblemError('office_key')
  const key = randomBytes(32)
  await secrets.set(OFFICE_KEY, key.toString('base64'))
  return key
}
