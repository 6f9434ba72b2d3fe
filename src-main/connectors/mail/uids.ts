import type { SearchObject } from 'imapflow'
import { ConnectorFault } from '../fault.ts'
import type { Imap } from './connection.ts'

/**
 * UIDs of the selected folder that match, ascending. A refused or broken answer is a fault, never an empty folder:
 * emptiness means that everything was deleted.
 */
export async function searchUids(imap: Imap, query: SearchObject, host: string): Promise<number[]> {
  const found = await imap.search(query, { uid: true, returnOptions: ['ALL'] })
  if (found === undefined || found === false) {
    if (!imap.usable) throw new ConnectorFault('transient', 'connection_lost', { host })
    throw new ConnectorFault('transient', 'server_error', { host, detail: 'SEARCH' })
  }
  if (Array.isArray(found)) return found
  const most = (imap.mailbox === false ? 0 : imap.mailbox.exists) + ARRIVING
  return expandUids(found.all ?? '', most, host)
}
/** Messages that may arrive between a folder's count and the answer. */
const ARRIVING = 100_000

/** `1:3,7` as numbers, ascending. @throws ConnectorFault `protocol` when it is no such set or holds more than `most`. */
export function expandUids(set: string, most: number, host: string): number[] {
  const uids: number[] = []
  for (const part of set === '' ? [] : set.split(',')) {
    const [first, last, ...rest] = part.split(':').map(Number)
    const from = Math.min(first ?? Number.NaN, last ?? first ?? Number.NaN)
    const to = Math.max(first ?? Number.NaN, last ?? first ?? Number.NaN)
    if (!(from >= 1 && to <= MAX_UID) || rest.length > 0 || uids.length + (to - from) >= most)
      throw new ConnectorFault('transient', 'protocol', { host, detail: 'SEARCH' })
    for (let uid = from; uid <= to; uid++) uids.push(uid)
  }
  return uids.sort((a, b) => a - b)
}
const MAX_UID = 0xffffffff

/** Ascending UIDs as a short set: runs become ranges. */
export function packUids(uids: number[]): string {
  const parts: string[] = []
  let from = -1
  let to = -1
  const close = () => {
    if (from !== -1) parts.push(from === to ? `${from}` : `${from}:${to}`)
  }
  for (const uid of uids) {
    if (uid === to + 1) to = uid
    else {
      close()
      from = uid
      to = uid
    }
  }
  close()
  return parts.join(',')
}

/** The server answered NO (or BAD) to a command, and goes on. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof Error && 'responseStatus' in error && (error.responseStatus === 'NO' || error.responseStatus === 'BAD')
}
