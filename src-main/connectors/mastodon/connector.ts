import { exportParts, filesOnly } from '#connectors/kit/connector.ts'
import { parseValue } from '#connectors/kit/json.ts'
import { fieldsOf } from '#connectors/kit/shape.ts'
import type { MastodonSettings } from '#shared/model/index.ts'
import type { Connector } from '../connector.ts'
import { aboutMastodon } from './about.ts'
import { MastodonClient } from './client.ts'
import { mastodonImporter } from './importer.ts'
import { limits } from './limits.ts'
import { liveMediaTypes, renderLive } from './live-render.ts'
import { fetchFile } from './media.ts'
import { picturesOf } from './post.ts'
import { renderMastodon } from './render.ts'

/** Mastodon and servers like it, live and from the archive that an account can ask for. @see README.md for what is understood. */
export const mastodonConnector: Connector<MastodonSettings> = {
  ...aboutMastodon,
  ...exportParts<MastodonSettings>({
    network: 'mastodon',
    importer: mastodonImporter,
    render: (raw, mediaType) => (liveMediaTypes.has(mediaType) ? renderLive(raw, mediaType) : renderMastodon(raw)),
  }),
  create: (context) => {
    const { live } = context.settings
    return live === null ? filesOnly('mastodon') : new MastodonClient(context, live)
  },
  fetchAttachment: async ({ raw, mediaType, index, endpoint }, http, signal) => {
    const status = liveMediaTypes.has(mediaType) ? fieldsOf(parseValue({ bytes: raw, deep: false })) : null
    const file = status && picturesOf(status)[index]
    if (!file) return null
    const origin = URL.canParse(endpoint) ? new URL(endpoint).origin : ''
    return fetchFile(http, origin, { url: file.url, name: file.url, maxBytes: limits.fetchBytes }, signal)
  },
}
