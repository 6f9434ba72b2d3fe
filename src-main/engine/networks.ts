import type { Connector } from '#connectors/connector.ts'
import {
  AccountSettings,
  type ArchiveNetwork,
  type ArchiveSettings,
  type BlogSettings,
  type BlueskySettings,
  type Capabilities,
  type FeedSettings,
  type MailSettings,
  type MastodonSettings,
  type Network,
  ProblemError,
  type SmsSettings,
} from '#shared/model/index.ts'

/** Settings type of each network. */
export type SettingsByNetwork = {
  mail: MailSettings
  feed: FeedSettings
  mastodon: MastodonSettings
  bluesky: BlueskySettings
  sms: SmsSettings
  blog: BlogSettings
} & Record<Exclude<ArchiveNetwork, 'mastodon' | 'bluesky'>, ArchiveSettings>

/** Every connector by its network, as the hosts' registry supplies them. */
export type Connectors = { [N in Network]: Connector<SettingsByNetwork[N]> }

/** The settings of one network out of an account's stored settings, checked by the connector itself. */
export function settingsOf<N extends Network>(
  connector: Connector<SettingsByNetwork[N]>,
  stored: AccountSettings,
): SettingsByNetwork[N] {
  return connector.parseSettings(new Map(Object.entries(stored)).get(stored.network))
}

/** What an account of a network can do, with the settings that it has. */
export function capabilitiesOf<N extends Network>(
  connector: Connector<SettingsByNetwork[N]>,
  stored: AccountSettings,
): Capabilities {
  return connector.capabilitiesOf?.(settingsOf(connector, stored)) ?? connector.capabilities
}

/** A network's settings in the form in which an account stores them. */
export function storedSettings(network: Network, settings: SettingsByNetwork[Network]): AccountSettings {
  return AccountSettings.parse({ network, [network]: settings })
}

/**
 * What an account's settings become when somebody signs in to it.
 * @throws `account_other` when it is not the same account on the same network.
 */
export function adopted<N extends Network>(
  connector: Connector<SettingsByNetwork[N]>,
  account: { settings: AccountSettings; address: string },
  signedIn: AccountSettings,
): SettingsByNetwork[N] {
  const refuse = (found: string) => new ProblemError('account_other', { found, expected: account.address })
  if (signedIn.network !== connector.network) throw refuse(signedIn.network)
  const settings = settingsOf(connector, signedIn)
  if (connector.adopt) return connector.adopt(settingsOf(connector, account.settings), settings)
  if (connector.address(settings) !== account.address) throw refuse(connector.address(settings))
  return settings
}
