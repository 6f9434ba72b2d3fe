import { exportConnector } from '#connectors/kit/connector.ts'
import { decodeText } from '#connectors/kit/text.ts'

/** Mastodon: what an account's export holds. */
export const mastodonConnector = exportConnector({
  network: 'mastodon',
  importer: { detect: () => Promise.resolve(null) },
  render: (raw) => ({ html: null, text: decodeText(raw), damaged: true, attachments: [] }),
})
