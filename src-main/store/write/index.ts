import type { WriteDb } from '../handle.ts'
import type { WriteMethods } from '../store.ts'
import { addAccount, updateAccount } from './accounts.ts'
import { applyBatch } from './batch.ts'
import { addPeriod, importPeriods, removePeriod, setCalendar, setCheck } from './calendar.ts'
import { cover } from './coverage.ts'
import { disposeRest, disposeWords } from './dispose/rest.ts'
import { disposeStep } from './dispose/step.ts'
import { addDraft, discardDraft, saveDraft } from './drafts.ts'
import { addProfile, rereadDone, setLimits } from './figures.ts'
import { addIdentity, updateIdentity } from './identities.ts'
import { addLabel, mergeLabel, putLabels, removeLabel, updateLabel } from './labels.ts'
import { addCheckpoint, addTimestamp, enterExport, nameKey } from './ledger.ts'
import { attachFile, dropAttached } from './media.ts'
import { addNote, editNote } from './notes.ts'
import { cancelItem, confirmItem, judgeItem, queueItem, retryItem } from './outbox.ts'
import { failAct, finishAct } from './pending.ts'
import {
  approveDisposal,
  clearSchedule,
  finishDisposal,
  liftHold,
  noteBackup,
  proposeDisposal,
  setHold,
  setSchedule,
  withdrawDisposal,
} from './retention.ts'
import { removeSearch, renameSearch, saveSearch } from './saved.ts'
import { ageItems, beginItem, holdItem, recoverItems, sentItem, settleItem } from './sending.ts'
import { setMeta, setPreference } from './small.ts'
import { setRead, setState, snooze, undo, wake } from './triage.ts'

type WriteFunctions = {
  [Name in keyof Omit<WriteMethods, 'backup'>]: WriteMethods[Name] extends (...args: infer Args) => infer Result
    ? (db: WriteDb, ...args: Args) => Result
    : never
}

/** Each runs in one transaction on the writer thread. (`backup` reads, and has a thread of its own.) */
export const writes: WriteFunctions = {
  addIdentity,
  updateIdentity,
  addAccount,
  updateAccount,
  applyBatch,
  setState,
  snooze,
  setRead,
  undo,
  wake,
  addLabel,
  updateLabel,
  mergeLabel,
  removeLabel,
  putLabels,
  addNote,
  editNote,
  addDraft,
  saveDraft,
  discardDraft,
  cover,
  finishAct,
  failAct,
  setPreference,
  setMeta,
  nameKey,
  addCheckpoint,
  setHold,
  liftHold,
  setSchedule,
  clearSchedule,
  proposeDisposal,
  approveDisposal,
  withdrawDisposal,
  disposeStep,
  disposeRest,
  disposeWords,
  finishDisposal,
  noteBackup,
  addTimestamp,
  enterExport,
  saveSearch,
  renameSearch,
  removeSearch,
  queueItem,
  cancelItem,
  retryItem,
  confirmItem,
  judgeItem,
  beginItem,
  settleItem,
  sentItem,
  recoverItems,
  ageItems,
  attachFile,
  dropAttached,
  setLimits,
  addProfile,
  rereadDone,
  addPeriod,
  removePeriod,
  importPeriods,
  setCalendar,
  setCheck,
  holdItem,
}
