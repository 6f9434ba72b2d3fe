import type { ArchiveSettings } from '#shared/model/index.ts'
import { ConnectorFault } from '../fault.ts'
import type { Owner } from './importer.ts'

/** A handle as it is compared: without `@` in front, folded. */
export function foldHandle(handle: string): string {
  return handle.trim().replace(/^@/, '').toLowerCase()
}

/**
 * Holds an export against the account that it is brought into. The network's own id decides where both know it, for a handle can be
 * changed, and given to somebody else; else handle and server.
 * @returns the account's settings with what the export adds; null when it adds nothing.
 * @throws ConnectorFault `decision` / `export_of_other`.
 */
export function claim(settings: ArchiveSettings, owner: Owner, path: string): ArchiveSettings | null {
  const refuse = () =>
    new ConnectorFault('decision', 'export_of_other', {
      path,
      found: shown(owner.handle, owner.server, owner.userId),
      expected: shown(settings.handle, settings.server, settings.userId),
    })
  if (settings.userId !== null && owner.userId !== null) {
    if (settings.userId !== owner.userId) throw refuse()
  } else {
    if (settings.handle !== null && owner.handle !== null && foldHandle(settings.handle) !== foldHandle(owner.handle))
      throw refuse()
    if (settings.server !== null && owner.server !== null && settings.server !== owner.server.toLowerCase()) throw refuse()
  }
  const next: ArchiveSettings = {
    handle: owner.handle?.replace(/^@/, '') ?? settings.handle,
    userId: settings.userId ?? owner.userId,
    server: owner.server?.toLowerCase() ?? settings.server,
  }
  const same = next.handle === settings.handle && next.userId === settings.userId && next.server === settings.server
  return same ? null : next
}

function shown(handle: string | null, server: string | null, userId: string | null): string {
  if (handle === null) return userId ?? server ?? '?'
  return server === null ? `@${foldHandle(handle)}` : `@${foldHandle(handle)}@${server}`
}
