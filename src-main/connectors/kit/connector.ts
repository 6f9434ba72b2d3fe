import type { ArchiveNetwork, ArchiveSettings } from '#shared/model/index.ts'
import type { Client, Connector, Rendered } from '../connector.ts'
import { ConnectorFault } from '../fault.ts'
import { aboutExport } from './about.ts'
import type { Importer } from './importer.ts'
import { keptMediaTypes, renderKept } from './kept.ts'
import { runImport } from './run.ts'

export interface ExportNetwork {
  network: ArchiveNetwork
  importer: Importer
  /** What a person reads of one item's bytes. Pure; survives garbage (`damaged: true`). */
  render(raw: Uint8Array, mediaType: string): Rendered
}

/** A network whose accounts hold what is imported from its exports, until it has a connection of its own. */
export function exportConnector(parts: ExportNetwork): Connector<ArchiveSettings> {
  return { ...aboutExport(parts.network), ...exportParts<ArchiveSettings>(parts) }
}

/** What imports give a connector, also where accounts are live: a live one puts its own `create` in the place of this one. */
export function exportParts<Settings extends ArchiveSettings>({
  network,
  importer,
  render,
}: ExportNetwork): Pick<Connector<Settings>, 'create' | 'render' | 'importFiles' | 'attachment'> {
  return {
    create: () => filesOnly(network),
    render: async (raw, mediaType) => (keptMediaTypes.has(mediaType) ? renderKept(raw, mediaType) : render(raw, mediaType)),
    importFiles: (request, context, signal) => runImport({ network, importer }, request, context, signal),
    // Files of an export lie beside the message, where the engine finds them.
    attachment: () => Promise.resolve(null),
  }
}

/** An account that nobody signed in to. */
export function filesOnly(network: ArchiveNetwork): Client {
  const refuse = () => Promise.reject(new ConnectorFault('decision', 'files_only', { network }))
  return { check: refuse, sync: refuse, wait: refuse, act: refuse, close: () => Promise.resolve() }
}
