import { Readable } from 'node:stream'
import MimeNode from 'nodemailer/lib/mime-node'
import type { MailSettings, OutgoingContent, OutgoingMedia, Party } from '#shared/model/index.ts'
import { replySubject } from '#shared/text/subject.ts'
import type { Outgoing } from '../../connector.ts'
import { ConnectorFault } from '../../fault.ts'
import { limits } from '../limits.ts'
import { flow } from '../mime/flowed.ts'
import { cleanLine, clip } from '../mime/header.ts'
import { mailAddress } from './address.ts'
import { type Answered, chainOf, readAnswered, replyRecipients } from './answered.ts'
import { headerText } from './words.ts'

type MailContent = Extract<OutgoingContent, { do: 'publish' }>

/** A mail that is ready to be written: the same at every try, since it follows from the item and the account's settings alone. */
export interface PlannedMail {
  /** Without brackets. */
  messageId: string
  envelope: { from: string; to: string[] }
  /** Its bytes. @throws what opening a file throws; ConnectorFault `internal` when a file is not what the item says. */
  bytes(open: Outgoing['open']): Promise<Buffer>
}

/** The Message-ID of an item (RFC 5322 section 3.6.4), without brackets: its key at the sender's domain. */
export function messageIdOf(key: string, settings: Pick<MailSettings, 'address'>): string {
  const address = mailAddress(settings.address)
  return `${key}@${address.slice(address.lastIndexOf('@') + 1)}`
}

/**
 * Makes a mail of an item: RFC 5322 header, flowed text (RFC 3676), files with their description. Recipients are the content's; an answer
 * that names nobody goes to whom the answered mail asks for. Bcc is in the envelope only.
 * @throws ConnectorFault `decision`, untaken: `address_invalid`, `bad_request` (nobody to send to), `too_large`.
 */
export function planMail(item: Outgoing, content: MailContent, settings: MailSettings): PlannedMail {
  const { key, queuedAt, target } = item
  const from = mailAddress(settings.address)
  const mail = target === null ? null : readAnswered(target.raw, target.mediaType)
  const named = content.to.length + content.cc.length + content.bcc.length > 0
  const own = new Set([settings.address.toLowerCase(), settings.user.toLowerCase()])
  const { to, cc } = named || target === null ? content : replyRecipients(target, own, false)
  const writable = (parties: Party[]) =>
    parties.map((party) => ({ name: shownName(party.name), address: mailAddress(party.handle) }))
  const [toList, ccList, bccList] = [writable(to), writable(cc), writable(content.bcc)]
  const recipients = [...new Set([...toList, ...ccList, ...bccList].map((one) => one.address))]
  if (recipients.length === 0)
    throw new ConnectorFault('decision', 'bad_request', { detail: 'the mail names no recipient' }, { untaken: true })
  const size = content.media.reduce((sum, file) => sum + base64Length(file.size), 0) + content.text.length
  if (size > limits.mailBytes)
    throw new ConnectorFault('decision', 'too_large', { size, limit: limits.mailBytes }, { untaken: true })
  const messageId = messageIdOf(key, settings)

  const root = (files: (file: OutgoingMedia) => Readable | string): MimeNode => {
    const node = content.media.length === 0 ? textNode(content, key) : new MimeNode('multipart/mixed', optionsOf(key))
    node.setHeader('From', { name: shownName(settings.name ?? ''), address: from })
    node.setHeader('To', toList.length > 0 ? toList : 'undisclosed-recipients:;')
    if (ccList.length > 0) node.setHeader('Cc', ccList)
    const subject = content.subject === '' && mail !== null ? replySubject(mail.subject) : content.subject
    node.setHeader('Subject', folded(headerText(cleanLine(subject))))
    node.setHeader('Date', new Date(queuedAt).toUTCString().replace(/GMT$/, '+0000'))
    node.setHeader('Message-ID', `<${messageId}>`)
    if (mail !== null) setChain(node, mail, recipients)
    if (content.language !== null && /^[A-Za-z0-9-]+$/.test(content.language))
      node.setHeader('Content-Language', content.language)
    if (content.media.length > 0) {
      node.appendChild(textNode(content, key))
      for (const file of content.media) node.appendChild(fileNode(file, files(file), key))
    }
    return node
  }
  return {
    messageId,
    envelope: { from, to: recipients },
    bytes: async (open) => {
      // once without the files, to know how long it becomes: one buffer of that size then takes everything
      const frame = await root(() => '').build()
      const total = content.media.reduce((sum, file) => sum + base64Length(file.size), frame.length)
      if (content.media.length === 0) return frame
      const out = Buffer.allocUnsafeSlow(total)
      let at = 0
      for await (const piece of root((file) => Readable.from(checked(file, open))).createReadStream()) {
        const bytes = piece as Buffer
        if (at + bytes.length <= total) bytes.copy(out, at)
        at += bytes.length
      }
      if (at !== total) throw new Error(`a mail of ${total} bytes became ${at}`)
      return out
    },
  }
}

