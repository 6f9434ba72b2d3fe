import { z } from 'zod'
import { type Direction, Party } from '#shared/model/index.ts'
import type { ReadDb } from '../handle.ts'
import { docOf, tokensOf } from './doc.ts'
import type { Doc } from './partitions.ts'

const Recipients = z.tuple([z.array(z.tuple([z.string(), z.string()])), z.array(z.tuple([z.string(), z.string()]))])

/** What the index should hold of a stored message, for moving it to another part of the index. */
export function storedDoc(db: ReadDb, id: number): Doc {
  const row = db.get<{
    account_id: number
    identity_id: number
    voice: string
    direction: Direction
    from_name: string
    from_handle: string
    recipients: string
    subject: string
    text: string
    attachments: number
  }>(
    `SELECT m.account_id, m.identity_id, i.voice, m.direction, m.from_name, m.from_handle, m.recipients, m.subject, b.text, m.attachments
     FROM message m JOIN body b ON b.slot = m.slot JOIN identity i ON i.id = m.identity_id WHERE m.id = ?`,
    id,
  )
  if (!row) throw new Error(`message ${id} is in the index but not there`)
  const [to] = Recipients.parse(JSON.parse(row.recipients))
  const names = row.attachments > 0 ? db.column<string>('SELECT name FROM attachment WHERE message_id = ? ORDER BY idx', id) : []
  return docOf(
    id,
    {
      direction: row.direction,
      from: { name: row.from_name, handle: row.from_handle },
      to: to.map(([name, handle]) => Party.parse({ name, handle })),
      subject: row.subject,
      text: row.text,
      attachments: names.map((name) => ({ name })),
    },
    tokensOf(row.account_id, row.identity_id, row.voice),
  )
}
