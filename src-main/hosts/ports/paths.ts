import { homedir, platform } from 'node:os'
import { join, resolve } from 'node:path'
import type { Paths } from '#ports/index.ts'

/** Where the program keeps what is not of one office: `DISPATCH_DATA`, or the platform's place for such things. */
export function dataDir(env: NodeJS.ProcessEnv = process.env, system: NodeJS.Platform = platform()): string {
  if (env.DISPATCH_DATA) return resolve(env.DISPATCH_DATA)
  if (system === 'win32') return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Dispatch Box')
  if (system === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Dispatch Box')
  // The XDG specification: a relative value is invalid and ignored.
  const xdg = env.XDG_DATA_HOME?.startsWith('/') ? env.XDG_DATA_HOME : join(homedir(), '.local', 'share')
  return join(xdg, 'dispatch-box')
}

/** Paths of an office; without a folder named, the default office of this person. */
export function officePaths(office: string | null, data: string = dataDir()): Paths {
  return { data, office: office === null ? join(data, 'offices', 'default') : resolve(office) }
}
