import { exportConnector } from '#connectors/kit/connector.ts'
import { blueskyImporter } from './importer.ts'
import { renderRecord } from './render.ts'

/** Bluesky, from the repository that an account can take home. @see README.md for what is understood. */
export const blueskyConnector = exportConnector({ network: 'bluesky', importer: blueskyImporter, render: renderRecord })
