import type { MailSettings } from '#shared/model/index.ts'
import type { Connector } from '../connector.ts'
import { aboutMail } from './about.ts'
import { MailClient } from './client.ts'
import { type Patience, usualPatience } from './connection.ts'
import { importFiles } from './files/import.ts'
import { MAIL, readable } from './message.ts'
import { mailAttachment, renderMail } from './parse.ts'

/** Mail over IMAP (RFC 3501, RFC 9051). See README.md beside this file for what servers do differently. */
export const mailConnector = mailConnectorWith(usualPatience)

/** The same, with other limits of time. */
export function mailConnectorWith(patience: Patience): Connector<MailSettings> {
  return {
    ...aboutMail,
    create: (context) => new MailClient(context, patience),
    render: async (raw, mediaType) => {
      const mail = renderMail(readable(raw, mediaType))
      return mediaType === MAIL ? mail : { ...mail, damaged: true }
    },
    importFiles,
    attachment: async (raw, mediaType, index) => mailAttachment(readable(raw, mediaType), index),
  }
}
