import type { ArchiveSettings } from '#shared/model/index.ts'
import { ConnectorFault } from '../fault.ts'
import type { Owner } from './importer.ts'

/** A handle as it is compared: without `@` in front, folded. */
export function foldHandle(handle: string): string {
  return handle.trim().replace(/^@/, '').toLowerCase()
}

/**
 * Holds an export against the account that it is brought into.
 * @returns the account's settings with what the export adds; null when it adds nothing.
 * @throws ConnectorFault `decision` / `export_of_other`.
 */
export function claim<Settings extends ArchiveSettings>(settings: Settings, owner: Owner, path: string): Settings | null {
  if (!isSame(settings, owner))
    throw new ConnectorFault('decision', 'export_of_other', { path, found: shown(owner), expected: shown(settings) })
  const next = {
    handle: owner.handle?.replace(/^@/, '') ?? settings.handle,
    userId: settings.userId ?? owner.userId,
    server: owner.server?.toLowerCase() ?? settings.server,
  }
  const same = next.handle === settings.handle && next.userId === settings.userId && next.server === settings.server
  return same ? null : { ...settings, ...next }
}

/**
 * What an account becomes when somebody signs in to it who must be the same on the network.
 * @throws ConnectorFault `decision` / `account_other`.
 */
export function adopt<Settings extends ArchiveSettings>(settings: Settings, signedIn: Settings): Settings {
  if (!isSame(settings, signedIn))
    throw new ConnectorFault('decision', 'account_other', { found: shown(signedIn), expected: shown(settings) })
  return { ...signedIn, userId: signedIn.userId ?? settings.userId }
}

/** The network's own id decides where both know it, for a handle can be changed, and given to somebody else; else handle and server. */
function isSame(settings: ArchiveSettings, other: ArchiveSettings): boolean {
  if (settings.userId !== null && other.userId !== null) return settings.userId === other.userId
  if (settings.handle !== null && other.handle !== null && foldHandle(settings.handle) !== foldHandle(other.handle)) return false
  return settings.server === null || other.server === null || settings.server === other.server.toLowerCase()
}

function shown({ handle, server, userId }: ArchiveSettings): string {
  if (handle === null) return userId ?? server ?? '?'
  return server === null ? `@${foldHandle(handle)}` : `@${foldHandle(handle)}@${server}`
}
