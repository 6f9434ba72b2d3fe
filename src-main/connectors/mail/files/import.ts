import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import type { Batch, Context, ImportRequest, IncomingMessage } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import { readCursor } from '#connectors/kit/cursor.ts'
import { fileFault } from '#connectors/kit/file-fault.ts'
import type { ImportReport, MailSettings } from '#shared/model/index.ts'
import { limits } from '../limits.ts'
import { BARE_MAIL, toMessage } from '../message.ts'
import type { FileEntry, FileSource } from './entry.ts'
import { openMbox } from './mbox.ts'
import { openEml, openEmlTree, openMaildir } from './tree.ts'
import { hasHeader } from './wire.ts'

/**
 * Brings mail in from an mbox, a Maildir, or `.eml` files. Reads from one end to the other and keeps at most one batch in
 * memory. A run that was cut short goes on where its last batch ended; a run after a complete one reads everything again
 * and adds what is new since.
 * @returns counts over all the runs that it took: a mail that is in the office already (from a file or from its server)
 *   is `known`; what is no mail, is empty, cannot be read or is larger than any mail is `failed`. Of these, what has
 *   content but no header is kept as a damaged mail. Drafts are passed over and not counted.
 * @throws ConnectorFault `decision` / `file_unreadable` or `not_a_mailbox`; the signal's reason when cancelled, with all
 *   batches so far kept.
 */
export async function importFiles(
  request: ImportRequest,
  context: Context<MailSettings>,
  signal: AbortSignal,
): Promise<ImportReport> {
  const source = await openSource(request)
  try {
    return await new Importer(request, context, source).run(signal)
  } catch (error) {
    throw fileFault(error, request.path)
  } finally {
    await source.close()
  }
}

const Cursor = z.object({
  fingerprint: z.string(),
  mark: z.string(),
  new: z.number(),
  known: z.number(),
  failed: z.number(),
})
type Cursor = z.infer<typeof Cursor>

class Importer {
  private readonly context: Context<MailSettings>
  private readonly source: FileSource
  private readonly stream: string
  private readonly endpoint: string
  private readonly own: ReadonlySet<string>
  private counts: Omit<ImportReport, 'remarks'> = { new: 0, known: 0, failed: 0 }
  private messages: IncomingMessage[] = []
  private bytes = 0
  private looked = 0

  constructor(request: ImportRequest, context: Context<MailSettings>, source: FileSource) {
    this.context = context
    this.source = source
    this.stream = `import:${request.format}:${request.path}`
    this.endpoint = `file:${basename(request.path)}`
    this.own = new Set([context.settings.address.toLowerCase()])
  }

  async run(signal: AbortSignal): Promise<ImportReport> {
    const { source, context } = this
    const resumed = readCursor(Cursor, await context.cursor(this.stream))
    const usable = resumed !== null && resumed.fingerprint === source.fingerprint ? resumed : null
    if (usable) this.counts = { new: usable.new, known: usable.known, failed: usable.failed }
    let last: string | null = null
    for await (const entry of source.entries(usable?.mark ?? null, signal)) {
      const message = entry.draft ? null : this.read(entry)
      const size = message?.raw.byteLength ?? 0
      if (last !== null && this.isFull(size)) {
        await this.save(last, signal)
        context.progress({ done: Math.min(entry.done, source.total), total: source.total })
      }
      this.looked++
      if (message) {
        this.messages.push(message)
        this.bytes += size
      }
      if (!entry.draft && (message === null || message.mediaType === BARE_MAIL)) this.counts.failed++
      last = entry.mark
    }
    await this.save(null, signal)
    context.progress({ done: source.total, total: source.total })
    return { ...this.counts, remarks: [] }
  }

  private isFull(next: number): boolean {
    return this.looked >= limits.batchMessages || (this.messages.length > 0 && this.bytes + next > limits.batchBytes)
  }

  private read(entry: FileEntry): IncomingMessage | null {
    if (entry.raw === null || !hasContent(entry.raw)) return null
    const { read, answered, sent, serverId, threadId, storedAt } = entry
    // In memory of its own: a part of the file's buffer would take all of it along.
    const raw = new Uint8Array(entry.raw)
    const { endpoint, own } = this
    const message = toMessage(raw, {
      serverId,
      threadId,
      place: null,
      read,
      answered,
      receivedAt: null,
      sent,
      own,
      endpoint,
      cutFrom: null,
      bare: !hasHeader(entry.raw),
    })
    return Date.parse(message.at) > 0 || storedAt === null ? message : { ...message, at: storedAt.toISOString() }
  }

  /** Commits what was read. Without a mark the file is at its end, and the next run begins anew. */
  private async save(mark: string | null, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const unique = new Map(this.messages.map((message) => [message.remoteId, message]))
    const known = await this.context.has([...unique.keys()])
    const fresh = [...unique.values()].filter((message) => !known.has(message.remoteId))
    const understood = (messages: IncomingMessage[]) => messages.filter((message) => message.mediaType !== BARE_MAIL).length
    this.counts.known += understood(this.messages) - understood(fresh)
    this.counts.new += understood(fresh)
    const cursor =
      mark === null ? '' : JSON.stringify({ fingerprint: this.source.fingerprint, mark, ...this.counts } satisfies Cursor)
    const batch: Batch = { stream: this.stream, cursor, messages: fresh, marks: [], gone: [] }
    await this.context.commit(batch)
    this.messages = []
    this.bytes = 0
    this.looked = 0
  }
}

/** Anything but blanks and line ends. */
function hasContent(raw: Uint8Array): boolean {
  return raw.some((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d)
}

async function openSource(request: ImportRequest): Promise<FileSource> {
  try {
    const source = await openFormat(request)
    if (source) return source
  } catch (error) {
    throw fileFault(error, request.path)
  }
  throw new ConnectorFault('decision', 'not_a_mailbox', { path: request.path })
}

async function openFormat({ format, path }: ImportRequest): Promise<FileSource | null> {
  const found = await stat(path)
  const isFolder = found.isDirectory()
  if (format === 'maildir') return isFolder ? openMaildir(path) : null
  if (format === 'eml' && isFolder) return openEmlTree(path)
  // Pipes and devices would be waited for without end.
  if (!found.isFile()) return null
  const file = await open(path, 'r')
  let source: FileSource | null = null
  try {
    if (format === 'mbox') source = await openMbox(file)
    else {
      const head = Buffer.alloc(4096)
      const { bytesRead } = await file.read(head, 0, head.length, 0)
      if (hasHeader(head.subarray(0, bytesRead))) source = openEml(path)
    }
  } finally {
    // An mbox stays open while it is read, and is closed by its source.
    if (format !== 'mbox' || source === null) await file.close()
  }
  return source
}
