import type { ListResponse } from 'imapflow'

/** A folder of the account. */
export interface Folder {
  path: string
  /** What is in it was sent by this account. */
  sent: boolean
}

/** Uses (RFC 6154) worth keeping, in the order in which they are synced. `\All` is Gmail's archive. */
const useful = ['\\Inbox', '\\Sent', '\\Archive', '\\All']

/** It can hold mail now: not a mere level of the tree, nor one that is gone (RFC 5258, section 3.1). */
export function isThere(folder: ListResponse): boolean {
  return !folder.flags.has('\\Noselect') && !folder.flags.has('\\NonExistent')
}

/**
 * The folders to sync: those that were named, else the useful ones by special use. Never junk, trash or drafts unless named.
 * A named folder that does not exist (any more) is left out.
 */
export function chooseFolders(listed: ListResponse[], named: string[]): Folder[] {
  const open = listed.filter(isThere)
  const toFolder = (folder: ListResponse): Folder => ({ path: folder.path, sent: folder.specialUse === '\\Sent' })
  if (named.length > 0) {
    const byPath = new Map(open.map((folder) => [folder.path, folder]))
    return [...new Set(named)].flatMap((path) => {
      const found =
        byPath.get(path) ??
        (path.toUpperCase() === 'INBOX' ? open.find((folder) => folder.path.toUpperCase() === 'INBOX') : undefined)
      return found === undefined ? [] : [toFolder(found)]
    })
  }
  return useful
    .flatMap((use) => open.filter((folder) => use === (folder.path.toUpperCase() === 'INBOX' ? '\\Inbox' : folder.specialUse)))
    .map(toFolder)
}
