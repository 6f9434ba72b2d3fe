import type { ListResponse } from 'imapflow'
import type { MailSettings } from '#shared/model/index.ts'
import type { Context, IncomingMessage } from '../../connector.ts'
import { ConnectorFault } from '../../fault.ts'
import { readFlags } from '../changes.ts'
import type { Imap } from '../connection.ts'
import { fetchMails } from '../fetch.ts'
import { isThere } from '../folders.ts'
import { limits } from '../limits.ts'
import { toMessage } from '../message.ts'
import { isRefusal, searchUids } from '../uids.ts'

/** A mail that the account sent, where it was seen. */
export interface Seen {
  /** It lies in the folder of sent mail. */
  filed: boolean
  /** As a sync of that folder brings it, but without a place: that comes with the sync. */
  message: IncomingMessage
}

/** The folders of a mailbox, with that of sent mail told apart. */
export interface Folders {
  sent: string | null
  others: string[]
}

/** Where a mail of the account can be: not in drafts, where one that was not sent lies. */
export async function listFolders(imap: Imap): Promise<Folders> {
  const open = (await imap.list()).filter(isThere)
  const use = (folder: ListResponse) => (folder.path.toUpperCase() === 'INBOX' ? '\\Inbox' : (folder.specialUse ?? ''))
  const sent = open.find((folder) => use(folder) === '\\Sent')?.path ?? null
  const rank = (folder: ListResponse) => ['\\Inbox', '\\All', '\\Archive'].indexOf(use(folder)) >>> 0
  const others = open
    .filter((folder) => folder.path !== sent && use(folder) !== '\\Drafts')
    .sort((a, b) => rank(a) - rank(b))
    .map((folder) => folder.path)
  return { sent, others: others.slice(0, limits.folders) }
}

/** Mails of one account in its own mailbox, found by their Message-ID and put there. */
export class Filing {
  private readonly imap: Imap
  private readonly context: Context<MailSettings>
  private readonly own: ReadonlySet<string>

  constructor(imap: Imap, context: Context<MailSettings>, own: ReadonlySet<string>) {
    this.imap = imap
    this.context = context
    this.own = own
  }

  private get host(): string {
    return this.context.settings.imap.host
  }

  /** The mail in one folder; null where it is not. @throws ConnectorFault when that cannot be said. */
  async look(path: string, messageId: string, sent: boolean): Promise<Seen | null> {
    const { imap } = this
    try {
      await imap.mailboxOpen(path, { readOnly: true })
    } catch (error) {
      if (isRefusal(error) && 'mailboxMissing' in error) return null
      throw error
    }
    // what came in just now must be seen too (RFC 3501 section 7.3.1)
    await imap.noop()
    const uids = await searchUids(imap, { header: { 'message-id': `<${messageId}>` } }, this.host)
    for await (const mail of fetchMails(imap, uids.slice(0, 1))) {
      const message = toMessage(mail.raw, {
        serverId: mail.serverId,
        threadId: mail.threadId,
        cutFrom: mail.cutFrom,
        place: null,
        ...readFlags(mail.flags),
        receivedAt: mail.receivedAt,
        sent: true,
        own: this.own,
        endpoint: `imap://${this.host}:${this.context.settings.imap.port}/${encodeURIComponent(path)}`,
      })
      return { filed: sent, message }
    }
    return null
  }

  /** A sign in the INBOX that somebody got the mail: one that answers it, or a report about it, names its Message-ID. */
  async answeredIn(path: string, messageId: string): Promise<boolean> {
    await this.imap.mailboxOpen(path, { readOnly: true })
    const id = `<${messageId}>`
    const query = { or: [{ header: { 'in-reply-to': id } }, { header: { references: id } }] }
    return (await searchUids(this.imap, query, this.host)).length > 0
  }

  /**
   * Puts a copy into the folder of sent mail, read; makes the folder where there is none.
   * @throws ConnectorFault when the server does not take it. It may be there after a broken line: look before the next try.
   */
  async append(sent: string | null, raw: Buffer, at: Date): Promise<void> {
    const { imap } = this
    const path = sent ?? (await imap.mailboxCreate('Sent')).path
    const done = await imap.append(path, raw, ['\\Seen'], at)
    if (done) return
    if (!imap.usable) throw new ConnectorFault('transient', 'connection_lost', { host: this.host })
    throw new ConnectorFault('transient', 'server_error', { host: this.host, detail: 'APPEND' })
  }
}
