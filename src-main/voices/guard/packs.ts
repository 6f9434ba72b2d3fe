import type { Dirent } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { builtInPacks, Guard, type PackFault, type ReadPack, readPack } from '#shared/guard/index.ts'

/** Bytes of one pack: a hundred times what a long one has. */
export const MOST_BYTES = 1_000_000
/** Packs of one office. */
export const MOST_PACKS = 200

export interface LoadedGuard {
  guard: Guard
  /** What was refused, with the reason and the place. The other packs work. */
  refused: PackFault[]
}

/**
 * The guard of an office: the packs that come with the program, and those in a folder of the office (`*.json`, by name). A folder that
 * is not there holds none. Never throws for what a file holds.
 * @throws the system's error where the folder is there and cannot be read.
 */
export async function loadGuard(folder: string | null): Promise<LoadedGuard> {
  const packs: ReadPack[] = [...builtInPacks()]
  const refused: PackFault[] = []
  const names = folder === null ? [] : await packNames(folder)
  for (const name of names.slice(MOST_PACKS))
    refused.push({ source: name, place: '', detail: `an office has ${MOST_PACKS} packs at most` })
  for (const name of names.slice(0, MOST_PACKS)) {
    const value = await readJson(join(folder ?? '', name))
    const found = 'fault' in value ? [{ source: name, place: '', detail: value.fault }] : readPack(value.json, name, packs)
    if (Array.isArray(found)) refused.push(...found)
    else packs.push(found)
  }
  return { guard: new Guard(packs), refused }
}

async function packNames(folder: string): Promise<string[]> {
  let entries: Dirent[]
  try {
    entries = await readdir(folder, { withFileTypes: true })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map(({ name }) => name)
    .sort()
}

async function readJson(path: string): Promise<{ json: unknown } | { fault: string }> {
  try {
    const file = await open(path)
    try {
      if ((await file.stat()).size > MOST_BYTES) return { fault: `has more than ${MOST_BYTES} bytes` }
      const text = await file.readFile('utf8')
      return { json: JSON.parse(text.replace(/^\uFEFF/, '')) as unknown }
    } finally {
      await file.close()
    }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return { fault: error instanceof SyntaxError ? `is no JSON: ${detail}` : `cannot be read: ${detail}` }
  }
}
