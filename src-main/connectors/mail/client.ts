import { once } from 'node:events'
import type { ListResponse, MailboxObject } from 'imapflow'
import type { MailSettings, Problem } from '#shared/model/index.ts'
import type { Checked, Client, Context, NetworkAct, Outgoing, Sent } from '../connector.ts'
import { ConnectorFault } from '../fault.ts'
import { type Imap, openImap, type Patience } from './connection.ts'
import { type Place, readCursor, readPlace } from './cursor.ts'
import { toFault } from './faults.ts'
import { chooseFolders, type Folder } from './folders.ts'
import { limits } from './limits.ts'
import { remarkOn } from './missed.ts'
import { Sender } from './send/sender.ts'
import { signedIn } from './session.ts'
import { type Ending, endFolder, type FolderPass, lookAgain, syncFolder } from './sync.ts'
import { isRefusal, packUids } from './uids.ts'
import { judgeVanished, rememberFolders } from './vanished.ts'

/** Without IDLE the folder is asked this often. */
const POLL_MS = 60_000
/** Folders other than INBOX say nothing by themselves: a whole pass at least this often. */
const PASS_EVERY_MS = 5 * 60_000

/** One mail account's connection. Everything on it takes turns, so that an act never meets the wrong folder. */
export class MailClient implements Client {
  private readonly context: Context<MailSettings>
  private readonly patience: Patience
  private readonly own: ReadonlySet<string>
  private readonly sender: Sender
  private imap: Imap | null = null
  private turn: Promise<unknown> = Promise.resolve()
  /** Ends a wait's IDLE so that something else gets its turn. */
  private yieldTurn: (() => void) | null = null
  private readonly closing = new AbortController()
  /** The folder that a wait listens to, known after the first sync. */
  private watched: string | null = null

  constructor(context: Context<MailSettings>, patience: Patience) {
    this.context = context
    this.patience = patience
    const { address, user } = context.settings
    this.own = new Set([address, user].map((one) => one.toLowerCase()).filter((one) => one.includes('@')))
    this.sender = new Sender(context, patience, this.own)
  }

  check(signal: AbortSignal): Promise<Checked> {
    return this.inTurn(signal, async (imap) => {
      const { folders } = await this.folders(imap)
      const first = folders[0]
      if (first !== undefined) await imap.mailboxOpen(first.path, { readOnly: true })
      return { label: this.context.settings.address, streams: folders.map((folder) => folder.path) }
    })
  }

  async sync(signal: AbortSignal): Promise<Problem | null> {
    await this.sender.tellLimits()
    const remark = await this.pass(signal)
    await this.sender.fileCopies(AbortSignal.any([signal, this.closing.signal]))
    return remark
  }

  checkSending(signal: AbortSignal): Promise<void> {
    return this.sender.check(AbortSignal.any([signal, this.closing.signal]))
  }

  send(item: Outgoing, signal: AbortSignal): Promise<Sent> {
    return this.sender.send(item, AbortSignal.any([signal, this.closing.signal]))
  }

  find(item: Outgoing, signal: AbortSignal): Promise<Sent | null> {
    return this.sender.find(item, AbortSignal.any([signal, this.closing.signal]))
  }

