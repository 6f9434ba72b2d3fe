import { exportConnector } from '#connectors/kit/connector.ts'
import { linkedinImporter } from './importer.ts'
import { renderRow } from './render.ts'

/** LinkedIn, from the copy of their data that it hands to a member. @see README.md for what is understood. */
export const linkedinConnector = exportConnector({ network: 'linkedin', importer: linkedinImporter, render: renderRow })
