/** What a site's answers may be at most; each with its reason and a test at it and over it. */
export const limits = {
  /** Bytes of one answer: a page of `pageItems` long articles with their raw and their rendered text has 10 MB. */
  answerBytes: 32 * 1024 * 1024,
  /** Bytes of the page that is looked through for the way to the interface; it stands in the head. */
  pageBytes: 4 * 1024 * 1024,
  /** Items of a page: the most that WordPress gives. */
  pageItems: 100,
  /** Raw bytes in one batch, unless one article alone is larger. */
  batchBytes: 6 * 1024 * 1024,
  /** Pages read in one pass over a list of ids: 1,000,000 comments. A site that gives more goes on for ever. */
  pages: 10_000,
  /** Characters of an article or comment for search; a book's worth. The rest is in the kept bytes and is shown. */
  textChars: 500_000,
  /** Characters of a name or an address of a person. */
  partyChars: 320,
  /** Characters of a text that is sent. WordPress takes comments up to 65,525 bytes. */
  commentBytes: 65_525,
} as const

const minute = 60_000

/** Times, in ms. */
export const times = {
  request: 30_000,
  /** How far a pass reads back beyond what it knows: WordPress tells times in whole seconds. */
  overlap: 2000,
  /** How often all comments are read again: WordPress does not say when one was changed. */
  sweep: 24 * 60 * minute,
  /** After an own request without an answer: the site may still be taking it in, so its absence says nothing before. */
  settle: 10_000,
  /** How much the clocks may differ when something of our own is looked for. */
  clocks: 5 * minute,
  /** Pause after 403 and 404 of a site that was there before: a plugin in between, an update under way. */
  missing: 60 * minute,
} as const
