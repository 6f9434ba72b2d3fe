import { exportConnector } from '#connectors/kit/connector.ts'
import { decodeText } from '#connectors/kit/text.ts'

/** Instagram: what an account's export holds. */
export const instagramConnector = exportConnector({
  network: 'instagram',
  importer: { detect: () => Promise.resolve(null) },
  render: (raw) => ({ html: null, text: decodeText(raw), damaged: true, attachments: [] }),
})
