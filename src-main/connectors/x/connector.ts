import { exportConnector } from '#connectors/kit/connector.ts'
import { xImporter } from './importer.ts'
import { renderX } from './render.ts'

/** X, from the archive that an account can ask for. @see README.md for what is understood. */
export const xConnector = exportConnector({ network: 'x', importer: xImporter, render: renderX })
