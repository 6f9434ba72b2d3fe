/** One record that a person should look at. */
export interface Remark {
  ledger: string
  seq: number
  record: string
}

/** Most remarks of one kind that are kept: who has that many has another problem. */
export const MOST_REMARKS = 1000

/** What is counted while a pack is written. Part of the journal. */
export interface Tally {
  records: number
  redacted: number
  /** In each ledger: how many records, and the first and last of them. */
  ledgers: Record<string, { records: number; first: number; last: number }>
  /** Records whose bytes or media no longer have the hashes that they were captured with. They are in the pack as they are. */
  damaged: Remark[]
  /** Records that are not redacted and have words that are blacked out in another. */
  stillThere: Remark[]
  /** Lines of redactions that named a record of the pack, and of those that found their words in it. */
  used: number[]
  found: number[]
}

export const newTally = (): Tally => ({
  records: 0,
  redacted: 0,
  ledgers: {},
  damaged: [],
  stillThere: [],
  used: [],
  found: [],
})

/** What came of an export. */
export interface PackSummary {
  /** The finished bag. */
  dir: string
  id: string
  records: number
  redacted: number
  /** Payload of the bag. */
  bytes: number
  files: number
  damaged: Remark[]
  stillThere: Remark[]
  /** Lines of redactions that had no effect: no record of theirs is in the pack, or none of them says the words. */
  idle: number[]
}
