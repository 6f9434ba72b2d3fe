import { lstat, readdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { DoctorFinding } from '#shared/contract/index.ts'
import { lookAtLock } from './lock.ts'

/** Room that work needs at any time, in bytes: a large batch, its log, a part of the search index being merged. */
const workRoom = 256 * 1024 * 1024

/** Who holds the office. Asked by the process that has it open, so anything but that process is a fault. */
export function checkLock(dir: string): DoctorFinding {
  const { kind, pid, host, after } = lookAtLock(dir)
  const who = `process ${pid} on ${host}`
  const details = {
    own: after === null ? `held by ${who}` : `held by ${who}; taken over from process ${after}, which had ended without closing`,
    other: `held by ${who}, but this one has the office open too: close both, then look again`,
    stale: `names ${who}, which is gone, while this one has the office open: close and open it`,
    none: 'the file is missing although the office is open: another program may open it too; close and open it',
    cut: 'the file cannot be read: another program may open the office too; close and open it',
  }
  return { check: 'lock', ok: kind === 'own', detail: details[kind] }
}

/**
 * Whether the disk has room for work and for one more copy of the office, which a restore or a change of format may need.
 * @param freeIn bytes that this person may still write on the disk of a folder.
 */
export async function checkDisk(dir: string, freeIn = freeBytes): Promise<DoctorFinding> {
  try {
    const [free, size] = await Promise.all([freeIn(dir), sizeOf(dir)])
    const told = `${words(free)} free, the office takes ${words(size)}`
    if (free < workRoom) return { check: 'disk', ok: false, detail: `${told}: make room, or saving stops soon` }
    if (free < size) return { check: 'disk', ok: false, detail: `${told}: there is no room for another copy, as a restore needs` }
    return { check: 'disk', ok: true, detail: told }
  } catch (error) {
    return { check: 'disk', ok: false, detail: error instanceof Error ? error.message : String(error) }
  }
}

async function freeBytes(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir)
  return bavail * bsize
}

/** Bytes of all files of the office. One that goes away meanwhile counts for nothing. */
async function sizeOf(dir: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name)
    if (entry.isDirectory()) bytes += await sizeOf(path)
    else bytes += (await lstat(path).catch(() => null))?.size ?? 0
  }
  return bytes
}

function words(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
}
