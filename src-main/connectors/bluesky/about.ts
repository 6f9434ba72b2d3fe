import { BlueskySettings } from '#shared/model/index.ts'
import type { About } from '../connector.ts'
import { aboutExport } from '../kit/about.ts'
import { adopt } from '../kit/owner.ts'

const exports = aboutExport('bluesky')
/** What an account can do that nobody signed in to yet. */
const imported = { ...exports.capabilities, login: true }

/** Bluesky, as far as it is known without its code. An account that nobody signed in to holds what was imported. */
export const aboutBluesky: About<BlueskySettings> = {
  network: 'bluesky',
  capabilities: {
    ...exports.capabilities,
    login: true,
    live: true,
    sends: true,
    finds: true,
    rereads: true,
    profiles: true,
  },
  capabilitiesOf: ({ live }) => (live === null ? imported : aboutBluesky.capabilities),
  parseSettings: (stored) => BlueskySettings.parse(stored),
  address: exports.address,
  adopt,
}
