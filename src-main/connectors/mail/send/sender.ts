import type { MailSettings, OutgoingContent } from '#shared/model/index.ts'
import type { Context, Outgoing, Sent } from '../../connector.ts'
import { ConnectorFault } from '../../fault.ts'
import { type Imap, openImap, type Patience } from '../connection.ts'
import { toFault } from '../faults.ts'
import { toMessage } from '../message.ts'
import { contentId } from '../parse.ts'
import { signedIn } from '../session.ts'
import { mailCapacity } from './capacity.ts'
import { messageIdOf, type PlannedMail, planMail } from './compose.ts'
import { Filing, listFolders } from './filing.ts'
import { Marks } from './marks.ts'
import { openSmtp, type Smtp, smtpServer } from './smtp.ts'
import { toSmtpFault } from './smtp-faults.ts'

/** Mails in a minute where nobody said: below what any provider lets one account send. */
const PER_MINUTE = 20
/** A server that files what is sent through it shows it by then. */
const SETTLE_MS = 2 * 60_000
/** Pauses between looks into the folder of sent mail after a mail was taken, in ms: by a server that files by itself, and one not known yet. */
const PAUSES = { files: [0, 1000, 2000, 4000, 8000], unknown: [0, 1500], leaves: [0] }
/** Mails in a row after which it is believed that the server leaves filing to us. */
const MISSES = 3
/** A copy that could not be filed for so long is given up. */
const COPY_MS = 7 * 24 * 3_600_000
/** Folders searched for a mail whose outcome is not known. */
const SEARCHED = 50

/** Sends mail of one account by SMTP and keeps its copies. Uses connections of its own, so that a long sync holds nothing up. */
export class Sender {
  private readonly context: Context<MailSettings>
  private readonly patience: Patience
  private readonly own: ReadonlySet<string>
  private readonly marks: Marks
  private turn: Promise<unknown> = Promise.resolve()
  private imap: Imap | null = null
  /** When mails of the last minute were begun, as `clock.monotonic`. */
  private recent: number[] = []

  constructor(context: Context<MailSettings>, patience: Patience, own: ReadonlySet<string>) {
    this.context = context
    this.patience = patience
    this.own = own
    this.marks = new Marks(context)
  }

  /** Tells what the account can send, as far as its server said. */
  async tellLimits(): Promise<void> {
    if (this.context.settings.smtp !== null) this.context.limits(mailCapacity((await this.marks.read()).mostBytes))
  }

  /** @see Client.checkSending */
  async check(signal: AbortSignal): Promise<void> {
    const smtp = await this.open(signal)
    smtp.leave()
  }

  /** @see Client.send */
  send(item: Outgoing, signal: AbortSignal): Promise<Sent> {
    return this.inTurn(async () => {
      const content = mailOf(item)
      const { settings, clock } = this.context
      const { host } = smtpServer(settings)
      const plan = planMail(item, content, settings)
      const mark = await this.marks.of(item.key)
      let bytes: Buffer
      try {
        if (mark?.state !== 'taken') this.pace(host)
        bytes = await plan.bytes(item.open)
        if (mark?.state !== 'taken') await this.hand(item.key, plan, bytes, signal)
      } catch (error) {
        throw error instanceof ConnectorFault ? error : toSmtpFault(error, { host, now: clock.now(), handed: false })
      }
      return this.keep(item.key, plan.messageId, bytes, signal, mark?.state !== 'taken')
    })
  }

  /** @see Client.find */
  find(item: Outgoing, signal: AbortSignal): Promise<Sent | null> {
    return this.inTurn(async () => {
      const { settings, clock } = this.context
      const { host } = smtpServer(settings)
      const messageId = messageIdOf(item.key, settings)
      const mark = await this.marks.of(item.key)
      const file = async () => {
        const bytes = await planMail(item, mailOf(item), settings).bytes(item.open)
        return this.keep(item.key, messageId, bytes, signal, false)
      }
      if (mark?.state === 'taken') return file()
      const trace = await this.withMailbox(signal, async (filing, imap) => {
        const folders = await listFolders(imap)
        const filed = folders.sent === null ? null : await filing.look(folders.sent, messageId, true)
        if (filed !== null) return filed
        const others = folders.others.slice(0, mark === null ? 3 : SEARCHED)
        for (const path of others) if ((await filing.look(path, messageId, false)) !== null) return 'elsewhere'
        if (others[0] !== undefined && (await filing.answeredIn(others[0], messageId))) return 'elsewhere'
        return { files: folders.sent !== null && (await this.files(imap)) === true }
      })
      if (trace === 'elsewhere') return file()
      if ('message' in trace) return { message: trace.message }
      // its end was never sent: the server cannot have it (RFC 5321 section 4.1.1.4)
      if (mark === null) return null
      if (!trace.files) throw new ConnectorFault('decision', 'mail_unconfirmed', { host })
      const settled = mark.at + SETTLE_MS
      if (clock.now() < settled) throw new ConnectorFault('transient', 'mail_unconfirmed', { host }, { retryAt: settled })
      await this.marks.forget(item.key)
      return null
    })
  }

