import { type CsvRecord, readCsv } from '#connectors/kit/csv.ts'
import type { ExportPart, Importer, Item, Tools } from '#connectors/kit/importer.ts'
import { type Source, UnreadableFile } from '#connectors/kit/source/source.ts'
import { type Row, readTable } from '#connectors/kit/table.ts'
import { decodeText } from '#connectors/kit/text.ts'
import { ENTRY_TYPE, entryMessage, readEntries } from './page.ts'
import { type Self, toMessage } from './row.ts'
import { CHANNEL, type Recognised, recognise, unknownColumns } from './tables.ts'

/** Titles that are remembered while an export is read. */
const MOST_TITLES = 200_000

interface Table extends Recognised {
  path: string
}

/**
 * YouTube's part of a Google Takeout. Other products in the same Takeout, and what is not said by the account (what was watched, searched
 * and subscribed to), are kept as files.
 */
export const youtubeImporter: Importer = {
  async detect(source) {
    const tables: Table[] = []
    const pages: string[] = []
    for (const path of await paths(source)) {
      if (/\.csv$/i.test(path)) {
        const found = await look(source, path)
        if (found !== null) tables.push({ path, ...found })
      } else if (/\.html?$/i.test(path) && (await isList(source, path))) pages.push(path)
    }
    const speaking = tables.filter(({ shape }) => shape !== 'youtube-channels')
    if (speaking.length === 0 && pages.length === 0 && tables.length === 0) return null
    const self = await readSelf(source, tables)
    const parts: ExportPart[] = [
      ...speaking.map((table) => ({
        name: table.path,
        reads: [table.path],
        items: (tools: Tools) => rows(source, table, self, tools),
      })),
      ...pages.map((path) => ({ name: path, reads: [path], items: (tools: Tools) => entries(source, path, self, tools) })),
    ]
    const name = self.channels.get(self.channel ?? '') ?? ''
    return { owner: { userId: self.channel, handle: null, name, server: null }, parts }
  },
}

/** Files of YouTube's part: its folder keeps its name in every language. All files where there is no such folder. */
async function paths(source: Source): Promise<string[]> {
  const all: string[] = []
  const ours: string[] = []
  for await (const { path } of source.entries()) {
    if (!/\.(?:csv|html?)$/i.test(path)) continue
    all.push(path)
    if (/youtube/i.test(path)) ours.push(path)
  }
  return ours.length > 0 ? ours : all
}

async function* rows(source: Source, table: Table, self: Self, { remark, signal }: Tools): AsyncGenerator<Item> {
  const { path, shape, columns } = table
  for (const name of unknownColumns(columns)) remark('field_unknown', path, name)
  for await (const row of open(source, table)) {
    signal.throwIfAborted()
    const message = toMessage(shape, row, self)
    if (message === null) remark('value_unknown', path)
    yield { path, raw: row.raw, mediaType: row.mediaType, message, media: [] }
  }
}

async function* entries(source: Source, path: string, self: Self, { remark, signal }: Tools): AsyncGenerator<Item> {
  for await (const raw of readEntries(source.open(path))) {
    signal.throwIfAborted()
    const message = entryMessage(raw, self)
    if (message === null) remark('value_unknown', path)
    yield { path, raw, mediaType: ENTRY_TYPE, message, media: [] }
  }
}

function open(source: Source, { path, shape, columns }: Table): AsyncGenerator<Row> {
  return readTable(source.open(path), { shape, columns: () => columns })
}

/** What the table is, by its first two lines. */
async function look(source: Source, path: string): Promise<Recognised | null> {
  const start: CsvRecord[] = []
  await upToFault(readCsv(source.open(path)), (record) => start.push(record) < 2)
  const [header, first] = start
  return header === undefined ? null : recognise(header.fields, first?.fields ?? [])
}

/** Whether the page is a list of comments or of lines of live chats: other pages of a Takeout are laid out in boxes. */
async function isList(source: Source, path: string): Promise<boolean> {
  let found = false
  await upToFault(source.open(path), (chunk) => {
    const start = decodeText(chunk.subarray(0, 64 * 1024))
    found = /<li[\s>]/.test(start) && /youtube\.com\/watch\?/.test(start) && / UTC/.test(start) && !start.includes('outer-cell')
    return false
  })
  return found
}

/** The channels of the account; where they are not listed, the one that wrote most. */
async function readSelf(source: Source, tables: Table[]): Promise<Self> {
  const self: Self = { channel: null, channels: new Map(), videos: new Map() }
  const wrote = new Map<string, number>()
  for (const table of tables) {
    const { shape } = table
    await upToFault(open(source, table), (row) => {
      const channel = row.get(shape === 'youtube-channels' ? 'id' : 'channel')
      if (shape === 'youtube-channels' && CHANNEL.test(channel)) {
        self.channels.set(channel, row.get('title'))
        self.channel ??= channel
      } else if (CHANNEL.test(channel)) wrote.set(channel, (wrote.get(channel) ?? 0) + 1)
      if (shape === 'youtube-videos' && self.videos.size < MOST_TITLES) self.videos.set(row.get('id'), row.get('title'))
      return true
    })
  }
  if (self.channel === null) {
    const [most] = [...wrote].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    self.channel = most?.[0] ?? null
  }
  return self
}

/** Looks at what comes until `look` has enough. A damaged file is told when it is read as a part of the import. */
async function upToFault<T>(values: AsyncIterable<T>, look: (value: T) => boolean): Promise<void> {
  try {
    for await (const value of values) if (!look(value)) return
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
  }
}
