import { exportConnector } from '#connectors/kit/connector.ts'
import { mastodonImporter } from './importer.ts'
import { renderMastodon } from './render.ts'

/** Mastodon, from the archive that an account can ask for. @see README.md for what is understood. */
export const mastodonConnector = exportConnector({
  network: 'mastodon',
  importer: mastodonImporter,
  render: (raw) => renderMastodon(raw),
})