  private pass(signal: AbortSignal): Promise<Problem | null> {
    return this.inTurn(signal, async (imap, stop) => {
      const { context } = this
      const { folders, listed } = await this.folders(imap)
      const paths = folders.map((folder) => folder.path)
      await rememberFolders(context, paths)
      const counts = new Map<string, { done: number; total: number }>()
      const read: { pass: FolderPass; ending: Ending }[] = []
      let refused: unknown = null
      for (const folder of folders) {
        const pass: FolderPass = {
          context,
          imap,
          host: context.settings.imap.host,
          folder,
          own: this.own,
          signal: stop,
          progress: (done, total) => {
            counts.set(folder.path, { done, total })
            const all = [...counts.values()]
            context.progress({
              done: all.reduce((sum, one) => sum + one.done, 0),
              // until every folder was opened the whole is unknown
              total: counts.size < folders.length ? null : all.reduce((sum, one) => sum + one.total, 0),
            })
          },
        }
        try {
          read.push({ pass, ending: await syncFolder(pass) })
        } catch (error) {
          // a folder that the server will not open must not keep the others from being read
          if (!isRefusal(error) || !imap.usable) throw error
          if (!('mailboxMissing' in error)) refused ??= error
          counts.set(folder.path, { done: 0, total: 0 })
        }
      }
      for (const { ending } of read) await endFolder(context, ending)
      await judgeVanished(context, imap, listed)
      const watched = folders.find((folder) => folder.path.toUpperCase() === 'INBOX') ?? folders[0]
      this.watched = watched?.path ?? null
      if (refused !== null) throw refused
      const endings: Ending[] = []
      for (const { pass, ending } of read) endings.push(imap.usable ? await lookAgain(pass, ending) : ending)
      return remarkOn(context.settings.imap.host, endings)
    })
  }

  async wait(signal: AbortSignal): Promise<void> {
    const { clock } = this.context
    const until = clock.monotonic() + PASS_EVERY_MS
    for (;;) {
      const news = await this.inTurn(signal, (imap, stop) => this.listen(imap, stop, until))
      if (news || clock.monotonic() >= until) return
    }
  }

  act(act: NetworkAct, signal: AbortSignal): Promise<void> {
    this.yieldTurn?.()
    return this.inTurn(signal, async (imap) => {
      const flag = act.kind === 'set_read' ? '\\Seen' : '\\Answered'
      for (const [folder, places] of byFolder(act.places)) await this.store(imap, folder, places, flag, act.on)
    })
  }

  async close(): Promise<void> {
    this.closing.abort(new ConnectorFault('transient', 'connection_lost', { host: this.context.settings.imap.host }))
    this.imap?.close()
    this.imap = null
    this.sender.close()
    await this.turn
  }

  /** Runs with the connection to itself, opening it when there is none. Faults come out in the program's words. */
  private inTurn<Result>(signal: AbortSignal, work: (imap: Imap, stop: AbortSignal) => Promise<Result>): Promise<Result> {
    const stop = AbortSignal.any([signal, this.closing.signal])
    const result = this.turn.then(async () => {
      stop.throwIfAborted()
      const cut = () => this.imap?.close()
      try {
        const imap = await this.connect(stop)
        // a command under way ends with its connection; nothing half-read is ever saved
        stop.addEventListener('abort', cut, { once: true })
        return await work(imap, stop)
      } catch (error) {
        stop.throwIfAborted()
        throw toFault(error, this.context.settings.imap.host, this.context.clock.now())
      } finally {
        stop.removeEventListener('abort', cut)
      }
    })
    this.turn = result.then(
      () => undefined,
      () => undefined,
    )
    return result
  }

  private async connect(signal: AbortSignal): Promise<Imap> {
    if (this.imap?.usable) return this.imap
    this.imap?.close()
    this.imap = null
    const { context } = this
    this.imap = await signedIn(context, context.settings.imap.host, signal, (credentials) =>
      openImap(context.settings, credentials, () => context.clock.now(), signal, this.patience),
    )
    return this.imap
  }

  private async folders(imap: Imap): Promise<{ folders: Folder[]; listed: ListResponse[] }> {
    const listed = await imap.list()
    const folders = chooseFolders(listed, this.context.settings.folders)
    if (folders.length === 0)
      throw new ConnectorFault('decision', 'not_found', { what: 'folder', id: this.context.settings.folders[0] ?? 'INBOX' })
    return { folders: folders.slice(0, limits.folders), listed }
  }

