import { type CsvOptions, parseCsvRecord, readCsv } from './csv.ts'

/** One row of a table in an export, with what makes it readable by itself later. */
export interface Row {
  /** A field by the name of its column; empty when there is none. */
  get(column: string): string
  /** The row's exact bytes. */
  raw: Uint8Array
  /** Names the table and its columns, so that the row can be read from its bytes alone. */
  mediaType: string
  /** Names of the columns, as they are used here. */
  columns: readonly string[]
  /** It does not have as many fields as the table has columns, or its bytes are damaged. */
  damaged: boolean
}

export interface TableOptions extends CsvOptions {
  /** What the rows are, e.g. `linkedin-messages`. */
  shape: string
  /** Names that are used for the columns here. @param header as it stands in the file */
  columns?: (header: string[]) => string[]
}

/** How a column's name is compared: folded, without blanks around it. */
export function foldColumn(name: string): string {
  return name.trim().replace(/\s+/g, ' ').toLowerCase()
}

/**
 * Rows of a CSV file whose first line names its columns.
 * @param skip lines in front of the header that are no part of the table, by their fields
 */
export async function* readTable(
  bytes: AsyncIterable<Uint8Array>,
  options: TableOptions,
  skip: (fields: string[]) => boolean = () => false,
): AsyncGenerator<Row> {
  let columns: string[] | null = null
  let mediaType = ''
  for await (const { fields, raw, damaged } of readCsv(bytes, options)) {
    if (columns === null) {
      if (skip(fields)) continue
      columns = options.columns?.(fields) ?? fields.map(foldColumn)
      mediaType = typeOf(options, columns)
    } else yield toRow(columns, fields, raw, mediaType, damaged)
  }
}

/** A row from its bytes and media type; null when the media type is not that of a row. */
export function parseRow(raw: Uint8Array, mediaType: string): { shape: string; row: Row } | null {
  const found = /^text\/csv; header=absent; shape=([a-z-]+); columns="([^"]*)"(; escape=backslash)?$/.exec(mediaType)
  const [, shape, names, escaped] = found ?? []
  if (shape === undefined || names === undefined) return null
  const columns = names.split('|').map(decodeName)
  const { fields, damaged } = parseCsvRecord(raw, { backslash: escaped !== undefined })
  return { shape, row: toRow(columns, fields, raw, mediaType, damaged) }
}

function toRow(columns: string[], fields: string[], raw: Uint8Array, mediaType: string, damaged: boolean): Row {
  return {
    get: (column) => fields[columns.indexOf(column)] ?? '',
    raw,
    mediaType,
    columns,
    damaged: damaged || fields.length !== columns.length,
  }
}

/** RFC 4180 has `header`; shape and columns are ours. */
function typeOf({ shape, backslash }: TableOptions, columns: string[]): string {
  const names = columns.map((name) => encodeURIComponent(Buffer.from(name).toString())).join('|')
  return `text/csv; header=absent; shape=${shape}; columns="${names}"${backslash ? '; escape=backslash' : ''}`
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch (error) {
    if (error instanceof URIError) return name
    throw error
  }
}