/** A name of one line; what would be taken for encoded text, and be read as something else than was approved, is parted. */
function shownName(name: string): string {
  return clip(cleanLine(name), 200).replaceAll('=?', '= ?')
}

/** The bytes of a file, as many as were approved. */
async function* checked(file: OutgoingMedia, open: Outgoing['open']): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const piece of open(file.sha256)) {
    size += piece.length
    yield piece
  }
  if (size !== file.size)
    throw new ConnectorFault('decision', 'internal', { detail: 'a file is not as long as it was' }, { untaken: true })
}

/** A value that is written as it is, in short lines. */
function folded(value: string) {
  return { prepared: true, foldLines: true, value }
}

function optionsOf(key: string) {
  return { baseBoundary: key, disableFileAccess: true, disableUrlAccess: true }
}

/**
 * An answer names the mail and its chain. A mail to nobody of those who had it is passed on: it belongs to the thread, and answers nobody.
 */
function setChain(node: MimeNode, mail: Answered, recipients: string[]): void {
  const { inReplyTo, references } = chainOf(mail)
  const had = new Set(
    [...mail.from, ...mail.replyTo, ...(mail.followUp ?? []), ...mail.to, ...mail.cc].map((party) => party.handle.toLowerCase()),
  )
  if (inReplyTo !== null && recipients.some((address) => had.has(address.toLowerCase())))
    node.setHeader('In-Reply-To', `<${inReplyTo}>`)
  if (references.length > 0) node.setHeader('References', references.map((id) => `<${id}>`).join(' '))
}

/** Text that is mostly of another script than Latin is shorter in base64. */
function textNode(content: MailContent, key: string): MimeNode {
  const node = new MimeNode('text/plain; charset=utf-8; format=flowed', optionsOf(key))
  const text = Buffer.from(`${flow(content.text.replaceAll('\0', ''))}\r\n`)
  const wide = text.reduce((sum, byte) => sum + (byte > 0x7e ? 1 : 0), 0)
  node.setHeader('Content-Transfer-Encoding', wide > text.length / 4 ? 'base64' : 'quoted-printable')
  node.setContent(text)
  return node
}

function fileNode(file: OutgoingMedia, content: Readable | string, key: string): MimeNode {
  // a mail inside a mail may not be encoded (RFC 2046 section 5.2.1), and whole parts are not files
  const sound =
    /^[a-z0-9][\w!#$&^.+-]*\/[a-z0-9][\w!#$&^.+-]*$/i.test(file.mediaType) && !/^(?:message|multipart)\//i.test(file.mediaType)
  const node = new MimeNode(sound ? file.mediaType.toLowerCase() : 'application/octet-stream', {
    ...optionsOf(key),
    filename: cleanLine(file.name).replace(/^.*[\\/]/s, '') || 'file',
  })
  node.setHeader('Content-Disposition', 'attachment')
  node.setHeader('Content-Transfer-Encoding', 'base64')
  if (file.alt !== '') node.setHeader('Content-Description', folded(headerText(cleanLine(file.alt))))
  node.setContent(content)
  return node
}

/** Bytes of `size` bytes in base64, in lines of 76 characters with CRLF between them. */
export function base64Length(size: number): number {
  const characters = 4 * Math.ceil(size / 3)
  return characters + 2 * Math.max(0, Math.ceil(characters / 76) - 1)
}
