import type { Connector, IncomingMessage } from '#connectors/connector.ts'
import type { Clock, Http } from '#ports/index.ts'

/** A message as the kit puts it on the network. The subject names it: no two have the same. */
export interface KitMessage {
  subject: string
  text: string
  at: Date
}

/** How the network fails a request in passing. */
export type PassingFault =
  /** It answers that it cannot now (HTTP 500, NO, a 4xx of SMTP). */
  | 'error'
  /** It takes the connection and closes it without a word. */
  | 'closed'
  /** It closes the connection in the middle of an answer that carries messages. */
  | 'cut'

/**
 * A network that does what it is told: a real server behind a proxy, or a small one on loopback. A fault that was asked
 * for meets the next request (or login, where the network has connections) and the ones after it, as many as told.
 */
export interface KitNetwork<Settings> {
  settings: Settings
  secret: string | null
  /** Ports to use instead of the computer's own, e.g. with shorter limits of time. */
  http?: Http
  clock?: Clock
  put(messages: KitMessage[]): Promise<void>
  /** Shows a message that is there a second time (two copies in a feed, a mail in two folders). */
  duplicate(subject: string): Promise<void>
  /** Changes a message in place. Needed with the capability `edits`. */
  edit?(subject: string, text: string): Promise<void>
  /** Takes a message away. */
  remove(subject: string): Promise<void>
  /** Subjects that the network has now. */
  list(): Promise<string[]>
  /**
   * Asks the next request to come back in so many seconds. Resolves with whether the network's answer can say how many;
   * where it cannot (IMAP), the connector chooses a pause.
   */
  rateLimit(seconds: number): Promise<boolean>
  /** Refuses whoever comes (wrong password, HTTP 401) until told otherwise. */
  refuse(on: boolean): Promise<void>
  fail(times: number, how: PassingFault): Promise<void>
  /** Answers once with bytes that follow no rule. */
  garbage(): Promise<void>
  /** Answers once with more than any client should take. */
  huge(): Promise<void>
  /** Takes requests and does not answer, until told otherwise; what was left waiting is closed then. */
  stall(on: boolean): Promise<void>
  stop(): Promise<void>
}

/** How a connector meets the kit. */
export interface KitDriver<Settings> {
  connector: Connector<Settings>
  /** How many small messages make at least three batches. */
  several: number
  /** What the kit's subject has become, where the network knows no subjects. */
  called?: (message: IncomingMessage) => string
  /** A new network with an empty account. */
  start(): Promise<KitNetwork<Settings>>
}
