import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where Electron keeps its releases unless a mirror is named. */
const RELEASES = 'https://github.com/electron/electron/releases/'
/** A network that refuses says so soon; one that drops everything is not waited for longer than this. */
const PROBE_MS = 8000
/** About 120 MB: on a line so slow that this is not enough, the browser is the better window for now. */
const DOWNLOAD_MS = 10 * 60_000

/** The program to start, or why there is none, in words that end a sentence. */
export type Found = { program: string } | { missing: string }

/** Finds Electron for this checkout; fetches it on the first start where the network allows. Never waits long to say no. */
export async function findElectron(root: string, env: NodeJS.ProcessEnv, say: (text: string) => void): Promise<Found> {
  if (process.platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return { missing: 'there is no display' }
  const home = join(root, 'node_modules', 'electron')
  if (env.ELECTRON_OVERRIDE_DIST_PATH) {
    const program = join(env.ELECTRON_OVERRIDE_DIST_PATH, programName())
    return existsSync(program) ? { program } : { missing: 'ELECTRON_OVERRIDE_DIST_PATH holds no Electron' }
  }
  if (!existsSync(home)) return { missing: 'Electron is not installed' }
  const program = installed(home)
  if (program) return { program }
  if (env.ELECTRON_SKIP_BINARY_DOWNLOAD) return { missing: 'the Electron runtime is not here and its download is switched off' }
  if (!(await isReachable(env))) return { missing: 'the Electron runtime cannot be downloaded here' }
  say('Downloading the Electron runtime (about 120 MB, once)…')
  const done = await download(home)
  const fetched = done ? installed(home) : null
  return fetched ? { program: fetched } : { missing: 'the download of the Electron runtime failed' }
}

/** The runtime that the `electron` package has fetched: `path.txt` names the program inside `dist`. */
function installed(home: string): string | null {
  const file = join(home, 'path.txt')
  if (!existsSync(file)) return null
  const program = join(home, 'dist', readFileSync(file, 'utf8').trim())
  return existsSync(program) ? program : null
}

function programName(): string {
  if (process.platform === 'darwin') return join('Electron.app', 'Contents', 'MacOS', 'Electron')
  return process.platform === 'win32' ? 'electron.exe' : 'electron'
}

/** Asks the server of the download for a sign of life. Behind a proxy only the download itself can tell. */
async function isReachable(env: NodeJS.ProcessEnv): Promise<boolean> {
  if (env.ELECTRON_GET_USE_PROXY) return true
  const place = env.ELECTRON_MIRROR ?? env.npm_config_electron_mirror ?? RELEASES
  try {
    await fetch(place, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(PROBE_MS) })
    return true
  } catch {
    // Whatever stands in the way, the answer is the same.
    return false
  }
}

function download(home: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(home, 'install.js')], { stdio: 'ignore', timeout: DOWNLOAD_MS })
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0))
  })
}
