import type { SearchOrder } from '#shared/contract/index.ts'

/**
 * The command that finds the same at the command line.
 * @param windows Quotes as PowerShell does; else as POSIX shells do.
 */
export function commandFor(text: string, order: SearchOrder, windows: boolean): string {
  const quoted = `'${text.replaceAll("'", windows ? "''" : "'\\''")}'`
  // What begins with a minus sign would be taken for an option.
  const guard = text.startsWith('-') ? '-- ' : ''
  return `dispatch search ${order === 'best' ? '--order best ' : ''}${guard}${quoted}`
}
