/** What a gateway's answers may be at most; each with its reason and two tests. Gateways are chosen by a person, their answers come from anyone. */
export const limits = {
  /** Bytes of one answer: a page of `pageItems` messages of 1,600 characters with everything that is said of them has 3 MB. */
  answerBytes: 16 * 1024 * 1024,
  /** Messages of a page: the most that the Android gateway gives, and what one batch holds easily. Twilio gives up to 1,000. */
  pageItems: 500,
  /** Characters of a text that is read: concatenation ends at 255 parts of 153 characters (3GPP TS 23.040). The rest is in the kept bytes. */
  textChars: 40_000,
  /** Characters of one side's number or name. */
  partyChars: 100,
  /** Files of one message; Twilio knows ten. The rest is told in the kept bytes only. */
  media: 10,
  /** Bytes of one file. Carriers stop at 5 MB. */
  mediaBytes: 16 * 1024 * 1024,
  /** Characters of a text that is sent: what Twilio takes. */
  sendChars: 1600,
  /** Segments of a text that is sent: 1,600 characters are 11, and in UCS-2 that is 737 characters. */
  sendSegments: 11,
  /** Bytes of a request that the listener takes: an address line with a text of 40 KB, each byte written as three. */
  requestBytes: 256 * 1024,
  /** Messages that wait in the listener for the next pass; who sends more is asked to come again. */
  waiting: 1000,
} as const

const minute = 60_000

/** Times, in ms. */
export const times = {
  /** One request. */
  request: 30_000,
  /** One file of a message. */
  media: 60_000,
  /** How far a pass reads back beyond what it knows: lists are not told in the very order in which messages became visible. */
  overlap: 60 * minute,
  /** How long an own message is asked for until it has arrived or failed. Carriers give up after 72 hours. */
  open: 72 * 60 * minute,
  /** After an own request without an answer: the gateway may still be taking it in, so its absence says nothing before. */
  settle: 10_000,
  /** How much the clocks may differ when an own message is looked for. */
  clocks: 5 * minute,
  /** How long a delivery report waits for the message that it is about. */
  report: minute,
} as const
