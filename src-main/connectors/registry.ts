import { aboutBlog } from './blog/about.ts'
import { aboutBluesky } from './bluesky/about.ts'
import { aboutFeed } from './feed/about.ts'
import { aboutExport } from './kit/about.ts'
import { later } from './later.ts'
import { aboutMail } from './mail/about.ts'
import { aboutMastodon } from './mastodon/about.ts'
import { aboutSms } from './sms/about.ts'

/**
 * Every network there is a connector for, by its name in `shared/model/account.ts`. A new one is a folder beside this file and
 * a line here; its code is loaded when the first of its accounts needs it.
 */
export const connectors = {
  mail: later(aboutMail, async () => (await import('./mail/connector.ts')).mailConnector),
  feed: later(aboutFeed, async () => (await import('./feed/connector.ts')).feedConnector),
  x: later(aboutExport('x'), async () => (await import('./x/connector.ts')).xConnector),
  mastodon: later(aboutMastodon, async () => (await import('./mastodon/connector.ts')).mastodonConnector),
  bluesky: later(aboutBluesky, async () => (await import('./bluesky/connector.ts')).blueskyConnector),
  facebook: later(aboutExport('facebook'), async () => (await import('./facebook/connector.ts')).facebookConnector),
  instagram: later(aboutExport('instagram'), async () => (await import('./instagram/connector.ts')).instagramConnector),
  linkedin: later(aboutExport('linkedin'), async () => (await import('./linkedin/connector.ts')).linkedinConnector),
  youtube: later(aboutExport('youtube'), async () => (await import('./youtube/connector.ts')).youtubeConnector),
  sms: later(aboutSms, async () => (await import('./sms/connector.ts')).smsConnector),
  blog: later(aboutBlog, async () => (await import('./blog/connector.ts')).blogConnector),
}
