import type { ReadDb } from '../handle.ts'
import type { ReadMethods } from '../store.ts'
import { accounts } from './accounts.ts'
import { badges } from './badges.ts'
import { calendar, calendarChecks, waitingItems } from './calendar.ts'
import { coverage } from './coverage.ts'
import { doctor } from './doctor.ts'
import { draft, drafts } from './drafts.ts'
import { chooseRecords, countRecords, exportRecords, recordContent } from './export.ts'
import { accountMetrics, messageMetrics, profiles, profilesDue, rereadsDue, sendLimits } from './figures.ts'
import { facets, find, histogram } from './find.ts'
import { history } from './history.ts'
import { identities } from './identities.ts'
import { labels, notes } from './labels.ts'
import {
  checkpoints,
  consistencyProof,
  entries,
  inclusionProof,
  inclusionProofs,
  keyPlaces,
  ledgerKeys,
  ledgers,
  recordProofs,
} from './ledger.ts'
import { keyAt, outline, page, rows } from './lists.ts'
import { attachmentFile, hasMedia, mediaFile } from './media.ts'
import { conversation, message } from './messages.ts'
import { outboxAccounts, outboxContent, outboxCounts, outboxItem, outboxItems, outboxLane, outgoing } from './outbox.ts'
import { source } from './records.ts'
import {
  certificate,
  disposable,
  disposal,
  disposalItems,
  disposals,
  disposalsDue,
  holds,
  removed,
  schedules,
} from './retention.ts'
import { savedSearches } from './saved.ts'
import { due, meta, preferences } from './small.ts'
import { arrivals, cursor, has, known, pendingActs, sourceOf } from './sync.ts'
import { verifyLedger } from './verify-ledger.ts'

/** A method with the connection it runs on in front. */
type On<Db, Methods> = {
  [Name in keyof Methods]: Methods[Name] extends (...args: infer Args) => infer Result ? (db: Db, ...args: Args) => Result : never
}
export type ReadFunctions = On<ReadDb, ReadMethods>

export const reads: ReadFunctions = {
  identities,
  accounts,
  page,
  outline,
  keyAt,
  badges,
  draft,
  drafts,
  labels,
  notes,
  rows,
  conversation,
  message,
  source,
  find,
  facets,
  histogram,
  savedSearches,
  cursor,
  sourceOf,
  known,
  has,
  due,
  pendingActs,
  preferences,
  meta,
  arrivals,
  doctor,
  ledgers,
  entries,
  checkpoints,
  inclusionProof,
  inclusionProofs,
  consistencyProof,
  recordProofs,
  history,
  ledgerKeys,
  keyPlaces,
  chooseRecords,
  countRecords,
  exportRecords,
  recordContent,
  attachmentFile,
  mediaFile,
  hasMedia,
  verifyLedger,
  holds,
  schedules,
  disposable,
  disposals,
  disposal,
  disposalItems,
  certificate,
  disposalsDue,
  removed,
  coverage,
  calendar,
  calendarChecks,
  waitingItems,
  outboxItem,
  outboxItems,
  outboxAccounts,
  outboxContent,
  outboxCounts,
  outboxLane,
  outgoing,
  sendLimits,
  profiles,
  profilesDue,
  messageMetrics,
  accountMetrics,
  rereadsDue,
}
