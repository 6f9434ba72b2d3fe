import { limits } from '../limits.ts'
import { messageIds } from '../message-ids.ts'
import { decodeTransfer } from './bytes.ts'
import { cleanLine, clip, decodeHeader, readHeaders } from './header.ts'
import type { Structure } from './structure.ts'

/** What became of a mail for one of its recipients. */
export interface Delivery {
  recipient: string
  /** `failed`: for good. `delayed`: the server goes on trying. `delivered`: as far as the reporting server saw. */
  action: 'failed' | 'delayed' | 'delivered'
  /** The receiving server's own words, or the status code (RFC 3463); may be empty. */
  words: string
}

/** A report about a mail that was sent. */
export interface DeliveryReport {
  deliveries: Delivery[]
  /** Message-IDs of the mail that it is about, without brackets. */
  about: string[]
}

const recipientFields = new Set(['original-recipient', 'final-recipient', 'action', 'status', 'diagnostic-code'])
const returnedFields = new Set(['message-id'])

/**
 * Reads a delivery status notification (RFC 3464) in a multipart/report (RFC 6522), and bounces that only name their recipients in
 * `X-Failed-Recipients`. Never throws.
 * @returns null where the mail is no such report.
 */
export function readReport(bytes: Buffer, { headers, leaves }: Structure): DeliveryReport | null {
  const contentOf = (leaf: (typeof leaves)[number]) =>
    decodeTransfer(bytes.subarray(leaf.start, Math.min(leaf.end, leaf.start + limits.headerBytes)), leaf.encoding)
  const status = leaves.find((leaf) => /^message\/(?:global-)?delivery-status$/.test(leaf.type.value))
  const named = headers.fields.get('x-failed-recipients')
  if (status === undefined && named === undefined) return null
  const deliveries = status === undefined ? [] : readDeliveries(contentOf(status))
  if (deliveries.length === 0 && named !== undefined)
    for (const recipient of named.split(',').slice(0, limits.reported))
      deliveries.push({ recipient: cleanLine(recipient), action: 'failed', words: '' })
  const about = leaves
    .filter((leaf) => /^(?:message\/(?:rfc822|global)(?:-headers)?|text\/rfc822-headers)$/.test(leaf.type.value))
    .flatMap((leaf) => {
      const returned = contentOf(leaf)
      return messageIds(readHeaders(returned, 0, returned.length, returnedFields).fields.get('message-id')).slice(0, 1)
    })
  return { deliveries, about: [...new Set(about)].slice(0, limits.nestedMessages) }
}

/** Blocks of fields with an empty line between: the first is about the mail, each further one about a recipient. */
function readDeliveries(content: Buffer): Delivery[] {
  const deliveries: Delivery[] = []
  let at = 0
  for (let block = 0; at < content.length && block <= limits.reported; block++) {
    const { fields, bodyAt } = readHeaders(content, at, content.length, recipientFields)
    const action = fields.get('action')?.trim().toLowerCase() ?? ''
    const recipient = typed(fields.get('original-recipient')) || typed(fields.get('final-recipient'))
    if (recipient !== '' && action !== '')
      deliveries.push({
        recipient,
        action: action === 'failed' || action === 'delayed' ? action : 'delivered',
        words: typed(fields.get('diagnostic-code')) || cleanLine(fields.get('status') ?? ''),
      })
    if (bodyAt <= at) break
    at = bodyAt
  }
  return deliveries
}

/** The value behind its type: `rfc822; ada@citizen.example`, `smtp; 550 no such user`. */
function typed(field: string | undefined): string {
  return clip(cleanLine(decodeHeader((field ?? '').replace(/^[^;]{0,40};/, ''))).replace(/^<(.*)>$/, '$1'), 500)
}

const signs: Record<Delivery['action'], string> = { failed: '✗', delayed: '…', delivered: '✓' }

/** The report in lines for a reader of any language, one for each recipient. */
export function reportLines(report: DeliveryReport): string {
  return report.deliveries
    .map(({ recipient, action, words }) => `${signs[action]} ${recipient}${words === '' ? '' : ` — ${words}`}`)
    .join('\n')
}
