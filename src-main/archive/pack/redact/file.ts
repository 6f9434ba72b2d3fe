import { hash } from 'node:crypto'
import { z } from 'zod'
import { ProblemError } from '#shared/model/index.ts'
import { fold } from './fold.ts'

const id = z.string().regex(/^[0-9]{1,16}$/, 'is the digits of an id')
const words = z.string().refine((text) => fold(text).trim() !== '', 'is empty')

export const RedactedField = z.enum(['from', 'to', 'subject', 'text', 'attachments'])
export type RedactedField = z.infer<typeof RedactedField>

const RedactionInFile = z
  .strictObject({
    /** One version of a message, or all of them. */
    record: id.optional(),
    message: id.optional(),
    /** Who decided, and why. Both stand in the pack. */
    by: words,
    reason: words,
    /** Words to black out wherever they stand in it. */
    find: words.optional(),
    /** Fields to black out as a whole; or everything. */
    fields: z.array(RedactedField).min(1).optional(),
    whole: z.literal(true).optional(),
  })
  .refine(({ record, message }) => (record === undefined) !== (message === undefined), 'names either a record or a message')
  .refine(
    ({ find, fields, whole }) => find !== undefined || fields !== undefined || whole !== undefined,
    'says what is blacked out: find, fields or whole',
  )

/** What is blacked out in one record or in all versions of a message. `line` is where it begins in its file. */
export type Redaction = z.infer<typeof RedactionInFile> & { line: number }

/** All redactions of one export. */
export class Redactions {
  /** Tells whether an export that was interrupted had the same. */
  readonly fingerprint: string
  /** Every word that is blacked out somewhere, folded. */
  readonly words: readonly string[]
  private readonly all: readonly Redaction[]
  private readonly byRecord = new Map<string, Redaction[]>()
  private readonly byMessage = new Map<string, Redaction[]>()

  constructor(all: readonly Redaction[]) {
    this.all = all
    this.fingerprint = hash('sha256', JSON.stringify(all), 'hex')
    this.words = [...new Set(all.flatMap(({ find }) => (find === undefined ? [] : [fold(find).trim()])))]
    for (const redaction of all) {
      if (redaction.record !== undefined) put(this.byRecord, redaction.record, redaction)
      if (redaction.message !== undefined) put(this.byMessage, redaction.message, redaction)
    }
  }

  get size(): number {
    return this.all.length
  }

  [Symbol.iterator](): Iterator<Redaction> {
    return this.all[Symbol.iterator]()
  }

  /** Those for one record; an empty list for one that stays whole. */
  of(record: string, message: string): readonly Redaction[] {
    const forRecord = this.byRecord.get(record)
    const forMessage = this.byMessage.get(message)
    return forRecord === undefined ? (forMessage ?? []) : forMessage === undefined ? forRecord : [...forRecord, ...forMessage]
  }
}

function put(map: Map<string, Redaction[]>, key: string, redaction: Redaction): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [redaction])
  else list.push(redaction)
}

/**
 * Reads a file of redactions: a JSON list of `{record | message, by, reason, find?, fields?, whole?}`.
 * @param path Named in the problem.
 * @throws `redactions_invalid` with the line.
 */
export function readRedactions(text: string, path: string): Redactions {
  const wrong = (line: number, detail: string, cause?: unknown) =>
    new ProblemError('redactions_invalid', { path, line, detail }, { cause })
  let json: unknown
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ' '))
  } catch (error) {
    throw wrong(faultyLine(text, error), 'this is not JSON', error)
  }
  if (!Array.isArray(json)) throw wrong(1, 'a list of redactions is expected')
  const starts = startsOf(text)
  const redactions = new Redactions(
    json.map((item: unknown, index) => {
      const line = lineAt(text, starts[index] ?? 0)
      const parsed = RedactionInFile.safeParse(item)
      if (parsed.success) return { ...parsed.data, line }
      const [issue] = parsed.error.issues
      throw wrong(line, [issue?.path.join('.'), issue?.message].filter((part) => part !== undefined && part !== '').join(': '))
    }),
  )
  for (const { by, reason, line } of redactions) {
    const shown = fold(`${by}\n${reason}`)
    if (redactions.words.some((word) => shown.includes(word))) {
      throw wrong(line, 'by or reason repeats words that are blacked out, and the pack shows both')
    }
  }
  return redactions
}

/** Where JSON ends to be JSON. The engine tells the place of most faults, but not of a character that may not stand there. */
function faultyLine(text: string, error: unknown): number {
  const message = error instanceof Error ? error.message : ''
  const lines = text.trimEnd().split('\n')
  const place = /position (\d+)/.exec(message)?.[1]
  if (place !== undefined) return Math.min(lineAt(text, Number(place)), lines.length)
  const first = lines.findIndex((_, index) => badToken(lines.slice(0, index + 1).join('\n')))
  return first < 0 ? lines.length : first + 1
}

function badToken(text: string): boolean {
  try {
    JSON.parse(text)
    return false
  } catch (error) {
    return error instanceof Error && error.message.startsWith('Unexpected token')
  }
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/** Where each item of the outermost list begins. The text is known to be JSON. */
function startsOf(text: string): number[] {
  const starts: number[] = []
  let depth = 0
  let fresh = false
  for (const { 0: mark, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},]|[^\s[\]{},":]+/gs)) {
    if (fresh && depth === 1 && mark !== ']') {
      starts.push(index)
      fresh = false
    }
    if (mark === '[' || mark === '{') {
      depth++
      if (depth === 1) fresh = true
    } else if (mark === ']' || mark === '}') depth--
    else if (mark === ',' && depth === 1) fresh = true
  }
  return starts
}
