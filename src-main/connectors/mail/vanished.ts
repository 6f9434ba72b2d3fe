import type { ListResponse } from 'imapflow'
import { z } from 'zod'
import type { MailSettings } from '#shared/model/index.ts'
import type { Context } from '../connector.ts'
import type { Imap } from './connection.ts'
import { isThere } from './folders.ts'
import { limits } from './limits.ts'
import { isRefusal } from './uids.ts'

/** The stream that keeps the account's own list of folders. No mailbox has such a name: control characters are not allowed. */
export const FOLDERS = '\u0001folders'

const Paths = z.array(z.string())

/** Paths of every folder that was ever synced and is not known to be gone. */
async function rememberedFolders(context: Context<MailSettings>): Promise<string[]> {
  const stored = await context.cursor(FOLDERS)
  return stored === null ? [] : Paths.parse(JSON.parse(stored))
}

const save = (context: Context<MailSettings>, paths: string[]) =>
  context.commit({ stream: FOLDERS, cursor: JSON.stringify(paths), messages: [], marks: [], gone: [] })

/** Notes that these folders are about to be synced, so that it is noticed when one of them goes away. */
export async function rememberFolders(context: Context<MailSettings>, paths: string[]): Promise<void> {
  const before = await rememberedFolders(context)
  const all = [...new Set([...before, ...paths])]
  if (all.length > before.length) await save(context, all)
}

/**
 * Judges the mails of folders that are no longer on the server (deleted, or under another name now): they are gone from
 * there. To be called once all folders were read: a mail that now lies elsewhere has that place by then. A folder that is there and only
 * not chosen any more keeps its mails. Saved folder by folder, and taken up again after a kill.
 * @param listed what the server listed at the beginning of this pass.
 */
export async function judgeVanished(context: Context<MailSettings>, imap: Imap, listed: ListResponse[]): Promise<void> {
  const remembered = await rememberedFolders(context)
  const there = new Set(listed.filter(isThere).map((folder) => folder.path))
  for (const path of remembered.filter((one) => !there.has(one))) {
    if (!(await isGone(imap, path))) continue
    const places = (await context.known(path)).map((one) => one.place)
    // An empty cursor: a new folder of that name begins anew.
    for (let at = 0; at === 0 || at < places.length; at += limits.batchMarks)
      await context.commit({
        stream: path,
        cursor: '',
        messages: [],
        marks: [],
        gone: places.slice(at, at + limits.batchMarks),
      })
    context.log.info('mail.folder_gone', { count: places.length })
    await save(
      context,
      (await rememberedFolders(context)).filter((one) => one !== path),
    )
  }
}

/** A list can leave out what the server has for the moment no access to: the folder must also refuse to be opened. */
async function isGone(imap: Imap, path: string): Promise<boolean> {
  try {
    await imap.mailboxOpen(path, { readOnly: true })
    return false
  } catch (error) {
    if (!isRefusal(error) || !imap.usable) throw error
    return 'mailboxMissing' in error
  }
}
