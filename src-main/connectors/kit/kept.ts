import { createHash } from 'node:crypto'
import type { Party } from '#shared/model/index.ts'
import type { KeptFile, Rendered } from '../connector.ts'
import type { ItemMessage } from './importer.ts'
import { limits } from './limits.ts'
import { decodeText, mediaTypeOf } from './text.ts'

/** The record of a file that is kept as it is: it says which, and the file lies beside it. */
export const KEPT_FILE = 'application/json; export=file'
/** The record of an entry that was not understood: its bytes. */
export const KEPT_ITEM = 'application/octet-stream; export=item'

export const keptMediaTypes: ReadonlySet<string> = new Set([KEPT_FILE, KEPT_ITEM])

/** All that is kept of an account's exports without being understood lies in one conversation. */
const THREAD = 'export-files'

/** What is kept of a file: its place in the export and its hash. Times are left out, so that the same file again is the same record. */
export function fileRecord(path: string, { sha256, size }: KeptFile): Uint8Array {
  return Buffer.from(`${JSON.stringify({ path, sha256, size })}\n`)
}

/** The message that holds a file. @param at when the file was last changed, ISO 8601 UTC. */
export function fileMessage(path: string, from: Party, at: string, text: string): ItemMessage {
  return { ...kept(`file:${path}`, path, from, at), text, volatile: false }
}

/** The message that holds an entry that was not understood. */
export function itemMessage(path: string, raw: Uint8Array, from: Party, at: string): ItemMessage {
  const hash = createHash('sha256').update(raw).digest('hex')
  return { ...kept(`item:${hash}`, path, from, at), text: decodeText(raw.subarray(0, limits.searchText)), volatile: false }
}

function kept(remoteId: string, path: string, from: Party, at: string): Omit<ItemMessage, 'text'> {
  const subject = path.slice(0, limits.line)
  return { remoteId, threadKeys: [THREAD], kind: 'file', direction: 'outbound', from, to: [], cc: [], subject, at, link: null }
}

/** What a person reads of either. */
export function renderKept(raw: Uint8Array, mediaType: string): Rendered {
  const text = decodeText(raw)
  if (mediaType !== KEPT_FILE) return { html: null, text, damaged: true, attachments: [] }
  const { path, size } = readRecord(text)
  const name = path.slice(path.lastIndexOf('/') + 1)
  const attachments = [{ index: 0, name, mediaType: mediaTypeOf(path), size, contentId: null, inline: false }]
  return { html: null, text: path, damaged: path === '', attachments }
}

function readRecord(text: string): { path: string; size: number } {
  try {
    const { path, size } = JSON.parse(text) as { path?: unknown; size?: unknown }
    return { path: typeof path === 'string' ? path : '', size: typeof size === 'number' ? size : 0 }
  } catch (error) {
    if (error instanceof SyntaxError) return { path: '', size: 0 }
    throw error
  }
}
