import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { isInstalled, type Peer } from './peers.ts'

/** What some tests need beside Node and the packages of the lock file. */
export type Need =
  | 'dovecot'
  | 'exim'
  | 'kannel'
  | 'chromium'
  | 'electron'
  | 'display'
  | 'secret-service'
  | 'mbsync'
  | 'mount'
  | 'openssl'
  | 'python3'
  | 'build'
  | 'bluesky'

interface Needed {
  /** Debian packages that bring it; in an inner list the first one that the release has. */
  packages: (string | string[])[]
  /** A package of servers, kept apart from the project's own. */
  peer?: Peer
  /** A sentence that says what is missing; null when it is there. */
  missing(): string | null
}

const repo = join(import.meta.dirname, '../..')

const executable = (path: string) => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The program's path, looked for where Debian keeps programs of the system too. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return (
    folders
      .filter((folder) => folder !== '')
      .map((folder) => join(folder, name))
      .find(executable) ?? null
  )
}

const programs =
  (...names: string[]) =>
  () => {
    const gone = names.filter((name) => findProgram(name) === null)
    return gone.length === 0 ? null : `${gone.join(' and ')} ${gone.length === 1 ? 'is' : 'are'} not installed`
  }

/** The Electron binary: the one named by the environment, else the one that the `electron` package fetched. */
export function electronBinary(): string | null {
  const given = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  const name =
    process.platform === 'win32'
      ? 'electron.exe'
      : process.platform === 'darwin'
        ? 'Electron.app/Contents/MacOS/Electron'
        : 'electron'
  const path = join(given ?? join(repo, 'node_modules/electron/dist'), name)
  return existsSync(path) ? path : null
}

/** Chromium (or Chrome) of the system. */
export function chromiumBinary(): string | null {
  return process.env['DISPATCH_CHROMIUM'] ?? findProgram('chromium') ?? findProgram('google-chrome')
}

/** The folder of PostgreSQL's programs: Debian keeps them out of the path. */
export function postgresBinaries(): string | null {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : []
  const inPath = findProgram('initdb')
  const folders = inPath === null ? versions : [dirname(inPath), ...versions]
  return folders.find((folder) => executable(join(folder, 'postgres'))) ?? null
}

export const needed: Record<Need, Needed> = {
  kannel: { packages: ['kannel'], missing: programs('bearerbox', 'smsbox') },
  dovecot: { packages: ['dovecot-imapd'], missing: programs('dovecot') },
  exim: { packages: ['exim4-daemon-light'], missing: programs('exim4') },
  chromium: {
    packages: ['chromium'],
    missing: () => (chromiumBinary() === null ? 'Chromium is not installed' : null),
  },
  electron: {
    packages: ['libgtk-3-0', 'libnss3', 'libgbm1', ['libasound2t64', 'libasound2'], 'libsecret-1-0'],
    missing: () => (electronBinary() === null ? "Electron's binary is not there and could not be downloaded" : null),
  },
  display: {
    packages: ['xvfb'],
    missing: () =>
      process.platform !== 'linux' || process.env['DISPLAY'] || findProgram('Xvfb')
        ? null
        : 'there is no display, and Xvfb is not installed',
  },
  'secret-service': {
    packages: ['gnome-keyring', 'dbus-x11', 'libsecret-1-0'],
    missing: programs('gnome-keyring-daemon', 'dbus-run-session'),
  },
  mbsync: { packages: ['isync'], missing: programs('mbsync') },
  python3: { packages: ['python3'], missing: programs('python3') },
  mount: {
    packages: [],
    missing: () => (spawnSync('unshare', ['--mount', 'true']).status === 0 ? null : 'this user may not mount a small disk'),
  },
  openssl: { packages: ['openssl'], missing: programs('openssl') },
  bluesky: {
    packages: ['postgresql', 'redis-server'],
    peer: 'bluesky',
    missing: () => {
      if (!isInstalled('bluesky')) return "the network's own servers are not installed"
      return postgresBinaries() === null ? 'PostgreSQL is not installed' : programs('redis-server')()
    },
  },
  build: {
    packages: [],
    missing: () => (existsSync(join(repo, 'out/main')) ? null : 'the program is not built (npm run build)'),
  },
}
