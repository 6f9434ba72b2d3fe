import { MastodonSettings } from '#shared/model/index.ts'
import type { About } from '../connector.ts'
import { aboutExport } from '../kit/about.ts'
import { adopt } from '../kit/owner.ts'

const exports = aboutExport('mastodon')
/** What an account can do that nobody signed in to yet. */
const imported = { ...exports.capabilities, login: true }

/** Mastodon and servers like it, as far as it is known without its code. An account that nobody signed in to holds what was imported. */
export const aboutMastodon: About<MastodonSettings> = {
  network: 'mastodon',
  capabilities: {
    ...exports.capabilities,
    push: true,
    login: true,
    live: true,
    sends: true,
    finds: true,
    rereads: true,
    profiles: true,
  },
  capabilitiesOf: ({ live }) => (live === null ? imported : aboutMastodon.capabilities),
  parseSettings: (stored) => MastodonSettings.parse(stored),
  address: exports.address,
  adopt,
}
