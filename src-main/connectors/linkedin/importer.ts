import type { ExportPart, Importer, Item, Tools } from '#connectors/kit/importer.ts'
import { type Source, UnreadableFile } from '#connectors/kit/source/source.ts'
import { foldColumn, type Row, readTable } from '#connectors/kit/table.ts'
import { handleOf, isSelf, party, type Self, type Shape, toMessage } from './row.ts'

interface Table {
  shape: Shape
  /** Names of files end in a number in some exports. */
  file: RegExp
  /** Columns that it must have, and those that it may have. */
  columns: string[]
  others: string[]
  /** Marks inside a text are written with a backslash. */
  backslash: boolean
}

const tables: Table[] = [
  {
    shape: 'linkedin-messages',
    file: /(?:^|\/)messages(?:_\d+)?\.csv$/i,
    columns: ['conversation id', 'from', 'date', 'content'],
    others: [
      'conversation title',
      'sender profile url',
      'to',
      'recipient profile urls',
      'subject',
      'folder',
      'attachments',
      'is message draft',
      'is conversation draft',
    ],
    backslash: false,
  },
  {
    shape: 'linkedin-shares',
    file: /(?:^|\/)shares(?:_\d+)?\.csv$/i,
    columns: ['date', 'sharecommentary'],
    others: ['sharelink', 'sharedurl', 'mediaurl', 'visibility'],
    backslash: false,
  },
  {
    shape: 'linkedin-comments',
    file: /(?:^|\/)comments(?:_\d+)?\.csv$/i,
    columns: ['date', 'message'],
    others: ['link'],
    backslash: true,
  },
  {
    shape: 'linkedin-reposts',
    file: /(?:^|\/)instantreposts(?:_\d+)?\.csv$/i,
    columns: ['date', 'link'],
    others: [],
    backslash: false,
  },
]

/**
 * LinkedIn's “copy of your data”: a folder of CSV files. Messages, posts, comments and reposts are read; all other files are kept as
 * they are.
 */
export const linkedinImporter: Importer = {
  async detect(source) {
    const parts: ExportPart[] = []
    let self: Self = { name: '', handle: null }
    const found: { path: string; table: Table }[] = []
    for await (const { path } of source.entries()) {
      const table = tables.find(({ file }) => file.test(path))
      if (table !== undefined && (await hasColumns(source, path, table))) found.push({ path, table })
      else if (/(?:^|\/)profile\.csv$/i.test(path)) self = { ...self, name: await readName(source, path) }
    }
    if (found.length === 0 && self.name === '') return null
    for (const { path, table } of found) {
      if (self.handle === null && table.shape === 'linkedin-messages') self = await findHandle(source, path, self)
    }
    for (const { path, table } of found) {
      parts.push({ name: path, reads: [path], items: (tools) => items(source, path, table, self, tools) })
    }
    return { owner: { userId: null, handle: self.handle, name: self.name, server: null }, parts }
  },
}

async function* items(source: Source, path: string, table: Table, self: Self, tools: Tools): AsyncGenerator<Item> {
  let first = true
  for await (const row of readTable(source.open(path), { shape: table.shape, backslash: table.backslash })) {
    tools.signal.throwIfAborted()
    const unknown = first ? row.columns.filter((name) => !table.columns.includes(name) && !table.others.includes(name)) : []
    for (const name of unknown) tools.remark('field_unknown', path, name)
    first = false
    const message = toMessage(table.shape, row, self)
    if (message === null) tools.remark('value_unknown', path, row.damaged ? '' : 'date')
    yield { path, raw: row.raw, mediaType: row.mediaType, message, media: [] }
  }
}

/** Whether the first line of the file names the table's columns. */
async function hasColumns(source: Source, path: string, { columns, shape }: Table): Promise<boolean> {
  let header: string[] = []
  const note = (fields: string[]) => {
    header = fields.map(foldColumn)
    return header
  }
  await firstOf(readTable(source.open(path), { shape, columns: note }))
  return columns.every((column) => header.includes(column))
}

async function readName(source: Source, path: string): Promise<string> {
  const row = await firstOf(readTable(source.open(path), { shape: 'linkedin-profile' }))
  return row === null ? '' : `${row.get('first name')} ${row.get('last name')}`.trim()
}

/**
 * Messages do not say whose copy they are. It is who goes by the profile's name; else the only one who has a part in every conversation,
 * where there are two or more.
 */
async function findHandle(source: Source, path: string, self: Self): Promise<Self> {
  const conversations = new Map<string, Set<string>>()
  const named = new Set<string>()
  await each(readTable(source.open(path), { shape: 'linkedin-messages' }), (row) => {
    const sender = party(row.get('from'), row.get('sender profile url'))
    const others = row.get('recipient profile urls').split(/[,;]/)
    const taking = conversations.get(row.get('conversation id')) ?? new Set()
    conversations.set(row.get('conversation id'), taking)
    for (const handle of [sender.handle, ...others.map((url) => handleOf(url) ?? '')]) if (handle !== '') taking.add(handle)
    if (sender.handle !== '' && isSelf({ ...sender, handle: '' }, self)) named.add(sender.handle)
  })
  const [byName] = named
  if (named.size === 1 && byName !== undefined) return { ...self, handle: byName }
  const all = [...conversations.values()].filter((taking) => taking.size > 0)
  const everywhere = [...(all[0] ?? [])].filter((handle) => all.every((taking) => taking.has(handle)))
  const [only] = everywhere
  return all.length > 1 && everywhere.length === 1 && only !== undefined ? { ...self, handle: only } : self
}

async function firstOf(rows: AsyncIterable<Row>): Promise<Row | null> {
  try {
    for await (const row of rows) return row
  } catch (error) {
    // Told when the file is read as a part of the import.
    if (!(error instanceof UnreadableFile)) throw error
  }
  return null
}

async function each(rows: AsyncIterable<Row>, look: (row: Row) => void): Promise<void> {
  try {
    for await (const row of rows) look(row)
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
  }
}
