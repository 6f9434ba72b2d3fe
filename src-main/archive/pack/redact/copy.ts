import type { Captured, PackRecord, Shown } from '../source.ts'
import { BLOCK } from './burn.ts'
import type { Redaction } from './file.ts'

/** The copy of a redacted record that stands in the pack in its place: plain text. @param shown Burned. */
export function redactedCopy(record: PackRecord, manifest: Captured, shown: Shown, redactions: readonly Redaction[]): string {
  const files = shown.attachments.map(({ name, mediaType, size }) =>
    mediaType === '' ? `Attachment: ${name}` : `Attachment: ${name} (${mediaType}, ${size} bytes)`,
  )
  const lines = [
    `Redacted copy of record ${manifest.record}: message ${manifest.message}, version ${manifest.version}.`,
    `Its capture is entry ${record.seq} of ledger ${record.ledger}.`,
    ...redactions.map(({ by, reason }) => `Redacted by ${by}: ${reason}`),
    `Where something was taken out stands ${BLOCK}, however long it was.`,
    '',
    `Date: ${shown.at ?? ''}`,
    `From: ${shown.from}`,
    `To: ${shown.to.join(', ')}`,
    `Subject: ${shown.subject}`,
    ...files,
    '',
    shown.text,
  ]
  return `${lines.join('\n')}\n`
}
