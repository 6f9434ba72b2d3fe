import { type ArchiveNetwork, ArchiveSettings } from '#shared/model/index.ts'
import type { About } from '../connector.ts'

/** A network whose accounts hold what is imported from its exports, as far as it is known without its code. */
export function aboutExport(network: ArchiveNetwork): About<ArchiveSettings> {
  return {
    network,
    capabilities: {
      push: false,
      readFlag: false,
      answeredFlag: false,
      edits: true,
      deletions: true,
      login: false,
      imports: ['archive'],
      live: false,
      sends: false,
      finds: false,
      rereads: false,
      profiles: false,
    },
    parseSettings: (stored) => ArchiveSettings.parse(stored),
    address: ({ handle, userId, server }) => [handle ?? userId ?? '', server].filter(Boolean).join('@'),
  }
}
