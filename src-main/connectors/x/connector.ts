import { exportConnector } from '#connectors/kit/connector.ts'
import { decodeText } from '#connectors/kit/text.ts'

/** X (Twitter): what an account's export holds. */
export const xConnector = exportConnector({
  network: 'x',
  importer: { detect: () => Promise.resolve(null) },
  render: (raw) => ({ html: null, text: decodeText(raw), damaged: true, attachments: [] }),
})
