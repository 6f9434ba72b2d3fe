import { exportConnector } from '#connectors/kit/connector.ts'
import { decodeText } from '#connectors/kit/text.ts'

/** Facebook: what an account's export holds. */
export const facebookConnector = exportConnector({
  network: 'facebook',
  importer: { detect: () => Promise.resolve(null) },
  render: (raw) => ({ html: null, text: decodeText(raw), damaged: true, attachments: [] }),
})
