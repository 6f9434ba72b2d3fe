import { FeedSettings } from '#shared/model/index.ts'
import type { About } from '../connector.ts'

/** Feeds over HTTP, as far as they are known without their code. */
export const aboutFeed: About<FeedSettings> = {
  network: 'feed',
  capabilities: {
    push: false,
    readFlag: false,
    answeredFlag: false,
    edits: true,
    deletions: false,
    login: false,
    imports: [],
    live: true,
    sends: false,
    finds: false,
    rereads: false,
    profiles: false,
  },
  parseSettings: (stored) => FeedSettings.parse(stored),
  address: (settings) => settings.url,
}
