import { type Attachment, type Direction, MessageKind, type Party } from '#shared/model/index.ts'
import { languageOf } from '#shared/text/language.ts'
import { hasStems, type Stemmed, stemOf } from '#shared/text/stem.ts'
import { tokensOf } from './tokens.ts'

/** What the index holds of a message: words by where they stand, and what never changes about it. */
export interface Doc {
  /** The message's id and slot. */
  id: number
  slot: number
  accountId: number
  /** Place in the list of kinds. */
  kind: number
  /** @see flag */
  flags: number
  language: string | null
  /** One text of words for each of `columns`. */
  texts: string[]
}

/**
 * Columns of the index. The text stands first because FTS5 stores a word's places in the first column with two bytes less. `peer`: whom
 * our own messages are for; `rcpt`: whom others' are for; `stem`: stems that differ from their word; `f`: tokens of what never changes.
 */
export const columns = ['body', 'subject', 'who', 'peer', 'rcpt', 'file', 'stem', 'f'] as const

/** Bits of `flags`. */
export const flag = { outbound: 1, attachment: 2, media: 4, link: 8 } as const

/** Longer texts are looked up by their beginning. */
const mostText = 1_000_000
const mostParties = 50
const mostFiles = 100
const link = /\bhttps?:\/\/|\bwww\.\w/i
const media = /^(?:image|video|audio)\//i

interface Searchable {
  kind: MessageKind
  direction: Direction
  from: Party
  to: Party[]
  cc: Party[]
  subject: string
  text: string
  attachments: Pick<Attachment, 'name' | 'mediaType' | 'inline'>[]
}

/** Tokens of the last column. They are never mixed with words: those are looked for in the others. */
export const token = {
  account: (id: number) => `a${id}`,
  direction: (direction: Direction) => (direction === 'outbound' ? 'dout' : 'din'),
  kind: (kind: MessageKind) => `k${kind}`,
  language: (language: string) => `l${language}`,
  has: (what: 'attachment' | 'media' | 'link') => `h${what}`,
}

/** What is to be found of a message. */
export function docOf(id: number, slot: number, accountId: number, message: Searchable): Doc {
  const text = message.text.length > mostText ? message.text.slice(0, mostText) : message.text
  const body = tokensOf(text)
  const subject = tokensOf(message.subject)
  const language = languageOf(`${message.subject}\n${text}`, [...subject, ...body.slice(0, 300)])
  const outbound = message.direction === 'outbound'
  const parties = tokensOf(partiesOf([...message.to, ...message.cc].slice(0, mostParties))).join(' ')
  const flags =
    (outbound ? flag.outbound : 0) |
    (message.attachments.some(({ inline }) => !inline) ? flag.attachment : 0) |
    (message.attachments.some(({ mediaType }) => media.test(mediaType)) ? flag.media : 0) |
    (link.test(text) ? flag.link : 0)
  const files = message.attachments.slice(0, mostFiles).map(({ name }) => name)
  return {
    id,
    slot,
    accountId,
    kind: MessageKind.options.indexOf(message.kind),
    flags,
    language,
    texts: [
      body.join(' '),
      subject.join(' '),
      tokensOf(partiesOf([message.from])).join(' '),
      outbound ? parties : '',
      outbound ? '' : parties,
      files.length > 0 ? tokensOf(files.join('\n')).join(' ') : '',
      hasStems(language) ? stemsOf(language, body, subject) : '',
      factTokens(accountId, message, flags, language),
    ],
  }
}

function partiesOf(parties: Party[]): string {
  return parties.map(({ name, handle }) => `${name} ${handle}`).join('\n')
}

/** Stems that differ from the word they are of, each once. */
function stemsOf(language: Stemmed, body: string[], subject: string[]): string {
  const stems = new Set<string>()
  for (const words of [subject, body])
    for (const word of words) {
      const stem = stemOf(language, word)
      if (stem !== word) stems.add(stem)
    }
  let text = ''
  for (const stem of stems) text += text === '' ? stem : ` ${stem}`
  return text
}

function factTokens(accountId: number, message: Searchable, flags: number, language: string | null): string {
  const tokens = [token.account(accountId), token.direction(message.direction), token.kind(message.kind)]
  if (language !== null) tokens.push(token.language(language))
  for (const what of ['attachment', 'media', 'link'] as const) if (flags & flag[what]) tokens.push(token.has(what))
  return tokens.join(' ')
}
