import { basename } from 'node:path'
import { z } from 'zod'
import type { ArchiveNetwork, ArchiveSettings, ImportReport, Party } from '#shared/model/index.ts'
import type { Batch, Context, ImportRequest, IncomingMedia, IncomingMessage } from '../connector.ts'
import { ConnectorFault } from '../fault.ts'
import { readCursor } from './cursor.ts'
import { type Export, type Importer, type Item, type ItemMessage, type MediaRef, toAttachment } from './importer.ts'
import { fileMessage, fileRecord, itemMessage, KEPT_FILE, KEPT_ITEM } from './kept.ts'
import { limits } from './limits.ts'
import { claim } from './owner.ts'
import { Remarks } from './remarks.ts'
import { openSource } from './source/open.ts'
import { type Source, type SourceEntry, UnreadableFile } from './source/source.ts'
import { decodeText, isText, mediaTypeOf, oneLine } from './text.ts'

/** How far a run got: entries that are done with, and what was counted. Empty after a complete run. */
const Cursor = z.object({
  fingerprint: z.string(),
  done: z.number().int().nonnegative(),
  new: z.number().int().nonnegative(),
  known: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
})
type Cursor = z.infer<typeof Cursor>

/**
 * Brings an export in: recognises it, holds it against the account, and saves what is in it in batches, one being saved while the next
 * is read. A run that was cut short goes on after the last batch that was saved; a run after a complete one reads everything again
 * and adds what is new.
 * @returns counts over all runs that it took. Files that are kept as they are stand in the remarks only.
 * @throws ConnectorFault `decision` / `file_unreadable`, `export_...`; the signal's reason when cancelled, with all batches so far kept.
 */
export async function runImport<Settings extends ArchiveSettings>(
  { network, importer }: { network: ArchiveNetwork; importer: Importer },
  request: ImportRequest,
  context: Context<Settings>,
  signal: AbortSignal,
): Promise<ImportReport> {
  const source = await openSource([request.path, ...request.parts], signal)
  try {
    const found = await importer.detect(source)
    if (!found) throw new ConnectorFault('decision', 'export_unknown', { path: request.path, network })
    const settings = claim(context.settings, found.owner, request.path)
    if (settings) await context.setSettings(settings)
    return await new Run(source, found, request, context, signal).run()
  } finally {
    await source.close()
  }
}

class Run {
  private readonly source: Source
  private readonly found: Export
  private readonly context: Context<ArchiveSettings>
  private readonly signal: AbortSignal
  private readonly stream: string
  private readonly endpoint: string
  private readonly own: Party
  private readonly now: string
  private readonly remarks = new Remarks()
  /** Paths that something was made of. */
  private readonly used = new Set<string>()
  private counts = { new: 0, known: 0, failed: 0 }
  private skip = 0
  private looked = 0
  private messages: IncomingMessage[] = []
  private pending = { items: 0, bytes: 0, media: 0 }
  private saving: Promise<unknown> = Promise.resolve()
  private readBytes = 0
  private totalBytes = 0

  constructor(source: Source, found: Export, request: ImportRequest, context: Context<ArchiveSettings>, signal: AbortSignal) {
    this.source = source
    this.found = found
    this.context = context
    this.signal = signal
    this.stream = `import:${request.format}:${request.path}`
    this.endpoint = `file:${basename(request.path)}`
    const { name, handle, userId } = found.owner
    this.own = { name, handle: handle ?? userId ?? '' }
    this.now = new Date(context.clock.now()).toISOString()
  }

  async run(): Promise<ImportReport> {
    const cursor = readCursor(Cursor, await this.context.cursor(this.stream))
    if (cursor !== null && cursor.fingerprint === this.source.fingerprint) {
      this.skip = cursor.done
      this.counts = { new: cursor.new, known: cursor.known, failed: cursor.failed }
    }
    for (const { kind, path, name } of this.source.remarks) this.remarks.add(kind, path, name)
    for await (const { size } of this.source.entries()) this.totalBytes += size
    for (const part of this.found.parts) {
      for (const path of part.reads) this.used.add(path)
      await this.part(part.name, part.items({ remark: this.remarks.add, signal: this.signal }))
    }
    await this.rest()
    await this.save(true)
    await this.saving
    this.context.progress({ done: this.totalBytes, total: this.totalBytes })
    return { ...this.counts, remarks: this.remarks.list() }
  }

  /** Takes the items of one part. Where its file is damaged, what came before is kept, and the file as far as it goes. */
  private async part(name: string, items: AsyncIterable<Item>): Promise<void> {
    try {
      for await (const item of items) {
        this.readBytes += item.raw.byteLength
        for (const { path } of item.media) if (path !== null) this.used.add(path)
        if (this.next()) await this.take(item)
      }
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error
      this.remarks.add('file_unreadable', name, error.detail)
      this.used.delete(error.path)
    }
  }

  /** Counts an entry. @returns whether it is still to be saved. */
  private next(): boolean {
    this.signal.throwIfAborted()
    return this.looked++ >= this.skip
  }

