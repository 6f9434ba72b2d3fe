import { spawn } from 'node:child_process'
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** What the built program is made from. */
const sources = ['shared', 'src-main', 'src-renderer', 'electron.vite.config.ts', 'package.json', 'package-lock.json']
/** What the builder makes in `out/`. */
const parts = ['main', 'preload', 'renderer', 'verifier']
/** What the stand-alone verifier of evidence packs is made from. */
const verifierSources = ['src-main/archive', 'src-main/hosts/verifier', 'package-lock.json']
/** Written last, so that it is there only after a whole build. */
const stamp = ['out', 'built.json']
const BUILD_MS = 5 * 60_000

/**
 * Builds the program into `out/` when it was not built yet or a source is newer. Two that start at once build once.
 * @param say Told in one line when it takes a while.
 * @throws Error with the builder's last words when the build fails.
 */
export async function ensureBuilt(root: string, say: (text: string) => void): Promise<void> {
  if (await isFresh(root)) return
  await mkdir(join(root, 'out'), { recursive: true })
  const unlock = await lock(join(root, 'out', 'building.pid'))
  try {
    if (await isFresh(root)) return
    say('Building the program (once, and after each change)…')
    await build(root)
  } finally {
    await unlock()
  }
}

/** Builds in any case. What was built before stays in use until all of it is there. */
export async function build(root: string): Promise<void> {
  const began = Date.now()
  const next = join(root, 'out', `next-${process.pid}`)
  const tool = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  await runTool(root, next, [tool, 'build', '--logLevel', 'warn', '--outDir', next])
  await runTool(root, next, verifierTool(root, join(next, 'verifier')))
  await rm(join(root, ...stamp), { force: true })
  await putInPlace(root, next, parts)
  await writeFile(join(root, ...stamp), JSON.stringify({ began }))
}

/**
 * Sees to it that `out/verifier/` has `verify.js` and `verify.html`, as the sources are now. Builds them alone, in a moment,
 * when the rest of the program is not needed.
 * @throws Error with the builder's last words when the build fails.
 */
export async function ensureVerifier(root: string): Promise<void> {
  if (await isVerifierFresh(root)) return
  await mkdir(join(root, 'out'), { recursive: true })
  const unlock = await lock(join(root, 'out', 'building.pid'))
  try {
    if (await isVerifierFresh(root)) return
    const next = join(root, 'out', `next-${process.pid}`)
    const began = new Date()
    await runTool(root, next, verifierTool(root, join(next, 'verifier')))
    // A source that changes while it is being built is newer than what was built.
    await utimes(join(next, 'verifier', 'verify.js'), began, began)
    await putInPlace(root, next, ['verifier'])
  } finally {
    await unlock()
  }
}

async function isVerifierFresh(root: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(join(root, 'out', 'verifier', 'verify.js'))
    const times = await Promise.all(verifierSources.map((source) => newest(join(root, source))))
    return Math.max(...times) <= mtimeMs
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}

function verifierTool(root: string, outDir: string): string[] {
  const config = join(root, 'src-main', 'hosts', 'verifier', 'build', 'vite.config.ts')
  return [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--config', config, '--outDir', outDir]
}

/** Runs a builder that writes into `next`. */
async function runTool(root: string, next: string, args: string[]): Promise<void> {
  const { code, output } = await run(process.execPath, args, root)
  if (code === 0) return
  await rm(next, { recursive: true, force: true })
  throw new Error(`The build failed:\n${output.trim().split('\n').slice(-40).join('\n')}`)
}

/** What was built takes the place of what was there. */
async function putInPlace(root: string, next: string, built: readonly string[]): Promise<void> {
  for (const part of built) {
    await rm(join(root, 'out', part), { recursive: true, force: true })
    await rename(join(next, part), join(root, 'out', part))
  }
  await rm(next, { recursive: true })
}

/** Whether `out/` was built from the sources as they are now. */
export async function isFresh(root: string): Promise<boolean> {
  const began = await readStamp(join(root, ...stamp))
  if (began === null) return false
  for (const source of sources) if ((await newest(join(root, source))) > began) return false
  return true
}

/** When the last whole build began, in ms since 1970. */
async function readStamp(file: string): Promise<number | null> {
  try {
    const read: unknown = JSON.parse(await readFile(file, 'utf8'))
    return typeof read === 'object' && read !== null && 'began' in read && typeof read.began === 'number' ? read.began : null
  } catch {
    // None yet, or cut short: build again.
    return null
  }
}

/** The latest change of a file or of anything in a folder (its own change tells of files that were removed). */
async function newest(path: string): Promise<number> {
  const found = await stat(path)
  if (!found.isDirectory()) return found.mtimeMs
  const inside = await readdir(path, { withFileTypes: true })
  const times = await Promise.all(
    inside.filter((entry) => !entry.isSymbolicLink()).map((entry) => newest(join(path, entry.name))),
  )
  return Math.max(found.mtimeMs, ...times)
}

/** Waits for another build to end; one whose process is gone is not waited for. */
async function lock(file: string): Promise<() => Promise<void>> {
  for (const until = Date.now() + BUILD_MS; ; ) {
    try {
      const handle = await open(file, 'wx')
      await handle.writeFile(String(process.pid))
      await handle.close()
      return () => rm(file, { force: true })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    if (Date.now() > until || !(await isAlive(file))) await rm(file, { force: true })
    else await pause(200)
  }
}

async function isAlive(file: string): Promise<boolean> {
  try {
    const text = await readFile(file, 'utf8')
    // Just made, its number not yet written.
    if (text === '') return true
    process.kill(Number(text), 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function run(program: string, args: string[], cwd: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } })
    const output: string[] = []
    child.stdout.on('data', (part: Buffer) => output.push(part.toString()))
    child.stderr.on('data', (part: Buffer) => output.push(part.toString()))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output: output.join('') }))
  })
}
