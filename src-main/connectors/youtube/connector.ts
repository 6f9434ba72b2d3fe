import { exportConnector } from '#connectors/kit/connector.ts'
import { youtubeImporter } from './importer.ts'
import { renderRow } from './render.ts'

/** YouTube, from a Google Takeout. @see README.md for what is understood. */
export const youtubeConnector = exportConnector({ network: 'youtube', importer: youtubeImporter, render: renderRow })
