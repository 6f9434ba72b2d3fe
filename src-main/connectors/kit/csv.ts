/** One record of a CSV file (RFC 4180), with the bytes that it was read from. */
export interface CsvRecord {
  /** Fields without their quotation marks. */
  fields: string[]
  /** The record's exact bytes, without the line end. In memory of its own. */
  raw: Uint8Array
  /** Byte of the file at which the next record begins. */
  end: number
  /** A quotation mark was never closed, or the bytes are not in the encoding that they claim: what could be read is there. */
  damaged: boolean
}

export interface CsvOptions {
  /** A backslash before a quotation mark makes it part of the text, and `\\` stands for one backslash: what LinkedIn does in some files. */
  backslash?: boolean
}

/**
 * Bytes of one record. The longest honest ones hold an article of some 100 KB. Over: the quotation mark that was never
 * closed is taken for text, and each line for a record.
 */
export const CSV_RECORD_BYTES = 8 * 1024 * 1024

const QUOTE = 0x22
const COMMA = 0x2c
const CR = 0x0d
const LF = 0x0a
const BACKSLASH = 0x5c

/**
 * Reads a CSV file record by record, the header among them. Memory holds one record and one chunk. Blank lines are passed
 * over. A quotation mark inside a field that none of the rules explains is text.
 * @param bytes UTF-8 with or without a byte order mark; bytes that are not UTF-8 are read as Windows-1252
 */
export async function* readCsv(bytes: AsyncIterable<Uint8Array>, options: CsvOptions = {}): AsyncGenerator<CsvRecord> {
  const framer = new Framer(options)
  for await (const chunk of bytes) yield* framer.push(chunk)
  yield* framer.finish()
}

/** Fields of one record from its bytes alone. */
export function parseCsvRecord(raw: Uint8Array, options: CsvOptions = {}): { fields: string[]; damaged: boolean } {
  const { text, damaged } = decode(raw)
  const fields: string[] = []
  let open = false
  for (let at = 0; at <= text.length; ) {
    if (text[at] !== '"') {
      const comma = text.indexOf(',', at)
      const end = comma < 0 ? text.length : comma
      fields.push(text.slice(at, end))
      at = end + 1
      continue
    }
    let field = ''
    for (at++; ; at++) {
      const character = text[at]
      if (character === undefined) {
        open = true
        break
      }
      const next = text[at + 1]
      if (options.backslash && character === '\\' && (next === '"' || next === '\\')) field += text[++at]
      else if (character !== '"') field += character
      else if (next === '"') field += text[++at]
      else if (next === undefined || next === ',') break
      else field += character
    }
    fields.push(field)
    at += 2
  }
  return { fields, damaged: damaged || open }
}

/** UTF-8 where it is that, else Windows-1252: every byte means something there. */
function decode(raw: Uint8Array): { text: string; damaged: boolean } {
  try {
    return { text: utf8.decode(raw), damaged: false }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return { text: windows.decode(raw), damaged: true }
  }
}
const utf8 = new TextDecoder('utf-8', { fatal: true })
const windows = new TextDecoder('windows-1252')

/** Finds where records end. What is in `held` begins with the record that is being read. */
class Framer {
  private readonly options: CsvOptions
  private held = Buffer.alloc(0)
  /** How far `held` has been looked at. */
  private at = 0
  /** Byte of the file where `held` begins. */
  private offset = 0
  private quoted = false
  private fieldStart = true
  private first = true

  constructor(options: CsvOptions) {
    this.options = options
  }

  *push(chunk: Uint8Array): Generator<CsvRecord> {
    this.held = this.held.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.held, chunk])
    yield* this.scan(false)
  }

  *finish(): Generator<CsvRecord> {
    yield* this.scan(true)
    if (this.quoted) yield* this.asLines()
    else yield* this.record(this.held.length, this.held.length)
  }

  private *scan(last: boolean): Generator<CsvRecord> {
    if (!this.skipMark(last)) return
    // One byte more may be needed to say what a quotation mark or a backslash is.
    const ahead = last ? 0 : 1
    while (this.at < this.held.length - ahead) {
      const byte = this.held[this.at]
      if (this.quoted) {
        this.at += this.inQuotes(byte, this.held[this.at + 1])
        if (this.at > CSV_RECORD_BYTES) yield* this.asLines()
      } else if (byte === LF) {
        const stop = this.at > 0 && this.held[this.at - 1] === CR ? this.at - 1 : this.at
        yield* this.record(stop, this.at + 1)
      } else {
        this.quoted = this.fieldStart && byte === QUOTE
        this.fieldStart = byte === COMMA
        this.at++
        if (this.at > CSV_RECORD_BYTES) yield* this.record(this.at, this.at, true)
      }
    }
  }

  /** @returns how many bytes were understood. */
  private inQuotes(byte: number | undefined, next: number | undefined): number {
    if (this.options.backslash && byte === BACKSLASH && (next === QUOTE || next === BACKSLASH)) return 2
    if (byte !== QUOTE) return 1
    if (next === QUOTE) return 2
    if (next === undefined || next === COMMA || next === CR || next === LF) this.quoted = false
    return 1
  }

  /** A byte order mark belongs to no record. @returns whether it is known by now if there is one. */
  private skipMark(last: boolean): boolean {
    if (!this.first) return true
    if (this.held.length < 3 && !last) return false
    this.first = false
    if (this.held.length >= 3 && this.held.readUIntBE(0, 3) === 0xefbbbf) {
      this.held = this.held.subarray(3)
      this.offset = 3
    }
    return true
  }

  private *record(stop: number, next: number, damaged = false): Generator<CsvRecord> {
    const raw = new Uint8Array(this.held.subarray(0, stop))
    this.held = this.held.subarray(next)
    this.offset += next
    this.at = 0
    this.quoted = false
    this.fieldStart = true
    if (!raw.some((byte) => byte > 0x20)) return
    const parsed = parseCsvRecord(raw, this.options)
    yield { fields: parsed.fields, raw, end: this.offset, damaged: parsed.damaged || damaged }
  }

  /** What was looked at so far without finding the closing mark: each line by itself, so that one mark spoils one line only. */
  private *asLines(): Generator<CsvRecord> {
    for (let left = this.at; left > 0; ) {
      const newline = this.held.subarray(0, left).indexOf(LF)
      const stop = newline < 0 ? left : newline
      const end = stop > 0 && this.held[stop - 1] === CR ? stop - 1 : stop
      const next = newline < 0 ? left : newline + 1
      yield* this.record(end, next)
      left -= next
    }
  }
}
