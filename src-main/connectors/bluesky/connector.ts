import { exportParts, filesOnly } from '#connectors/kit/connector.ts'
import type { BlueskySettings } from '#shared/model/index.ts'
import type { Connector } from '../connector.ts'
import { aboutBluesky } from './about.ts'
import { blueskyImporter } from './importer.ts'
import { BlueskyClient } from './live/client.ts'
import { DIRECT_TYPE, renderDirect } from './live/direct.ts'
import { fetchFile } from './live/files.ts'
import { RECORD_TYPE } from './live/own.ts'
import { NOTIFICATION_TYPE, POST_TYPE, renderView } from './live/view.ts'
import { renderRecord } from './render.ts'

/** Bluesky, live and from the repository that an account can take home. @see README.md for what is understood. */
export const blueskyConnector: Connector<BlueskySettings> = {
  ...aboutBluesky,
  ...exportParts<BlueskySettings>({
    network: 'bluesky',
    importer: blueskyImporter,
    render: (raw, mediaType) => {
      if (mediaType === NOTIFICATION_TYPE || mediaType === POST_TYPE || mediaType === RECORD_TYPE) return renderView(raw)
      return mediaType === DIRECT_TYPE ? renderDirect(raw) : renderRecord(raw)
    },
  }),
  create: (context) => {
    const { live } = context.settings
    return live === null ? filesOnly('bluesky') : new BlueskyClient(context, live)
  },
  fetchAttachment: fetchFile,
}
