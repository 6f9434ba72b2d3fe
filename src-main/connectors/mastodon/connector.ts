import { exportParts } from '#connectors/kit/connector.ts'
import type { MastodonSettings } from '#shared/model/index.ts'
import type { Connector } from '../connector.ts'
import { aboutMastodon } from './about.ts'
import { mastodonImporter } from './importer.ts'
import { renderMastodon } from './render.ts'

/** Mastodon and servers like it, live and from the archive that an account can ask for. @see README.md for what is understood. */
export const mastodonConnector: Connector<MastodonSettings> = {
  ...aboutMastodon,
  ...exportParts<MastodonSettings>({
    network: 'mastodon',
    importer: mastodonImporter,
    render: (raw) => renderMastodon(raw),
  }),
}
