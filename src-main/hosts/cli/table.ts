import { oneLine, pad, shorten, textWidth } from './text.ts'

export interface Column<Row> {
  title: string
  value: (row: Row) => string
  /** Numbers stand on the right. */
  right?: boolean
  /** May be cut down to this many columns where the terminal is narrow; without it never. */
  least?: number
}

const GAP = 2

/**
 * An aligned table of plain text.
 * @param width Columns of the terminal; null: as wide as it needs to be (files, pipes).
 * @returns lines, the titles first.
 */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number | null): string[] {
  const cells = rows.map((row) => columns.map((column) => oneLine(column.value(row))))
  const widths = columns.map((column, index) =>
    Math.max(textWidth(column.title), ...cells.map((line) => textWidth(line[index] ?? ''))),
  )
  if (width !== null) shrink(columns, widths, width)
  const line = (texts: readonly string[]) =>
    columns
      .map((column, index) => pad(shorten(texts[index] ?? '', widths[index] ?? 0), widths[index] ?? 0, column.right ?? false))
      .join(' '.repeat(GAP))
      .trimEnd()
  return [line(columns.map((column) => column.title)), ...cells.map(line)]
}

/** Takes columns of the terminal from the widest one that may be cut, until the table fits or nothing can be cut. */
function shrink<Row>(columns: readonly Column<Row>[], widths: number[], width: number): void {
  const total = () => widths.reduce((sum, one) => sum + one, 0) + GAP * (widths.length - 1)
  for (let over = total() - width; over > 0; over--) {
    let widest = -1
    for (const [index, column] of columns.entries()) {
      const now = widths[index] ?? 0
      if (column.least === undefined || now <= column.least) continue
      if (widest < 0 || now > (widths[widest] ?? 0)) widest = index
    }
    if (widest < 0) return
    widths[widest] = (widths[widest] ?? 0) - 1
  }
}
