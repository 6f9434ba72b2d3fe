import type { Connector } from '#connectors/connector.ts'
import { AccountSettings, type FeedSettings, type MailSettings, type Network } from '#shared/model/index.ts'

/** Settings type of each network. */
export interface SettingsByNetwork {
  mail: MailSettings
  feed: FeedSettings
}

/** Every connector by its network, as the hosts' registry supplies them. */
export type Connectors = { [N in Network]: Connector<SettingsByNetwork[N]> }

/** The settings of one network out of an account's stored settings, checked by the connector itself. */
export function settingsOf<N extends Network>(
  connector: Connector<SettingsByNetwork[N]>,
  stored: AccountSettings,
): SettingsByNetwork[N] {
  return connector.parseSettings(stored.network === 'mail' ? stored.mail : stored.feed)
}

/** A network's settings in the form in which an account stores them. */
export function storedSettings(network: Network, settings: SettingsByNetwork[Network]): AccountSettings {
  return AccountSettings.parse({ network, [network]: settings })
}
