/**
 * Triggers that forbid to change the columns that name what a row belongs to. Part of the formats that were written with it:
 * what it makes must stay as it is.
 * @param fixed Columns, by table.
 */
export function ownerTriggers(fixed: Record<string, string[]>): string {
  return Object.entries(fixed)
    .map(
      ([table, columns]) => `
CREATE TRIGGER ${table}_owner BEFORE UPDATE OF ${columns.join(', ')} ON ${table}
WHEN ${columns.map((column) => `NEW.${column} IS NOT OLD.${column}`).join(' OR ')}
BEGIN SELECT RAISE(ABORT, '${table}: its owner cannot be changed'); END;`,
    )
    .join('\n')
}