  private async take(item: Item): Promise<void> {
    const { path, raw, mediaType } = item
    if (item.message !== null) {
      await this.add(item.message, raw, mediaType, item.media)
      return
    }
    this.counts.failed++
    this.remarks.add('item_kept', path)
    await this.add(itemMessage(path, raw, this.own, this.dateOf(path)), raw, KEPT_ITEM, item.media)
  }

  private dateOf(path: string): string {
    return this.source.find(path)?.modified ?? this.now
  }

  private async add(message: ItemMessage, raw: Uint8Array, mediaType: string, refs: MediaRef[]): Promise<void> {
    const media: IncomingMedia[] = []
    const sizes: number[] = []
    const named = refs.slice(0, limits.mediaOfMessage)
    for (const [index, ref] of named.entries()) {
      const file = ref.path === null ? null : await this.keep(ref.path)
      if (file) media.push({ index, ...file })
      else this.remarks.add('media_missing', ref.path ?? '', ref.path === null ? ref.name : '')
      sizes.push(file?.size ?? 0)
    }
    const attachments = named.map((ref, index) => toAttachment(ref, index, sizes[index] ?? 0))
    await this.push({ volatile: true, ...this.tidy(message), attachments, media, raw: ownBytes(raw), mediaType })
  }

  /** Puts a file of the export into the office. @returns null when it is not there. */
  private async keep(path: string): Promise<{ sha256: string; size: number } | null> {
    const entry = this.source.find(path)
    if (!entry) return null
    this.pending.media++
    try {
      return await this.context.keep(this.source.open(path))
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error
      this.remarks.add('file_unreadable', path, error.detail)
      return this.context.keep(upToFault(this.source.open(path)))
    }
  }

  private async push(message: IncomingMessage): Promise<void> {
    this.messages.push(message)
    this.pending.items++
    this.pending.bytes += message.raw.byteLength
    const { items, bytes, media } = this.pending
    if (items >= limits.batchMessages || bytes >= limits.batchBytes || media >= limits.batchMedia) await this.save(false)
  }

  /** Every file that nothing was made of, as it is. */
  private async rest(): Promise<void> {
    for await (const entry of this.source.entries()) {
      if (this.used.has(entry.path)) continue
      this.remarks.add('file_kept', entry.path)
      if (this.next()) await this.keepWhole(entry)
    }
  }

  private async keepWhole(entry: SourceEntry): Promise<void> {
    const { path, modified } = entry
    const file = await this.keep(path)
    if (!file) return
    const mediaType = mediaTypeOf(path)
    const text = isText(mediaType) ? await head(this.source.open(path)) : ''
    const name = path.slice(path.lastIndexOf('/') + 1)
    const message = fileMessage(path, this.own, modified ?? this.now, text)
    const attachments = [toAttachment({ path, name, mediaType, inline: false }, 0, file.size)]
    const raw = fileRecord(path, file)
    this.readBytes += file.size
    await this.push({ ...this.tidy(message), attachments, media: [{ index: 0, ...file }], raw, mediaType: KEPT_FILE })
  }

  /** A message within the limits of what the office keeps of texts; nobody waits for an answer to it. */
  private tidy(message: ItemMessage): ItemMessage & Pick<IncomingMessage, 'place' | 'read' | 'answered' | 'endpoint'> {
    const text = message.text.slice(0, limits.searchText).replace(unstorable, '')
    const subject = oneLine(message.subject).replace(unstorable, '')
    return { ...message, text, subject, place: null, read: true, answered: false, endpoint: this.endpoint }
  }

  /** Begins to save what was read, once the batch before is saved: the next one is read meanwhile. */
  private async save(last: boolean): Promise<void> {
    await this.saving
    this.signal.throwIfAborted()
    const { messages } = this
    this.messages = []
    this.pending = { items: 0, bytes: 0, media: 0 }
    const understood = new Set(messages.filter(({ kind }) => kind !== 'file').map(({ remoteId }) => remoteId))
    const known = understood.size === 0 ? new Set() : await this.context.has([...understood])
    this.counts.new += understood.size - known.size
    this.counts.known += messages.filter(({ kind }) => kind !== 'file').length - understood.size + known.size
    const { fingerprint } = this.source
    const cursor = last ? '' : JSON.stringify({ fingerprint, done: this.looked, ...this.counts } satisfies Cursor)
    const batch: Batch = { stream: this.stream, cursor, messages, marks: [], gone: [] }
    this.saving = this.context.commit(batch)
    // Met by the next save or at the end; until then it must not count as unhandled.
    this.saving.catch(() => undefined)
    this.context.progress({ done: Math.min(this.readBytes, this.totalBytes), total: this.totalBytes })
  }
}

/** Zeros, and the marks of search hits. */
const unstorable = /[\0\ue000\ue001]/g

/** Bytes in memory of their own: a part of a file's buffer would take all of it along. */
function ownBytes(raw: Uint8Array): Uint8Array {
  return raw.buffer.byteLength > raw.byteLength ? new Uint8Array(raw) : raw
}

async function* upToFault(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
  }
}

/** The first characters of a text file. */
async function head(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of upToFault(bytes)) {
    pieces.push(piece)
    size += piece.byteLength
    if (size >= limits.searchText) break
  }
  return decodeText(Buffer.concat(pieces).subarray(0, limits.searchText))
}
