import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type Need, needed } from '../support/needed.ts'
import { isInstalled, type Peer, peerFiles, peerFolder } from '../support/peers.ts'
import { exec, execPackage } from './exec.ts'

/**
 * Sees to it that what the tests need is there: installs Debian packages where it may (root on Debian), and has the
 * `electron` package fetch its binary. @returns a sentence for each need that is still not met.
 */
export async function prepare(needs: Need[], say: (line: string) => void): Promise<Map<Need, string>> {
  const lacking = needs.filter((need) => needed[need].missing() !== null)
  const packages = await notInstalled([...new Set(lacking.flatMap((need) => needed[need].packages))])
  if (packages.length > 0) {
    if (process.getuid?.() === 0) await install(packages, say)
    else say(`  left for you, as root: apt-get install ${packages.join(' ')}`)
  }
  for (const peer of new Set(lacking.flatMap((need) => needed[need].peer ?? [])))
    if (!isInstalled(peer)) await installPeer(peer, say)
  if (lacking.includes('electron')) {
    say("  fetching Electron's binary")
    await execPackage('electron/install.js', [], { limitMinutes: 3 })
  }
  return new Map(
    needs.flatMap(
      (need) =>
        needed[need]
          .missing()
          ?.split('\n', 1)
          .map((why) => [need, why] as const) ?? [],
    ),
  )
}

async function install(packages: string[], say: (line: string) => void): Promise<void> {
  say(`  installing ${packages.join(' ')}`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const run = await exec('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env, limitMinutes: 10 })
  if (run.code !== 0) say(`  apt-get: ${run.output.trim().split('\n').slice(-2).join(' ')}`)
}

/** Installs servers of other people beside the checkout, once for each state of their lock file. */
async function installPeer(peer: Peer, say: (line: string) => void): Promise<void> {
  say(`  installing the servers of ${peer}`)
  const folder = peerFolder(peer)
  const next = `${folder}.${process.pid}`
  await mkdir(next, { recursive: true })
  for (const file of peerFiles(peer)) await copyFile(file, join(next, basename(file)))
  const run = await exec('npm', ['ci', '--prefix', next, '--ignore-scripts', '--no-audit', '--no-fund'], { limitMinutes: 10 })
  if (run.code === 0) {
    await writeFile(join(next, 'installed'), '')
    await rm(folder, { recursive: true, force: true })
    await rename(next, folder)
    return
  }
  say(`  npm: ${run.output.trim().split('\n').slice(-2).join(' ')}`)
  await rm(next, { recursive: true, force: true })
}

/** Package names that this Debian knows and has not installed. Without apt: the names as they are. */
async function notInstalled(packages: (string | string[])[]): Promise<string[]> {
  if (packages.length === 0) return []
  const root = process.getuid?.() === 0
  if (root) await exec('apt-get', ['update'], { limitMinutes: 5 })
  const lacking: string[] = []
  for (const choice of packages) {
    const names = typeof choice === 'string' ? [choice] : choice
    let first: string | null = null
    let present = false
    for (const name of names) {
      const status = await exec('dpkg-query', ['-W', '-f', `\${Status}`, name], { limitMinutes: 1 })
      if (status.output.includes('install ok installed')) present = true
      const known = await exec('apt-cache', ['show', '--no-all-versions', name], { limitMinutes: 1 })
      if (first === null && known.code === 0) first = name
    }
    if (!present) lacking.push(first ?? names[0] ?? '')
  }
  return lacking
}
