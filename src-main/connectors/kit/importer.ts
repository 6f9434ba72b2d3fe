import type { Attachment, ImportRemark, Instant } from '#shared/model/index.ts'
import type { IncomingMessage } from '../connector.ts'
import type { Source } from './source/source.ts'

/** How one network's exports are read. @see README.md beside this file. */
export interface Importer {
  /**
   * Recognises an export of this network by what is in it, whatever its files are called.
   * @returns null when it is not one.
   * @throws ConnectorFault `decision` / `export_web_pages` and the like for one that cannot be read.
   */
  detect(source: Source): Promise<Export | null>
}

/** An export that was recognised. */
export interface Export {
  owner: Owner
  /** What is read of it, in a fixed order: a run that was cut short goes on in the part where it was. */
  parts: ExportPart[]
}

/** Whose export it is. What the export does not say is null, or empty for the name. */
export interface Owner {
  userId: string | null
  handle: string | null
  name: string
  server: string | null
}

export interface ExportPart {
  /** Unique in the export, and the same each time: usually its file's path. */
  name: string
  /** Paths that it reads. All other files are kept as they are; so are pictures that no item names. */
  reads: string[]
  /** What is in it, in the same order each time. */
  items(tools: Tools): AsyncIterable<Item>
}

export interface Tools {
  remark: Remark
  signal: AbortSignal
}

/** Says what was not understood. `name`: the field or entry that it is about. */
export type Remark = (kind: ImportRemark['kind'], path: string, name?: string) => void

/** One entry of an export. */
export interface Item {
  /** The file that it stands in. */
  path: string
  /** Its bytes, exactly as they stand there. */
  raw: Uint8Array
  mediaType: string
  /** What it says; null when that is not understood: its bytes are kept and counted as failed. */
  message: ItemMessage | null
  /** Files of the export that belong to it. They become its attachments, in this order. */
  media: MediaRef[]
}

/** What a message says, without what the kit adds: bytes, files, and that nobody waits for an answer to it. */
export type ItemMessage = Pick<
  IncomingMessage,
  'remoteId' | 'threadKeys' | 'kind' | 'direction' | 'from' | 'to' | 'cc' | 'subject' | 'at' | 'text' | 'link'
> & {
  deletedAt?: Instant | null
  /** @see IncomingMessage.volatile; on by default, for exports count likes. */
  volatile?: boolean
}

export interface MediaRef {
  /** Its path in the export; null when the export only names it, by an address say. */
  path: string | null
  name: string
  mediaType: string
  /** The text shows it in place, as `cid:<its place from 0>`. */
  inline: boolean
}

/** The attachment that a file becomes. @param size in bytes; 0 when the export does not hold it. */
export function toAttachment(ref: MediaRef, index: number, size: number): Attachment {
  const { name, mediaType, inline } = ref
  return { index, name, mediaType, size, contentId: inline ? String(index) : null, inline }
}
