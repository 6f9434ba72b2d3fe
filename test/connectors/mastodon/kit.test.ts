import { runConnectorKit } from '../kit/kit.ts'
import { mastodonDriver, type Side } from './driver.ts'
import { plain } from './simulator/ways.ts'

for (const side of ['own', 'mentions'] satisfies Side[]) {
  runConnectorKit(`mastodon, ${side}`, mastodonDriver(side, { streaming: false }))
  runConnectorKit(`a server like mastodon, ${side}`, mastodonDriver(side, { ...plain, repeats: false }))
}
