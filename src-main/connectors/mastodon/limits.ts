/** Every limit on what a server may make us do, with its reason. Each has a test at the limit and one over it. */
export const limits = {
  /** Bytes of one answer. A page of 40 posts has some 150 KB; one post of 10 MB was seen to be made on purpose. */
  answerBytes: 32 * 1024 * 1024,
  /** Bytes of one post with all that the server says of it. A larger one is left out, and that is said. */
  postBytes: 16 * 1024 * 1024,
  /** Levels of objects in a post; a quote in a quote has eight. */
  depth: 100,
  /** Bytes of a picture or video that is kept with its post; a larger one can still be fetched when somebody asks. */
  mediaBytes: 64 * 1024 * 1024,
  /** Bytes of a file that a person asked for. */
  fetchBytes: 512 * 1024 * 1024,
  /** Bytes of one message of the stream. */
  pushBytes: 32 * 1024 * 1024,
  /** Redirects on the same server that are followed. */
  redirects: 3,
  /** Requests of a rate limit's window that history leaves for people who want to answer now. */
  spare: 20,
  /** Pages that one pass follows forwards; after so many the rest comes with the next pass. */
  pages: 5000,
} as const

/** All in ms. */
export const times = {
  request: 30_000,
  media: 120_000,
  /** Between polls where there is no push. */
  poll: 120_000,
  /** With push, a whole pass at least this often: the stream does not tell what it did not tell. */
  pass: 15 * 60_000,
  /** How long likes and boosts are gathered before they are asked for. */
  gather: 20_000,
  /** The account's own figures, and what its server can do, are asked for again after this. */
  figures: 60 * 60_000,
  /** Pause after a rate limit that names no time: the window of Mastodon. */
  rate: 5 * 60_000,
  /** The longest time that a server's word for its rate limit is followed. */
  rateMost: 60 * 60_000,
  /** A connection of the stream that says nothing for so long is taken for dead. */
  silence: 60_000,
  /** Longest time that the server may take to process a file before its post is sent. */
  process: 120_000,
  /** Pause between questions whether it has. */
  processPause: 1000,
  /** For so long Mastodon surely remembers an `Idempotency-Key` (an hour, less what its clock may differ). */
  keyKept: 50 * 60_000,
} as const
