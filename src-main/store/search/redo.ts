import { z } from 'zod'
import { type Direction, type MessageKind, Party } from '#shared/model/index.ts'
import type { ReadDb } from '../handle.ts'
import { type Doc, docOf } from './doc.ts'

const pair = z.tuple([z.string(), z.string()])
const Recipients = z.tuple([z.array(pair), z.array(pair)])

interface Stored {
  id: number
  slot: number
  account_id: number
  kind: MessageKind
  direction: Direction
  from_name: string
  from_handle: string
  recipients: string
  subject: string
  text: string
  attachments: number
}

/** What the index should hold of a stored message. @param slot Null where there is none any more. */
export function storedDoc(db: ReadDb, slot: number): Doc | null {
  const row = db.get<Stored & object>(
    `SELECT m.id, m.slot, m.account_id, m.kind, m.direction, m.from_name, m.from_handle, m.recipients, m.subject, b.text, m.attachments
     FROM message m JOIN body b ON b.slot = m.slot WHERE m.slot = ?`,
    slot,
  )
  if (!row) return null
  const [to, cc] = Recipients.parse(JSON.parse(row.recipients))
  const parties = (list: typeof to) => list.map(([name, handle]) => Party.parse({ name, handle }))
  const attachments =
    row.attachments > 0
      ? db.all<{ name: string; media_type: string; is_inline: number }>(
          'SELECT name, media_type, is_inline FROM attachment WHERE message_id = ? ORDER BY idx',
          row.id,
        )
      : []
  return docOf(row.id, row.slot, row.account_id, {
    kind: row.kind,
    direction: row.direction,
    from: { name: row.from_name, handle: row.from_handle },
    to: parties(to),
    cc: parties(cc),
    subject: row.subject,
    text: row.text,
    attachments: attachments.map(({ name, media_type, is_inline }) => ({ name, mediaType: media_type, inline: is_inline === 1 })),
  })
}
