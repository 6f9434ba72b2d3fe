/**
 * What a feed may be at most. Feeds come from anyone, so each part has a limit; each limit has a test at it and over it.
 */
export const limits = {
  /** Bytes of a whole document. The largest honest feeds (full text, all years) are a few MB. Over: fault `too_large`. */
  documentBytes: 16 * 1024 * 1024,
  /** Items taken from one document, in its order (the newest come first). Over: the rest is left, and logged. */
  items: 10_000,
  /** Elements or JSON values inside each other. Real entries with XHTML text stay under 50. Over: fault `protocol`. */
  depth: 200,
  /** Characters of a title. It is one line in a list; what is cut is still in the kept bytes. */
  titleChars: 500,
  /** Characters of a person's name or address. */
  partyChars: 200,
  /** Characters in which a name and an address are looked for. */
  authorChars: 1_000,
  /** Characters of text for search and snippets; a book's worth. What is cut is still in the kept bytes and is shown. */
  textChars: 500_000,
  /** Characters of an address (item link, enclosure). Browsers take little more. Over: there is no link. */
  linkChars: 2_000,
  /** Characters of an item's own id that are kept as they are. Over: its hash stands for it. */
  idChars: 500,
  /** Enclosures of one item. A podcast has one, a gallery some dozens. Over: the rest is in the kept bytes only. */
  enclosures: 100,
  /** Elements of one item that are read: title, links, authors, files. Real ones have under 100. The rest is in the kept bytes only. */
  fields: 1_000,
  /** Elements inside each other that are read in an item: `entry > source > author > name`. */
  fieldDepth: 5,
  /** Namespaces with a prefix of the feed's own that are remembered with an item. */
  namespaces: 20,
  /** Addresses asked for one poll, with all redirects. Browsers stop at 20. */
  redirects: 10,
  /** Milliseconds for one request. */
  requestMs: 30_000,
  /** Bytes of a file that an item names, when a person opens it. Half of what one answer of the program may carry. */
  enclosureBytes: 64 * 1024 * 1024,
  /** Milliseconds for one such file: large ones come slowly, and a person watches. */
  enclosureMs: 5 * 60_000,
  /** Feeds named by one page. */
  candidates: 20,
  /** Bytes of a page that is searched for feeds; the links are in its head. */
  pageBytes: 4 * 1024 * 1024,
  /** Messages in one batch. */
  batchMessages: 500,
  /** Raw bytes in one batch, unless one item alone is larger. */
  batchBytes: 8 * 1024 * 1024,
} as const

const minute = 60_000

/** Bounds of times, in ms. */
export const times = {
  /** Longest pause between polls that a feed may ask for (ttl, sy, Cache-Control), unless the person chose a longer one. */
  longestHint: 6 * 60 * minute,
  /** Bounds of Retry-After: a server may not be asked at once, nor silence the account for good. */
  retryAtLeast: 10_000,
  retryAtMost: 24 * 60 * minute,
  /** Pause after 429 without Retry-After. */
  retryUnknown: 30 * minute,
  /** Pause after 404 and its like: such a feed seldom comes back within minutes. */
  missing: 60 * minute,
  /** How far in the future an item's own date is believed: clocks differ, and time zones are confused. */
  futureSlack: 24 * 60 * minute,
} as const
