import { createHash, randomUUID } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ProblemError } from '#shared/model/index.ts'
import { toProblem } from './faults.ts'

/** `office.json`: what is known of an office without its key. */
const Office = z.object({
  /** Random; names the office's secrets. */
  id: z.string().regex(/^[0-9a-f-]{32,36}$/),
  created: z.string(),
  /** Format of the database, so that one from the future is refused before it is touched. */
  format: z.number().int().nonnegative().default(0),
  /** Tells a wrong key from a damaged database. Says nothing of the key, which is 32 random bytes. */
  keyCheck: z.string().nullable().default(null),
  /** Damage was met; opened for reading only until it is restored. */
  damaged: z.boolean().default(false),
})
export type Office = z.infer<typeof Office>

const nameIn = (dir: string): string => join(dir, 'office.json')

/** Where the database of an office lies. */
export const databaseIn = (dir: string): string => join(dir, 'office.db')

/** Writes a small file so that after a kill there is either the old one or the new one. */
export function writeWhole(path: string, text: string): void {
  const partial = `${path}.part`
  const handle = openSync(partial, 'w', 0o600)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(partial, path)
}

/** @returns null when there is no office in `dir`. @throws `office_corrupt` when its description cannot be read. */
export function readOffice(dir: string): Office | null {
  if (!existsSync(nameIn(dir))) return null
  try {
    return Office.parse(JSON.parse(readFileSync(nameIn(dir), 'utf8')))
  } catch (error) {
    throw new ProblemError('office_corrupt', {}, { cause: error })
  }
}

/** Keeps a changed description. */
export function writeOffice(dir: string, office: Office): void {
  try {
    writeWhole(nameIn(dir), `${JSON.stringify(office, null, 2)}\n`)
  } catch (error) {
    throw toProblem(error)
  }
}

/**
 * The office in `dir`; with `create`, a new description (not yet a database) where there is none.
 * @throws `office_missing`.
 */
export function prepareOffice(dir: string, create: boolean): Office {
  const office = readOffice(dir)
  if (office) return office
  if (!create || existsSync(databaseIn(dir))) throw new ProblemError(create ? 'office_corrupt' : 'office_missing', { dir })
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw toProblem(error)
  }
  const made: Office = {
    id: randomUUID(),
    created: new Date().toISOString(),
    format: 0,
    keyCheck: null,
    damaged: false,
  }
  writeOffice(dir, made)
  return made
}

/** A fingerprint of a key, to be kept beside what it opens. */
export function keyCheck(key: Uint8Array): string {
  return createHash('sha256').update('dispatch-box office key').update(key).digest('hex').slice(0, 32)
}