  /** Files copies that could not be filed when their mails were sent. @throws ConnectorFault when the mailbox cannot be reached. */
  fileCopies(signal: AbortSignal): Promise<void> {
    return this.inTurn(async () => {
      const due = (await this.marks.read()).marks.filter((mark) => mark.copy !== null)
      for (const mark of due) {
        const source = await this.context.source(mark.copy as string)
        if (source !== null)
          await this.withMailbox(signal, (filing, imap) =>
            this.file(filing, imap, messageIdOf(mark.key, this.context.settings), Buffer.from(source.raw), [0], signal),
          )
        if (source !== null || this.context.clock.now() > mark.at + COPY_MS) await this.marks.set({ ...mark, copy: null })
      }
    })
  }

  /** Ends the connection to the mailbox. Never throws. */
  close(): void {
    this.imap?.close()
    this.imap = null
  }

  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.turn.then(work)
    this.turn = result.catch(() => undefined)
    return result
  }

  /** No more in a minute than the account may. @throws ConnectorFault `rate`, untaken. */
  private pace(host: string): void {
    const { clock, settings } = this.context
    const now = clock.monotonic()
    const most = settings.perMinute ?? PER_MINUTE
    this.recent = this.recent.filter((time) => now - time < 60_000)
    const first = this.recent.at(-most)
    if (first !== undefined)
      throw new ConnectorFault(
        'rate',
        'sending_paced',
        { host, count: most },
        { untaken: true, retryAt: clock.now() + 60_000 - (now - first) },
      )
    this.recent.push(now)
  }

  /** A line to the server for sending, signed in. @throws ConnectorFault, untaken. */
  private async open(signal: AbortSignal): Promise<Smtp> {
    const { settings, clock } = this.context
    const { host } = smtpServer(settings)
    const now = () => clock.now()
    try {
      return await signedIn(this.context, host, signal, (credentials) =>
        openSmtp(settings, credentials, now, signal, this.patience),
      )
    } catch (error) {
      throw toSmtpFault(error, { host, now: now(), handed: false })
    }
  }

  /** Hands a mail to the server, with each step saved before it is taken. */
  private async hand(key: string, plan: PlannedMail, bytes: Buffer, signal: AbortSignal): Promise<void> {
    const { context, marks } = this
    const { clock, log } = context
    const smtp = await this.open(signal)
    let marked = false
    const cut = () => smtp.cut()
    signal.addEventListener('abort', cut, { once: true })
    try {
      await this.learn({ mostBytes: smtp.mostBytes })
      await smtp.deliver(plan.envelope, bytes, async () => {
        signal.throwIfAborted()
        marked = true
        await marks.set({ key, state: 'handed', at: clock.now(), copy: null })
      })
    } catch (error) {
      smtp.cut()
      if (marked && error instanceof ConnectorFault && error.untaken) await marks.forget(key)
      throw error
    } finally {
      signal.removeEventListener('abort', cut)
      smtp.leave()
    }
    await marks.set({ key, state: 'taken', at: clock.now(), copy: null }).catch((error: unknown) => {
      // it is sent, whether that could be noted or not
      log.warn('mail.mark_lost', { error: error instanceof Error ? error.name : 'unknown' })
    })
  }

  /**
   * What became of a mail that was taken, with its copy in the folder of sent mail. A fault of the mailbox does not undo the sending: the copy
   * is then filed with a later sync. Where the server files by itself and has not yet, the message comes with a sync.
   */
  private async keep(key: string, messageId: string, bytes: Buffer, signal: AbortSignal, fresh: boolean): Promise<Sent> {
    const { clock, log } = this.context
    const at = new Date(clock.now())
    try {
      return await this.withMailbox(signal, async (filing, imap) => {
        const files = await this.files(imap)
        const pauses = fresh || files === true ? (files === null ? PAUSES.unknown : files ? PAUSES.files : PAUSES.leaves) : [0]
        const message = await this.file(filing, imap, messageId, bytes, pauses, signal, at)
        if (fresh) await this.learn({ filed: message !== 'appended' && message !== null })
        return { message: message === 'appended' ? this.ownMessage(bytes, at) : message }
      })
    } catch (error) {
      const fault = error instanceof ConnectorFault ? error.code : 'internal'
      log.warn('mail.copy_due', { fault })
      if ((await this.marks.read()).files === true) return { message: null }
      await this.marks.set({ key, state: 'taken', at: at.getTime(), copy: contentId(bytes) })
      return { message: this.ownMessage(bytes, at) }
    }
  }

  /** The copy of a mail: found, or put there where the server leaves that to us. @returns null when the server will file it by itself. */
  private async file(
    filing: Filing,
    imap: Imap,
    messageId: string,
    bytes: Buffer,
    pauses: number[],
    signal: AbortSignal,
    at = new Date(this.context.clock.now()),
  ) {
    const { sent } = await listFolders(imap)
    for (const pause of sent === null ? [] : pauses) {
      if (pause > 0) await this.context.clock.sleep(pause, signal)
      const seen = await filing.look(sent as string, messageId, true)
      if (seen !== null) return seen.message
    }
    if (sent !== null && (await this.files(imap)) === true) return null
    await filing.append(sent, bytes, at)
    return 'appended' as const
  }

  /** The message as the sync of the folder of sent mail will know it: a server that has no ids of its own keeps the bytes as they were given. */
  private ownMessage(bytes: Buffer, at: Date) {
    const { smtp } = this.context.settings
    return toMessage(bytes, {
      serverId: null,
      threadId: null,
      cutFrom: null,
      place: null,
      read: true,
      answered: false,
      receivedAt: at,
      sent: true,
      own: this.own,
      endpoint: `smtp://${smtp?.host}:${smtp?.port}`,
    })
  }

  /** Whether the server files what is sent through it: known of two, learned of others. */
  private async files(imap: Imap): Promise<boolean | null> {
    const host = this.context.settings.smtp?.host ?? ''
    if (imap.capabilities.has('X-GM-EXT-1') || /(?:^|\.)(?:office365|outlook)\.com$/.test(host)) return true
    return (await this.marks.read()).files
  }

  private async learn(news: { mostBytes?: number | null; filed?: boolean }): Promise<void> {
    const { mostBytes, filed } = news
    const before = (await this.marks.read()).mostBytes
    await this.marks.change((state) => {
      const misses = filed === undefined ? state.misses : filed ? 0 : state.misses + 1
      const files =
        filed === undefined ? state.files : filed ? true : misses < MISSES ? state.files : state.files === true ? null : false
      return {
        ...state,
        misses: Math.min(misses, MISSES),
        files,
        mostBytes: mostBytes === undefined ? state.mostBytes : mostBytes,
      }
    })
    if (mostBytes !== undefined && mostBytes !== before) this.context.limits(mailCapacity(mostBytes))
  }

  private async withMailbox<Result>(signal: AbortSignal, work: (filing: Filing, imap: Imap) => Promise<Result>): Promise<Result> {
    const { context } = this
    const { settings, clock } = context
    const { host } = settings.imap
    const cut = () => this.close()
    try {
      signal.throwIfAborted()
      if (!this.imap?.usable) {
        this.close()
        this.imap = await signedIn(context, host, signal, (credentials) =>
          openImap(settings, credentials, () => clock.now(), signal, this.patience),
        )
      }
      signal.addEventListener('abort', cut, { once: true })
      return await work(new Filing(this.imap, context, this.own), this.imap)
    } catch (error) {
      signal.throwIfAborted()
      throw toFault(error, host, clock.now())
    } finally {
      signal.removeEventListener('abort', cut)
    }
  }
}

/** The mail that an item is. @throws ConnectorFault `decision` / `bad_request`, untaken: mail knows no edits, deletions or acts. */
function mailOf(item: Outgoing): Extract<OutgoingContent, { do: 'publish' }> {
  const { content } = item
  if (content.do === 'publish' && content.kind === 'mail') return content
  const what = content.do === 'publish' ? content.kind : content.do
  throw new ConnectorFault('decision', 'bad_request', { detail: `a mail account cannot send this (${what})` }, { untaken: true })
}