  /** On the watched folder until something moves there (true), or someone else needs the connection or it is time to look (false). */
  private async listen(imap: Imap, stop: AbortSignal, until: number): Promise<boolean> {
    const { clock } = this.context
    if (this.watched === null) return true
    const moved = new AbortController()
    const news = () => moved.abort(NEWS)
    for (const event of MOVES) imap.on(event, news)
    this.yieldTurn = () => moved.abort(YIELD)
    try {
      const mailbox = await imap.mailboxOpen(this.watched, { readOnly: true })
      if (await this.movedMeanwhile(imap, mailbox)) return true
      const ended = AbortSignal.any([stop, moved.signal])
      if (!ended.aborted) {
        const idle = imap.capabilities.has('IDLE')
        const ending = once(ended, 'abort')
        // whatever ends an IDLE early also ends the connection, which is told below
        let over = !idle
        const idling = idle ? imap.idle().catch(() => false) : Promise.resolve(false)
        void idling.then(() => {
          over = true
        })
        const asleep = clock.sleep(Math.max(0, Math.min(until - clock.monotonic(), idle ? PASS_EVERY_MS : POLL_MS)), ended)
        await Promise.race([asleep.catch(() => undefined), ending])
        // any command ends an IDLE; without IDLE it is the poll itself
        if (imap.usable) await imap.noop()
        // the command may have come just while an IDLE was ended to begin the next one
        while (!over && imap.usable) await imap.noop()
        await idling
      }
      stop.throwIfAborted()
      if (!imap.usable) throw new ConnectorFault('transient', 'connection_lost', { host: this.context.settings.imap.host })
      return moved.signal.reason === NEWS
    } finally {
      this.yieldTurn = null
      for (const event of MOVES) imap.off(event, news)
    }
  }

  /** What happened in the watched folder between the last pass and this moment. */
  private async movedMeanwhile(imap: Imap, mailbox: MailboxObject): Promise<boolean> {
    const cursor = readCursor(await this.context.cursor(mailbox.path))
    if (cursor === null || cursor.validity !== mailbox.uidValidity.toString()) return true
    if (cursor.exists !== mailbox.exists || cursor.top < mailbox.uidNext - 1) return true
    if (mailbox.noModseq || !imap.enabled.has('CONDSTORE')) return false
    return cursor.modseq !== (mailbox.highestModseq?.toString() ?? null)
  }

  /** Sets or clears a flag on messages of one folder. Places of an earlier UIDVALIDITY, and messages that are gone, are passed over. */
  private async store(imap: Imap, folder: string, places: Place[], flag: string, on: boolean): Promise<void> {
    const { host } = this.context.settings.imap
    let mailbox: MailboxObject
    try {
      mailbox = await imap.mailboxOpen(folder)
    } catch (error) {
      if (isRefusal(error) && 'mailboxMissing' in error) return
      throw error
    }
    const uids = places.filter((place) => place.validity === mailbox.uidValidity.toString()).map((place) => place.uid)
    const allowed = mailbox.permanentFlags === undefined || mailbox.permanentFlags.has(flag) || mailbox.permanentFlags.has('\\*')
    if (uids.length === 0 || !allowed || mailbox.readOnly) return
    const range = packUids(uids.sort((a, b) => a - b))
    const done = on
      ? await imap.messageFlagsAdd(range, [flag], { uid: true })
      : await imap.messageFlagsRemove(range, [flag], { uid: true })
    if (done) return
    if (!imap.usable) throw new ConnectorFault('transient', 'connection_lost', { host })
    throw new ConnectorFault('transient', 'server_error', { host, detail: 'STORE' })
  }
}

const MOVES = ['exists', 'expunge', 'flags', 'close'] as const
const NEWS = Symbol('news')
const YIELD = Symbol('yield')

function byFolder(places: string[]): Map<string, Place[]> {
  const folders = new Map<string, Place[]>()
  for (const text of places) {
    const place = readPlace(text)
    if (place === null) continue
    const known = folders.get(place.folder)
    if (known === undefined) folders.set(place.folder, [place])
    else known.push(place)
  }
  return folders
}
