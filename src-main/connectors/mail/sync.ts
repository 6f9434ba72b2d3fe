import type { MailSettings } from '#shared/model/index.ts'
import type { Context, IncomingMessage, Mark } from '../connector.ts'
import { changedSince, compareFlags, compareRemovals, knownByUid, readFlags } from './changes.ts'
import type { Imap } from './connection.ts'
import { type Cursor, printCursor, printPlace, readCursor } from './cursor.ts'
import { type FetchedMail, namesMessages } from './fetch.ts'
import type { Folder } from './folders.ts'
import { limits } from './limits.ts'
import { remoteIdOf, toMessage } from './message.ts'
import { type Break, fetchWatched, retryShunned, struck, withoutShunned } from './missed.ts'
import { contentId } from './parse.ts'
import { Saver } from './saver.ts'
import { packUids, searchUids } from './uids.ts'

/** What one pass over a folder needs. */
export interface FolderPass {
  context: Context<MailSettings>
  imap: Imap
  host: string
  folder: Folder
  /** The account's own addresses, lower case. */
  own: ReadonlySet<string>
  signal: AbortSignal
  /** Messages of this folder that are in the office, and all that there are. */
  progress: (done: number, total: number) => void
}

/** How a folder's pass ends: saved once all folders were read, so that a mail moved between them is never without a place. */
export interface Ending {
  stream: string
  cursor: Cursor
  gone: string[]
  /** The first complete listing after a change of UIDVALIDITY. */
  settled: boolean
}

/**
 * Brings one folder up to date: mail first (a first sync from the newest down, later ones upward), then changed flags;
 * removals are handed back. RFC 3501 is enough; CONDSTORE and QRESYNC (RFC 7162) save listing the folder.
 */
export async function syncFolder(pass: FolderPass): Promise<Ending> {
  const { context, imap, folder, host } = pass
  const mailbox = await imap.mailboxOpen(folder.path, { readOnly: true })
  const validity = mailbox.uidValidity.toString()
  const modseq = mailbox.noModseq || !imap.enabled.has('CONDSTORE') ? null : (mailbox.highestModseq?.toString() ?? null)
  // as they are now: imapflow moves both on as messages come by
  const { uidNext, exists } = mailbox
  const saver = new Saver(context, folder.path)
  const stored = readCursor(await context.cursor(folder.path))
  const voided = stored !== null && stored.validity !== validity
  let cursor: Cursor =
    stored !== null && !voided
      ? stored
      : { validity, top: 0, low: 1, modseq, exists: 0, missed: [], suspect: null, shunned: [], unsettled: voided }
  if (voided) await saver.save(cursor, { reset: true })

  const fresh = cursor.top === 0
  const since = cursor.modseq
  if (fresh) {
    const uids = await searchUids(imap, { all: true }, host)
    const top = uids.at(-1) ?? 0
    cursor = { ...cursor, top, low: top + 1, modseq }
    cursor = await bringIn(pass, saver, cursor, uids, { down: true, total: exists })
    cursor = { ...cursor, low: 1 }
  } else {
    const found = uidNext > cursor.top + 1 ? await searchUids(imap, { uid: `${cursor.top + 1}:*` }, host) : []
    const later = found.filter((uid) => uid > cursor.top)
    cursor = await bringIn(pass, saver, cursor, later, { down: false, total: exists })
    if (cursor.low > 1) cursor = await finishBackfill(pass, saver, cursor, exists)
    if (cursor.missed.length > 0) cursor = await retryMissed(pass, saver, cursor, exists)
  }
  await saver.drain()
  pass.progress(exists, exists)

  const gone = fresh ? [] : await bringChanges(pass, saver, cursor, { since, modseq, exists })
  await saver.drain()
  return {
    stream: folder.path,
    cursor: { ...cursor, top: Math.max(cursor.top, uidNext - 1), modseq, exists, unsettled: false },
    gone,
    settled: cursor.unsettled,
  }
}

