import type { FetchMessageObject } from 'imapflow'
import type { Imap } from './connection.ts'
import { limits } from './limits.ts'
import { packUids } from './uids.ts'

/** A mail as the server handed it over. */
export interface FetchedMail {
  uid: number
  raw: Uint8Array
  /** The rest was over the limit and stayed on the server; its size in bytes. */
  cutFrom: number | null
  flags: ReadonlySet<string>
  receivedAt: Date | null
  serverId: string | null
  threadId: string | null
}

/** The server names messages itself (RFC 8474 or Gmail), so that a known one need not be downloaded again. */
export function namesMessages(imap: Imap): boolean {
  return imap.capabilities.has('OBJECTID') || imap.capabilities.has('X-GM-EXT-1')
}

/**
 * Downloads mails by UID (ascending), streaming. Small ones come whole with the first request; of larger ones that
 * request brings the beginning, and the rest follows in pieces, so that memory stays bounded by one mail.
 * A UID that the server leaves out is simply not yielded.
 */
export async function* fetchMails(imap: Imap, uids: number[]): AsyncGenerator<FetchedMail> {
  if (uids.length === 0) return
  const large: FetchMessageObject[] = []
  let held = 0
  const query = {
    uid: true,
    flags: true,
    internalDate: true,
    size: true,
    threadId: namesMessages(imap),
    source: { start: 0, maxLength: limits.firstPiece },
  }
  for await (const message of imap.fetchMany(packUids(uids), query)) {
    const source = bytesOf(message)
    if (source.length === 0 || message.uid === undefined) continue
    if (source.length < limits.firstPiece) yield toFetched(message, source, null)
    else {
      message.source = held + source.length > limits.batchBytes ? EMPTY : source
      held += message.source.length
      large.push(message)
    }
  }
  for (const message of large) {
    const mail = await fetchLarge(imap, message)
    if (mail !== null) yield mail
  }
}
const EMPTY = Buffer.alloc(0)

/** For NIL (RFC 3501: nothing to hand over) imapflow leaves something that is no buffer. */
function bytesOf(message: FetchMessageObject): Buffer {
  return Buffer.isBuffer(message.source) ? message.source : EMPTY
}
/** Memory that a mail may hold beyond its own bytes. */
const SLACK = 1024

/** The whole of a mail whose beginning is known, or as much as the limit allows. */
async function fetchLarge(imap: Imap, head: FetchMessageObject): Promise<FetchedMail | null> {
  const start = head.source ?? EMPTY
  if ((head.size ?? 0) > limits.mailBytes) {
    const beginning = start.length > 0 ? start : await piece(imap, head.uid, 0, limits.firstPiece)
    return beginning === null ? null : toFetched(head, Buffer.from(beginning), head.size ?? null)
  }
  // the size a server tells can be wrong: room is made as bytes come
  let room = Buffer.allocUnsafe(Math.min(Math.max(head.size ?? 0, start.length) + 1, limits.mailBytes + 1))
  let length = start.copy(room)
  for (;;) {
    const next = await piece(imap, head.uid, length, limits.piece)
    if (next === null) return null
    if (length + next.length > limits.mailBytes)
      return toFetched(head, Buffer.from(room.subarray(0, limits.firstPiece)), length + next.length)
    if (length + next.length > room.length) {
      const larger = Buffer.allocUnsafe(Math.min(Math.max(room.length * 2, length + next.length), limits.mailBytes + 1))
      room.copy(larger, 0, 0, length)
      room = larger
    }
    length += next.copy(room, length)
    if (next.length < limits.piece) {
      const whole = room.subarray(0, length)
      return toFetched(head, room.length - length > SLACK ? Buffer.from(whole) : whole, null)
    }
  }
}

async function piece(imap: Imap, uid: number, from: number, most: number): Promise<Buffer | null> {
  const found = await imap.fetchOne(String(uid), { uid: true, source: { start: from, maxLength: most } }, { uid: true })
  if (found === undefined || found === false) return null
  // past the end some servers answer NIL, some an empty string
  const source = bytesOf(found)
  return source.length > most ? source.subarray(0, most) : source
}

function toFetched(message: FetchMessageObject, raw: Uint8Array, cutFrom: number | null): FetchedMail {
  const received = message.internalDate
  return {
    uid: message.uid,
    raw,
    cutFrom,
    flags: message.flags ?? new Set(),
    receivedAt: received instanceof Date ? received : null,
    serverId: message.emailId ?? null,
    threadId: message.threadId ?? null,
  }
}
