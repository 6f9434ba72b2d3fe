import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Servers of other people that tests run, each a package of its own in `test/peers/`. */
export type Peer = 'bluesky'

const source = (peer: Peer) => join(import.meta.dirname, '../peers', peer)

/** The files that say what is installed. */
export const peerFiles = (peer: Peer): string[] => ['package.json', 'package-lock.json'].map((name) => join(source(peer), name))

/** The script that starts it. */
export const peerScript = (peer: Peer): string => join(source(peer), 'network.mjs')

/** Where a peer is installed: outside of the checkout, by what its lock file says, so that a machine installs each state once. */
export function peerFolder(peer: Peer): string {
  const hash = createHash('sha256')
  for (const file of peerFiles(peer)) hash.update(readFileSync(file))
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  return join(cache, 'dispatch-box-tests', `${peer}-${hash.digest('hex').slice(0, 16)}`)
}

/** Written last, so that it is there only after a whole installation. */
export const peerStamp = (peer: Peer): string => join(peerFolder(peer), 'installed')

export const isInstalled = (peer: Peer): boolean => existsSync(peerStamp(peer))