/** Saves what is left of a folder: removals, and the cursor from which the next pass goes on. */
export async function endFolder(context: Context<MailSettings>, ending: Ending): Promise<void> {
  const saver = new Saver(context, ending.stream)
  const before = readCursor(await context.cursor(ending.stream))
  const cursor = printCursor(ending.cursor)
  if (ending.gone.length === 0 && !ending.settled && before !== null && printCursor(before) === cursor) return
  for (let at = 0; at < ending.gone.length; at += limits.batchMarks)
    await saver.save(
      { ...ending.cursor, modseq: before?.modseq ?? null, unsettled: ending.settled },
      { gone: ending.gone.slice(at, at + limits.batchMarks) },
    )
  await saver.save(ending.cursor, ending.settled ? { settled: true } : {})
  await saver.drain()
}

/** Goes on with a first sync that was interrupted. */
async function finishBackfill(pass: FolderPass, saver: Saver, cursor: Cursor, total: number): Promise<Cursor> {
  const below = await searchUids(pass.imap, { uid: `1:${cursor.low - 1}` }, pass.host)
  await saver.drain()
  const known = await knownByUid(pass, cursor.validity)
  const left = below.filter((uid) => !known.has(uid))
  return { ...(await bringIn(pass, saver, cursor, left, { down: true, total })), low: 1 }
}

/** Asks again for what the server could not hand over before, one by one. */
async function retryMissed(pass: FolderPass, saver: Saver, cursor: Cursor, total: number): Promise<Cursor> {
  const there = await searchUids(pass.imap, { uid: packUids([...cursor.missed].sort((a, b) => a - b)) }, pass.host)
  return bringIn(pass, saver, { ...cursor, missed: there }, there, { down: null, total })
}

async function bringChanges(
  pass: FolderPass,
  saver: Saver,
  cursor: Cursor,
  state: { since: string | null; modseq: string | null; exists: number },
): Promise<string[]> {
  const { since, modseq, exists } = state
  const { validity, top } = cursor
  if (since === null || modseq === null) {
    const changes = await compareFlags(pass, validity)
    await saveMarks(saver, cursor, changes.marks)
    return changes.gone
  }
  if (since === modseq && exists === cursor.exists) return []
  const changes = await changedSince(pass, validity, top, since)
  await saveMarks(saver, cursor, changes.marks)
  return changes.removalsKnown ? changes.gone : compareRemovals(pass, validity)
}

async function saveMarks(saver: Saver, cursor: Cursor, marks: Mark[]): Promise<void> {
  for (let at = 0; at < marks.length; at += limits.batchMarks)
    await saver.save(cursor, { marks: marks.slice(at, at + limits.batchMarks) })
}

/**
 * Downloads messages and saves them in batches, with a cursor that says how far it got: downward it moves `low`, upward
 * `top`, and for single ones (`down: null`) neither.
 */
async function bringIn(
  pass: FolderPass,
  saver: Saver,
  start: Cursor,
  uids: number[],
  options: { down: boolean | null; total: number },
): Promise<Cursor> {
  let cursor = start
  const asked = withoutShunned(start, uids)
  const ordered = options.down === true ? [...asked].reverse() : asked
  let left = ordered.length
  pass.progress(Math.max(0, options.total - left), options.total)
  const batch = new Gathering()
  for (let at = 0; at < ordered.length; at += limits.batchMessages) {
    const chunk = ordered.slice(at, at + limits.batchMessages).sort((a, b) => a - b)
    const wanted = await withoutKnown(pass, cursor, chunk, batch)
    let broken: Break | null = null
    try {
      for await (const mail of fetchWatched(pass, wanted.uids, cursor, (where) => (broken = where))) {
        pass.signal.throwIfAborted()
        if (!wanted.left.delete(mail.uid)) continue
        const message = await incoming(pass, cursor, mail)
        if (!batch.fits(message)) await saver.save(cursor, batch.take())
        batch.add(message)
      }
    } catch (error) {
      if (broken !== null) await saveBroken(pass, saver, cursor, batch, broken)
      throw error
    }
    pass.signal.throwIfAborted()
    left -= chunk.length
    const missed = wanted.left.size === 0 ? [] : await stillThere(pass, [...wanted.left])
    const cleared = cursor.suspect !== null && chunk.includes(cursor.suspect.uid)
    cursor = {
      ...cursor,
      missed: [...cursor.missed.filter((uid) => !chunk.includes(uid)), ...missed].slice(-MAX_MISSED),
      suspect: cleared ? null : cursor.suspect,
      low: options.down === true ? (chunk[0] as number) : cursor.low,
      top: options.down === false ? (chunk.at(-1) as number) : cursor.top,
    }
    await saver.save(cursor, batch.take())
    pass.progress(Math.max(0, options.total - left), options.total)
  }
  return cursor
}

