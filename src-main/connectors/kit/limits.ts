/**
 * Every limit on what an export may make us do, with its reason. An export is a file that anybody can make: a limit never drops what
 * it meets, it keeps the bytes and says so, or refuses the whole file before anything was brought in. Each has a test at the limit and one over it.
 */
export const limits = {
  /** Files in an export. The largest known hold some 200,000 pictures; each costs about 200 bytes of memory while it is read. */
  entries: 2_000_000,
  /** Bytes that all files have together when unpacked; more than a network keeps for one account. */
  totalBytes: 2 * 1024 ** 4,
  /** How many times larger an export may be than its packed file, from `ratioFrom` on. Text packs 5 to 30 fold; bombs begin at 1,000. */
  ratio: 200,
  /** Unpacked bytes below which the ratio says nothing: a small file of blanks harms nobody. */
  ratioFrom: 256 * 1024 * 1024,
  /** Characters of a path inside an export: it is shown in one line and is part of an id. */
  path: 1000,
  /** Levels of folders that are gone into. */
  folderDepth: 32,
  /** Bytes of one value that is read from JSON (one post, one message). A post with everything that networks say of it has 30 KB. */
  valueBytes: 8 * 1024 * 1024,
  /** Levels of objects and lists inside one value; more is damage, and deep ones break readers. */
  valueDepth: 200,
  /** Bytes of a file that is read as a whole (a profile, a manifest). */
  smallFile: 32 * 1024 * 1024,
  /** Bytes of one file that is kept as it is, or of one picture or video. */
  mediaBytes: 64 * 1024 ** 3,
  /** Bytes up to which a kept file is the record itself; a larger one is kept beside its record, as a picture is. */
  inlineFile: 1024 * 1024,
  /** Files that one message may name. */
  mediaOfMessage: 100,
  /** Messages looked at for one batch. */
  batchMessages: 1000,
  /** Raw bytes in one batch, after which it is closed. */
  batchBytes: 8 * 1024 * 1024,
  /** Files put into the office before the batch that names them, so that a kill has little to do again. */
  batchMedia: 200,
  /** Different remarks of one import that are told one by one; the rest is counted together. */
  remarks: 500,
  /** Characters of a name, subject or file name: they are shown in one line. */
  line: 2000,
  /** Characters of text kept for search. */
  searchText: 1_000_000,
} as const
