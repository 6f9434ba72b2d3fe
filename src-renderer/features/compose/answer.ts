import type { ConversationRow, DraftWords, Message, Network, OutgoingKind, Party } from '#shared/model/index.ts'
import { writeRecipients } from './recipients.ts'
import { noWords } from './writing.ts'

/** What is written where one begins something new on a network. */
export function newKind(network: Network): OutgoingKind {
  if (network === 'mail') return 'mail'
  return network === 'sms' ? 'sms' : 'post'
}

/** What an answer to a message is. */
export function answerKind({ network, kind }: Message): OutgoingKind {
  if (network === 'mail') return 'mail'
  if (kind === 'sms') return 'sms'
  if (kind === 'direct') return 'direct'
  return kind === 'article' || kind === 'comment' ? 'comment' : 'reply'
}

/** The message that one answers: the newest of somebody else, or else the newest of all. Likes and the like are not answered. */
export function answered(messages: readonly Message[]): Message | null {
  const said = messages.filter(({ kind }) => kind !== 'act' && kind !== 'file')
  return said.findLast(({ direction }) => direction === 'inbound') ?? said.at(-1) ?? null
}

const MARKS = /^\s*(re|aw|sv|rv|réf|رد)\s*(\[\d+\])?\s*[:：]\s*/iu

/** `Re:` once, whatever stood there before. */
export function answerSubject(subject: string): string {
  let rest = subject
  while (MARKS.test(rest)) rest = rest.replace(MARKS, '')
  return `Re: ${rest.trim()}`
}

export interface AnswerOptions {
  message: Message
  /** Every address of the account itself. */
  own: string
  all: boolean
  /** The text of the message, and a line that says who wrote it and when; for mail. */
  quote: { text: string; intro: string } | null
  /** Of the identity, for mail. */
  signature: string
}

/** The words that an answer begins with. */
export function answerWords({ message, own, all, quote, signature }: AnswerOptions): DraftWords {
  const kind = answerKind(message)
  const mine = message.direction === 'outbound'
  const first = mine ? message.to : [message.from]
  const notOwn = (party: Party) => party.handle !== '' && party.handle.toLowerCase() !== own.toLowerCase()
  const to = all && !mine ? [...first, ...message.to.filter(notOwn)] : first
  const named = new Set(to.map(({ handle }) => handle.toLowerCase()))
  const cc = all ? message.cc.filter((party) => notOwn(party) && !named.has(party.handle.toLowerCase())) : []
  return {
    ...noWords,
    kind,
    subject: kind === 'mail' ? answerSubject(message.subject) : '',
    to: kind === 'mail' || kind === 'sms' || kind === 'direct' ? writeRecipients(to) : '',
    cc: kind === 'mail' ? writeRecipients(cc) : '',
    text: kind === 'mail' ? signed(signature) + (quote ? `\n\n${quote.intro}\n${quoted(quote.text)}` : '') : '',
  }
}

/** Room to write, and below it the signature behind the line that mail programs know it by (RFC 3676, section 4.3). */
export function signed(signature: string): string {
  return signature.trim() === '' ? '' : `\n\n-- \n${signature}`
}

/** Each line behind a `>`, as mail programs fold it. */
function quoted(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`.trimEnd()))
    .join('\n')
}

/** Whether there is anybody beside the one who is answered. */
export function hasOthers(row: ConversationRow, message: Message, own: string): boolean {
  if (row.network !== 'mail') return false
  const others = [...message.to, ...message.cc].filter(({ handle }) => handle.toLowerCase() !== own.toLowerCase())
  return others.length > (message.direction === 'outbound' ? 1 : 0)
}
