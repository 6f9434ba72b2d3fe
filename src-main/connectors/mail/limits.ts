/**
 * Every limit on what a mail server or a mail may make us do, with its reason. Mail is hostile input: a limit never drops
 * a message, it marks it `damaged` and keeps what could be read. Each has a test at the limit and one over it.
 */
export const limits = {
  /** Bytes of one header block that are read. Real ones with long trace and ARC chains stay under 100 KB. */
  headerBytes: 1024 * 1024,
  /** Header fields read from one block; a bomb of short fields costs per field. Real mail has under 200. */
  headerFields: 5000,
  /** Bytes of one field's value; a To of 5,000 recipients is about 250 KB. */
  fieldBytes: 512 * 1024,
  /** Addresses kept per field. Longer lists are mass mail, where the rest helps nobody and fills the database. */
  addresses: 2000,
  /** Characters of a subject, name, address or file name: they are shown in one line. */
  line: 2000,
  /** Message ids kept from References: first and newest. Real threads rarely exceed 50, and each is a row. */
  references: 50,
  /** Characters of one message id; RFC 5322 lines end at 998. */
  messageId: 998,
  /** Levels of multipart inside multipart. Real mail has under 10; the reader is iterative, so this bounds memory only. */
  depth: 256,
  /** Leaf parts, so attachments, of one mail. Each is a row of metadata. */
  parts: 20_000,
  /** Lines that begin with `--` looked at while searching for boundaries. */
  boundaryLines: 1_000_000,
  /** Characters of text kept for search and snippets. About 500 pages; what comes after is not what anyone looks for. */
  searchText: 1_000_000,
  /** Bytes of one text part that are decoded for showing; a window cannot show more at once. */
  textPartBytes: 16 * 1024 * 1024,
  /** Bytes of HTML turned into text for search. */
  htmlBytes: 4 * 1024 * 1024,
  /** Recipients read from a delivery report. Longer ones are of mass mail, where the first ones say it. */
  reported: 100,
  /** Messages inside messages that are read for search. */
  nestedMessages: 10,
  /** Bytes of one mail that are taken. Servers stop at 25 to 150 MB; beyond, only its header is kept and the rest named as damaged. */
  mailBytes: 150 * 1024 * 1024,
  /** Bytes asked for at once of mails not yet measured, so that a batch of large ones stays bounded. */
  firstPiece: 256 * 1024,
  /** Bytes asked for at once of a large mail. */
  piece: 4 * 1024 * 1024,
  /** Largest single literal that is taken from a server: a piece, with room for servers that ignore the partial range. */
  literal: 160 * 1024 * 1024,
  /** Longest line of a server's answer: a SEARCH of 5 million messages. */
  responseLine: 40 * 1024 * 1024,
  /** Messages asked for with one FETCH, and saved in one batch. */
  batchMessages: 500,
  /** Raw bytes saved in one batch, after which it is closed. */
  batchBytes: 8 * 1024 * 1024,
  /** Flag changes or removals saved in one batch. */
  batchMarks: 5000,
  /** Folders synced by default; an account with more names them itself. */
  folders: 500,
} as const
