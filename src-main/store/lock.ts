import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { ProblemError } from '#shared/model/index.ts'
import { toProblem } from './faults.ts'

/** Who holds an office: the process, and when it started, because process ids are used again. */
const Holder = z.object({
  pid: z.number().int(),
  host: z.string(),
  started: z.string().nullable(),
  token: z.string(),
  /** The process that ended without giving the office up, when it was taken over from one. */
  after: z.number().int().nullable().default(null),
})
type Holder = z.infer<typeof Holder>

export interface Lock {
  /** It was taken over from a process that did not give it up: that one was killed, or its machine went down. */
  readonly takenOver: boolean
  /** Gives the office up. Does nothing when another process has taken it since. */
  release(): void
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : null)

/** When a process started, in the system's own words; null where that cannot be told. */
function startOf(pid: number): string | null {
  try {
    if (process.platform === 'linux') {
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
      // Field 22; the second field is a name in brackets that may hold blanks.
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      return `${boot}:${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`
    }
    if (process.platform === 'win32') return null
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env: { LC_ALL: 'C' } }).trim() || null
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: there is one, of another user.
    return codeOf(error) === 'EPERM'
  }
}

/** A holder on this machine that is gone, or whose process id now belongs to another program. */
function isStale(holder: Holder): boolean {
  if (holder.host !== hostname()) return false
  if (!isAlive(holder.pid)) return true
  const started = startOf(holder.pid)
  return holder.started !== null && started !== null && started !== holder.started
}

function read(path: string): Holder | 'empty' | null {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
  try {
    return Holder.parse(JSON.parse(text))
  } catch {
    // Cut off by a full disk or a power cut: names nobody.
    return 'empty'
  }
}

/** How long a lock file may be unreadable because it is just being written, in ms. */
const beingWritten = 5000

function isAbandoned(path: string, found: Holder | 'empty'): boolean {
  if (found !== 'empty') return isStale(found)
  return Date.now() - statSync(path).mtimeMs > beingWritten
}

function write(path: string, holder: Holder): void {
  const handle = openSync(path, 'wx', 0o600)
  try {
    writeSync(handle, JSON.stringify(holder))
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Puts our file in place if there is none: atomic, and whole from the first moment where the disk knows hard links. */
function place(path: string, holder: Holder): boolean {
  const own = `${path}.${holder.token}`
  write(own, holder)
  try {
    linkSync(own, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    return placeWithoutLinks(path, holder)
  } finally {
    rmSync(own, { force: true })
  }
}

/** As `place`, on disks without hard links (memory sticks, some shares): for a moment the file is there but empty. */
function placeWithoutLinks(path: string, holder: Holder): boolean {
  try {
    write(path, holder)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** Takes a stale lock away, unless it has become another one meanwhile. */
function clear(path: string, stale: Holder | 'empty'): void {
  const aside = `${path}.${randomBytes(8).toString('hex')}`
  try {
    renameSync(path, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  const moved = read(aside)
  const same = stale === 'empty' ? moved === 'empty' : moved !== null && moved !== 'empty' && moved.token === stale.token
  // Somebody was quicker: that lock goes back, unless there is yet another one.
  if (!same && !existsSync(path)) renameSync(aside, path)
  else rmSync(aside, { force: true })
}

/**
 * Takes the office in `dir` for this process: a file `lock` with process id, host and start time. A lock whose process is
 * gone is recovered.
 * @throws `office_locked`.
 */
export function takeLock(dir: string): Lock {
  const path = join(dir, 'lock')
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    started: startOf(process.pid),
    token: randomBytes(8).toString('hex'),
    after: null,
  }
  try {
    let takenOver = false
    for (let attempt = 0; attempt < 3; attempt++) {
      if (place(path, holder)) return { takenOver, release: () => release(path, holder) }
      const found = read(path)
      if (found === null) continue
      if (!isAbandoned(path, found)) {
        const { pid, host } = found === 'empty' ? { pid: '?', host: '?' } : found
        throw new ProblemError('office_locked', { pid, host })
      }
      clear(path, found)
      takenOver = true
      if (found !== 'empty') holder.after = found.pid
    }
  } catch (error) {
    throw toProblem(error)
  }
  throw new ProblemError('office_locked', { pid: '?', host: hostname() })
}

/** What the lock file of an office says now. */
export interface LockState {
  /** `own`: this process; `other`: one that runs; `stale`: one that is gone; `none`: there is no file; `cut`: it names nobody. */
  kind: 'own' | 'other' | 'stale' | 'none' | 'cut'
  pid: number | null
  host: string | null
  /** The process from which the holder took over after it had ended badly. */
  after: number | null
}

/** Looks at the lock of the office in `dir` and leaves it as it is. */
export function lookAtLock(dir: string): LockState {
  const found = read(join(dir, 'lock'))
  if (found === null || found === 'empty') return { kind: found === null ? 'none' : 'cut', pid: null, host: null, after: null }
  const { pid, host, after } = found
  const own = pid === process.pid && host === hostname() && !isStale(found)
  return { kind: own ? 'own' : isStale(found) ? 'stale' : 'other', pid, host, after }
}

function release(path: string, holder: Holder): void {
  const found = read(path)
  if (found !== null && found !== 'empty' && found.token === holder.token) rmSync(path, { force: true })
}