/** What came before a break is kept, and where it was; the cursor goes no further. */
async function saveBroken(pass: FolderPass, saver: Saver, cursor: Cursor, batch: Gathering, where: Break): Promise<void> {
  const { log, clock } = pass.context
  const next = struck(cursor, where, clock.now())
  if (next.suspect === null) log.warn('mail.stepped_over', { uid: where.uid })
  await saver.save(next, batch.take())
  await saver.drain()
}

const MAX_MISSED = 1000

/** Asks once more for mails of a folder that were stepped over; the last thing of a pass. */
export function lookAgain(pass: FolderPass, ending: Ending): Promise<Ending> {
  const total = ending.cursor.exists
  return retryShunned(pass, ending, (saver, cursor, uid) => bringIn(pass, saver, cursor, [uid], { down: null, total }))
}

/** UIDs whose bytes must come; those that the office has by the server's own id become marks of a new place at once. */
async function withoutKnown(
  pass: FolderPass,
  cursor: Cursor,
  uids: number[],
  batch: Gathering,
): Promise<{ uids: number[]; left: Set<number> }> {
  if (!namesMessages(pass.imap)) return { uids, left: new Set(uids) }
  const named: { uid: number; remoteId: string; flags: ReadonlySet<string> }[] = []
  for await (const message of pass.imap.fetch(packUids(uids), { uid: true, flags: true }, { uid: true }))
    if (message.emailId !== undefined && message.flags !== undefined)
      named.push({ uid: message.uid, remoteId: remoteIdOf(message.emailId), flags: message.flags })
  const here = await pass.context.has(named.map((one) => one.remoteId))
  const left = new Set(uids)
  for (const one of named) {
    if (!here.has(one.remoteId) || !left.delete(one.uid)) continue
    batch.marks.push({
      place: printPlace(pass.folder.path, cursor.validity, one.uid),
      remoteId: one.remoteId,
      ...readFlags(one.flags),
    })
  }
  return { uids: uids.filter((uid) => left.has(uid)), left }
}

/** Of UIDs that an answer left out: removed meanwhile, or kept back by a fault of the server? */
async function stillThere(pass: FolderPass, uids: number[]): Promise<number[]> {
  const there = await searchUids(pass.imap, { uid: packUids(uids.sort((a, b) => a - b)) }, pass.host)
  if (there.length > 0) pass.context.log.warn('mail.missed', { count: there.length })
  return there
}

async function incoming(pass: FolderPass, cursor: Cursor, mail: FetchedMail): Promise<IncomingMessage> {
  const { context, folder } = pass
  // a server that began to name its messages, and copies of what was sent: those are known by their content
  const known = (cursor.unsettled || folder.sent) && mail.serverId !== null && (await context.has([contentId(mail.raw)])).size > 0
  return toMessage(mail.raw, {
    serverId: known ? null : mail.serverId,
    threadId: mail.threadId,
    cutFrom: mail.cutFrom,
    place: printPlace(folder.path, cursor.validity, mail.uid),
    ...readFlags(mail.flags),
    receivedAt: mail.receivedAt,
    sent: folder.sent,
    own: pass.own,
    endpoint: `imap://${context.settings.imap.host}:${context.settings.imap.port}/${encodeURIComponent(folder.path)}`,
  })
}

/** Messages on their way into one batch. */
class Gathering {
  messages: IncomingMessage[] = []
  marks: Mark[] = []
  private bytes = 0

  add(message: IncomingMessage): void {
    this.messages.push(message)
    this.bytes += message.raw.byteLength
  }

  fits(message: IncomingMessage): boolean {
    return this.messages.length === 0 || this.bytes + message.raw.byteLength <= limits.batchBytes
  }

  take(): { messages: IncomingMessage[]; marks: Mark[] } {
    const taken = { messages: this.messages, marks: this.marks }
    this.messages = []
    this.marks = []
    this.bytes = 0
    return taken
  }
}
