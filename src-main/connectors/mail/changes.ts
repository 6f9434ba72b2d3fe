import type { ExpungeEvent } from 'imapflow'
import type { KnownPlace, Mark } from '../connector.ts'
import { printPlace, readPlace } from './cursor.ts'
import type { FolderPass } from './sync.ts'
import { searchUids } from './uids.ts'

export interface Changes {
  marks: Mark[]
  /** Places that are no longer there. */
  gone: string[]
}

/** What is known of the selected folder, by UID. */
export async function knownByUid(pass: FolderPass, validity: string): Promise<Map<number, KnownPlace>> {
  const known = new Map<number, KnownPlace>()
  for (const one of await pass.context.known(pass.folder.path)) {
    const place = readPlace(one.place)
    if (place !== null && place.validity === validity) known.set(place.uid, one)
  }
  return known
}

/** Flags changed since a mod-sequence (RFC 7162 section 3.1.4.1), and removals where QRESYNC tells them (section 3.2.6). */
export async function changedSince(
  pass: FolderPass,
  validity: string,
  top: number,
  since: string,
): Promise<Changes & { removalsKnown: boolean }> {
  const { imap, folder } = pass
  const gone = new Set<number>()
  const vanished = (event: ExpungeEvent) => {
    if (event.path === folder.path && event.uid !== undefined && event.uid <= top) gone.add(event.uid)
  }
  const marks: Mark[] = []
  imap.on('expunge', vanished)
  try {
    for await (const message of imap.fetch(`1:${top}`, { uid: true, flags: true }, { uid: true, changedSince: BigInt(since) })) {
      if (message.uid === undefined || message.flags === undefined || message.uid > top) continue
      marks.push({ place: printPlace(folder.path, validity, message.uid), ...readFlags(message.flags) })
    }
  } finally {
    imap.off('expunge', vanished)
  }
  return {
    marks,
    gone: [...gone].map((uid) => printPlace(folder.path, validity, uid)),
    removalsKnown: imap.enabled.has('QRESYNC'),
  }
}

/** What is known against what is there, for servers that do not tell: three searches, whatever the size of the folder. */
export async function compareFlags(pass: FolderPass, validity: string): Promise<Changes> {
  const known = await knownByUid(pass, validity)
  const [all, seen, answered] = [
    new Set(await searchUids(pass.imap, { all: true }, pass.host)),
    new Set(await searchUids(pass.imap, { seen: true }, pass.host)),
    new Set(await searchUids(pass.imap, { answered: true }, pass.host)),
  ]
  const changes: Changes = { marks: [], gone: [] }
  for (const [uid, one] of known) {
    if (!all.has(uid)) changes.gone.push(one.place)
    else if (one.read !== seen.has(uid) || one.answered !== answered.has(uid))
      changes.marks.push({ place: one.place, read: seen.has(uid), answered: answered.has(uid) })
  }
  return changes
}

/** Removals alone, where flags are told but removals are not (CONDSTORE without QRESYNC). */
export async function compareRemovals(pass: FolderPass, validity: string): Promise<string[]> {
  const known = await knownByUid(pass, validity)
  const all = new Set(await searchUids(pass.imap, { all: true }, pass.host))
  return [...known].filter(([uid]) => !all.has(uid)).map(([, one]) => one.place)
}

export function readFlags(flags: ReadonlySet<string>): { read: boolean; answered: boolean } {
  return { read: flags.has('\\Seen'), answered: flags.has('\\Answered') }
}
