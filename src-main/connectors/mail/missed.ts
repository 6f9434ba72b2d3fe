import { type Problem, ProblemError } from '#shared/model/index.ts'
import { ConnectorFault } from '../fault.ts'
import type { Cursor } from './cursor.ts'
import { toFault } from './faults.ts'
import { type FetchedMail, fetchMails } from './fetch.ts'
import { Saver } from './saver.ts'
import type { Ending, FolderPass } from './sync.ts'
import { isRefusal, packUids, searchUids } from './uids.ts'

/** A mail is stepped over after so many connections in a row ended while it alone was asked for. */
const STRIKES = 3
/** How long it is then left alone: each try costs a connection. */
const SHUN_MS = 24 * 60 * 60_000
/** As many are remembered in one folder; a server that fails more often has another trouble. */
const MOST_SHUNNED = 100

/** Where a download ended before its end. */
export interface Break {
  uid: number
  /** Whether it was asked for alone, so that nothing else can be the cause. */
  alone: boolean
}

/**
 * Downloads, and tells where when the connection ends or the answer makes no sense. After such an end mails are asked for one by one,
 * to find the one at which it happens.
 */
export async function* fetchWatched(
  pass: FolderPass,
  uids: number[],
  cursor: Cursor,
  told: (where: Break) => void,
): AsyncGenerator<FetchedMail> {
  const alone = uids.length === 1 || (cursor.suspect !== null && uids.includes(cursor.suspect.uid))
  const left = new Set(uids)
  let asked = uids[0] ?? 0
  try {
    for (const some of alone ? uids.map((uid) => [uid]) : [uids]) {
      asked = some[0] ?? 0
      for await (const mail of fetchEach(pass, some)) {
        left.delete(mail.uid)
        yield mail
      }
    }
  } catch (error) {
    const uid = alone ? asked : Math.min(...left)
    // A line that breaks after a mail was handed over says nothing of that mail.
    if (isBreak(pass, error) && left.has(uid)) told({ uid, alone })
    throw error
  }
}

/** What may be a single mail's doing: a connection that ended, an answer that cannot be read. Not being asked to wait or a full disk. */
function isBreak(pass: FolderPass, error: unknown): boolean {
  const fault = toFault(error, pass.host, pass.context.clock.now())
  return !pass.signal.aborted && !isRefusal(error) && fault instanceof ConnectorFault && fault.kind === 'transient'
}

/**
 * Downloads; where the server refuses the lot because of one, asks one by one, so that a mail that is damaged on the
 * server keeps nobody else back. What is refused alone is left out, unless it is everything out of many.
 */
async function* fetchEach(pass: FolderPass, uids: number[]): AsyncGenerator<FetchedMail> {
  const left = new Set(uids)
  try {
    for await (const mail of fetchMails(pass.imap, uids)) {
      left.delete(mail.uid)
      yield mail
    }
    return
  } catch (error) {
    refusalOf(pass, error)
    if (uids.length === 1) return
    let any = left.size < uids.length
    for (const uid of left) {
      pass.signal.throwIfAborted()
      try {
        for await (const mail of fetchMails(pass.imap, [uid])) {
          any = true
          yield mail
        }
      } catch (again) {
        refusalOf(pass, again)
      }
    }
    if (!any) throw error
  }
}

/** Passes when the server refused these very mails; throws what means more: a lost connection, being asked to wait. */
function refusalOf(pass: FolderPass, error: unknown): void {
  const fault = toFault(error, pass.host, pass.context.clock.now())
  if (!isRefusal(error) || !pass.imap.usable || (fault instanceof ConnectorFault && fault.kind === 'rate')) throw fault
}

/** The cursor after a break: the same mail again and alone for the third time is stepped over from now on. */
export function struck(cursor: Cursor, { uid, alone }: Break, now: number): Cursor {
  const times = alone ? (cursor.suspect?.uid === uid ? cursor.suspect.times : 0) + 1 : 0
  if (times < STRIKES) return { ...cursor, suspect: { uid, times } }
  const shunned = [...cursor.shunned.filter((one) => one.uid !== uid), { uid, until: now + SHUN_MS }].slice(-MOST_SHUNNED)
  return { ...cursor, suspect: null, missed: cursor.missed.filter((one) => one !== uid), shunned }
}

/** UIDs without those that are stepped over. */
export function withoutShunned(cursor: Cursor, uids: number[]): number[] {
  if (cursor.shunned.length === 0) return uids
  const shunned = new Set(cursor.shunned.map((one) => one.uid))
  return uids.filter((uid) => !shunned.has(uid))
}

/**
 * Asks once more for mails that were stepped over and whose time has come. The last thing of a pass, because each may end the
 * connection; that is no fault of the pass then.
 * @param bring downloads these and saves them, as it does any other.
 */
export async function retryShunned(
  pass: FolderPass,
  ending: Ending,
  bring: (saver: Saver, cursor: Cursor, uid: number) => Promise<Cursor>,
): Promise<Ending> {
  const now = pass.context.clock.now()
  const due = ending.cursor.shunned.filter((one) => one.until <= now)
  if (due.length === 0) return ending
  const { imap, folder, host } = pass
  await imap.mailboxOpen(folder.path, { readOnly: true })
  const there = new Set(await searchUids(imap, { uid: packUids(due.map((one) => one.uid).sort((a, b) => a - b)) }, host))
  // Noted first: whatever happens to this process, none is asked for again before its time.
  let cursor: Cursor = {
    ...ending.cursor,
    shunned: ending.cursor.shunned.flatMap((one) =>
      one.until > now ? [one] : there.has(one.uid) ? [{ ...one, until: now + SHUN_MS }] : [],
    ),
  }
  const saver = new Saver(pass.context, folder.path)
  await saver.save(cursor, {})
  try {
    for (const uid of there) {
      const others = cursor.shunned.filter((one) => one.uid !== uid)
      // Two strikes it keeps: one more and it is stepped over again.
      cursor = await bring(saver, { ...cursor, shunned: others, suspect: { uid, times: STRIKES - 1 } }, uid)
      await saver.drain()
    }
  } catch (error) {
    if (!isBreak(pass, error)) throw error
    pass.context.log.info('mail.still_left_out', { count: cursor.shunned.length })
  }
  return { ...ending, cursor }
}

/** What is to be said of a pass that left mails out; null when it left none. */
export function remarkOn(host: string, endings: Ending[]): Problem | null {
  const left = endings
    .map(({ stream, cursor }) => ({ stream, count: cursor.missed.length + cursor.shunned.length }))
    .filter(({ count }) => count > 0)
  const [first] = left
  if (!first) return null
  const count = left.reduce((sum, one) => sum + one.count, 0)
  return new ProblemError('messages_left_out', { host, count, folder: first.stream }).toProblem()
}
