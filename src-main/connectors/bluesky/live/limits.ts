const minute = 60_000

/** What a live connection may do and take, each with its reason. */
export const live = {
  /** Bytes of one answer. A page of 100 records of the largest kind (1 MB) does not come; real pages have 50 to 300 KB. Over: fault `too_large`. */
  answerBytes: 16 * 1024 * 1024,
  /** Bytes of a document that says who somebody is. Real ones have 2 KB. */
  documentBytes: 256 * 1024,
  /** Milliseconds for one request. */
  requestMs: 30_000,
  /** Bytes of a picture or film that a person opens. */
  fileBytes: 64 * 1024 * 1024,
  /** Milliseconds for one such file. */
  fileMs: 5 * minute,
  /** Characters of a server's own words in a fault. */
  detailChars: 200,
  /** Things asked for in one page: the most that servers give. */
  page: 100,
  /** Things asked for in one page of notifications when nothing is expected. */
  pollPage: 50,
  /** Posts or people asked for at once: the most that servers take. */
  atOnce: 25,
  /** Messages in the first batch of a list, which shows at once that something comes. Each one after it may have twice as many. */
  firstBatch: 200,
  /** Messages in one batch: the store takes large ones in half the time. */
  batchMessages: 1000,
  /** Raw bytes in one batch, unless one message alone is larger. */
  batchBytes: 6 * 1024 * 1024,
  /** Steps from a reply towards the beginning of its thread that are read for context. */
  contextSteps: 10,
  /** Posts that are read for context with one page. */
  contextPosts: 500,
  /** Notifications of one pass that were missing and are looked up to tell a deletion from somebody that is only hidden. */
  lookups: 50,
  /** Between two polls. There is no push short of the whole network's stream. */
  pollMs: 2 * minute,
  /** Between two looks at the account's own figures and handle. */
  figuresMs: 60 * minute,
  /** Between two readings of the whole list of a repository, which finds what was changed far back. */
  wholeMs: 24 * 60 * minute,
  /** The same for likes, reposts, follows and blocks, which are many and of less weight. */
  wholeActsMs: 7 * 24 * 60 * minute,
  /** A token that ends sooner than this is renewed before it is used. */
  tokenSpareMs: 30_000,
  /** How far the server's clock may be behind ours when a direct message is looked for. */
  skewMs: 2 * minute,
  /** Before a service that the server does not have is asked for again. */
  absentMs: 60 * minute,
  /** Before somebody's profile is asked for again. */
  profileMs: 24 * 60 * minute,
  /** Bounds of the time that a server asks us to wait, and where it names none. */
  retryAtLeastMs: 5_000,
  retryAtMostMs: 24 * 60 * minute,
  retryUnknownMs: 5 * minute,
} as const
