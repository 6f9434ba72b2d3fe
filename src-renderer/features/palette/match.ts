/** Text for comparing: without case and without marks on letters. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** Whether every typed word begins a word of the name. Nothing typed fits everything. */
export function matchWords(name: string, typed: string): boolean {
  const words = plain(name).split(/[\s'’,.:()]+/)
  return plain(typed)
    .split(/\s+/)
    .every((part) => part === '' || words.some((word) => word.startsWith(part)))
}
