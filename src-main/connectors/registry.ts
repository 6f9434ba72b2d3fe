import { blueskyConnector } from './bluesky/connector.ts'
import { facebookConnector } from './facebook/connector.ts'
import { feedConnector } from './feed/connector.ts'
import { instagramConnector } from './instagram/connector.ts'
import { linkedinConnector } from './linkedin/connector.ts'
import { mailConnector } from './mail/connector.ts'
import { mastodonConnector } from './mastodon/connector.ts'
import { xConnector } from './x/connector.ts'
import { youtubeConnector } from './youtube/connector.ts'

/** Every network there is a connector for, by its name in `shared/model/account.ts`. A new one is a folder beside this file and a line here. */
export const connectors = {
  mail: mailConnector,
  feed: feedConnector,
  x: xConnector,
  mastodon: mastodonConnector,
  bluesky: blueskyConnector,
  facebook: facebookConnector,
  instagram: instagramConnector,
  linkedin: linkedinConnector,
  youtube: youtubeConnector,
}
