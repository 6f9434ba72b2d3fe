import type { JsonValue } from './json.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const COMMA = 0x2c
const COLON = 0x3a
const SEMICOLON = 0x3b
/** Bytes before the first bracket that are passed over: an assignment to a variable. */
const MOST_PREFIX = 1000

/** Kinds of bytes inside a value: 1 opens, 2 closes, 3 begins a string, 0 anything else. */
const kinds = new Uint8Array(256)
kinds[OPEN_LIST] = kinds[OPEN_OBJECT] = 1
kinds[CLOSE_LIST] = kinds[CLOSE_OBJECT] = 2
kinds[QUOTE] = 3

/** An object or list that was gone into. */
interface Level {
  list: boolean
  /** Where it is: the member that comes next or is being read. */
  at: string | number
  /** What may come now. */
  expects: 'member' | 'key' | 'colon' | 'value' | 'comma'
}

/**
 * The reader behind `readJson`: takes bytes in pieces and gives values. It holds no more than one value and one piece, and looks at no
 * byte twice. It finds where values end; whether they are right inside is for whoever parses them.
 */
export class JsonWalk {
  /** Why it cannot go on: `cut` or `syntax`. */
  fault: string | null = null
  /** Values that were larger than may be. */
  skipped = 0
  readonly #enter: (path: readonly (string | number)[]) => boolean
  readonly #mostBytes: number
  readonly #mostDepth: number
  readonly #levels: Level[] = []
  #buffer: Buffer = Buffer.alloc(0)
  #pos = 0
  #ended = false
  #begun = false
  #done = false
  /** Of the value that is being scanned: where it begins, how far it was looked at. */
  #start = -1
  #depth = 0
  #deepest = 0
  #inString = false
  #isKey = false
  /** It is too large to be held: only its end is looked for. */
  #dropping = false

  constructor(enter: (path: readonly (string | number)[]) => boolean, mostBytes: number, mostDepth: number) {
    this.#enter = enter
    this.#mostBytes = mostBytes
    this.#mostDepth = mostDepth
  }

  feed(piece: Uint8Array): void {
    if (this.#start >= 0 && this.#pos - this.#start > this.#mostBytes) this.#dropping = true
    let from = this.#start >= 0 && !this.#dropping ? this.#start : this.#pos
    // How many there are decides whether a quote that follows ends the string.
    if (this.#dropping) while (from > this.#start && this.#buffer[from - 1] === BACKSLASH) from--
    const rest = this.#buffer.subarray(from)
    this.#buffer =
      rest.length === 0 ? Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength) : Buffer.concat([rest, piece])
    this.#pos -= from
    if (this.#start >= 0) this.#start = 0
  }

  end(): void {
    this.#ended = true
  }

  /** The next value that is whole; null when more bytes are needed, or there is a fault, or it is over. */
  next(): JsonValue | null {
    while (this.fault === null) {
      if (this.#start >= 0) {
        if (!this.#scan()) return this.#starved()
        const value = this.#finish()
        if (value) return value
        continue
      }
      if (!this.#step()) return this.#starved()
    }
    return null
  }

  #starved(): null {
    if (this.#ended && this.fault === null && !this.#done) this.fault = 'cut'
    return null
  }

  /** Takes one structural byte, or begins a value. @returns false when more bytes are needed. */
  #step(): boolean {
    if (!this.#skipBlanks()) return false
    const byte = this.#buffer[this.#pos] as number
    if (this.#done) {
      if (byte === SEMICOLON) this.#pos++
      else this.fault = 'syntax'
      return true
    }
    const level = this.#levels.at(-1)
    if (!level) this.#outermost(byte)
    else this.#inside(level, byte)
    return true
  }

  #outermost(byte: number): void {
    if (byte === OPEN_LIST || byte === OPEN_OBJECT) this.#begin(byte)
    else if (this.#begun || this.#pos >= MOST_PREFIX) this.fault = 'syntax'
    else this.#pos++
  }

  #inside(level: Level, byte: number): void {
    const closing = level.list ? CLOSE_LIST : CLOSE_OBJECT
    const mayClose = level.expects === 'comma' || level.expects === 'member'
    if (byte === closing && mayClose) {
      this.#pos++
      this.#leave()
    } else if (level.expects === 'comma' && byte === COMMA) {
      this.#pos++
      if (typeof level.at === 'number') level.at++
      level.expects = level.list ? 'value' : 'key'
    } else if (level.expects === 'colon' && byte === COLON) {
      this.#pos++
      level.expects = 'value'
    } else if (!level.list && (level.expects === 'member' || level.expects === 'key')) {
      if (byte === QUOTE) this.#begin(byte, true)
      else this.fault = 'syntax'
    } else if (level.expects === 'value' || level.expects === 'member') this.#begin(byte)
    else this.fault = 'syntax'
  }

  /** At the first byte of a value: goes into it, or begins to look for its end. */
  #begin(byte: number, isKey = false): void {
    this.#begun = true
    const isList = byte === OPEN_LIST
    if (!isKey && (isList || byte === OPEN_OBJECT) && this.#enter(this.#path())) {
      this.#pos++
      this.#levels.push({ list: isList, at: isList ? 0 : '', expects: 'member' })
      return
    }
    if (byte === COMMA || byte === COLON || kinds[byte] === 2) {
      this.fault = 'syntax'
      return
    }
    this.#start = this.#pos
    this.#depth = 0
    this.#deepest = 0
    this.#inString = false
    this.#isKey = isKey
    this.#dropping = false
  }

  #leave(): void {
    this.#levels.pop()
    const level = this.#levels.at(-1)
    if (level) level.expects = 'comma'
    else this.#done = true
  }

  #path(): (string | number)[] {
    return this.#levels.map(({ at }) => at)
  }

  #skipBlanks(): boolean {
    const buffer = this.#buffer
    let pos = this.#pos
    while (pos < buffer.length && ((buffer[pos] as number) <= 0x20 || (!this.#begun && (buffer[pos] as number) >= 0x80))) pos++
    this.#pos = pos
    return pos < buffer.length
  }

  /** Looks for the end of the value. @returns false when more bytes are needed. */
  #scan(): boolean {
    const buffer = this.#buffer
    let pos = this.#pos
    let depth = this.#depth
    for (;;) {
      if (this.#inString) {
        const end = closingQuote(buffer, pos, this.#start)
        pos = end < 0 ? buffer.length : end + 1
        if (end < 0) break
        this.#inString = false
        if (depth === 0) return this.#ends(pos)
        continue
      }
      if (pos >= buffer.length) break
      const byte = buffer[pos] as number
      const kind = kinds[byte] as number
      if (kind === 0) {
        if (depth === 0 && (byte === COMMA || byte <= 0x20)) return this.#ends(pos)
        pos++
      } else if (kind === 3) {
        this.#inString = true
        pos++
      } else if (kind === 1) {
        depth++
        pos++
        if (depth > this.#deepest) this.#deepest = depth
      } else {
        // A number or word ends where what holds it does.
        if (depth === 0) return this.#ends(pos)
        depth--
        pos++
        if (depth === 0) return this.#ends(pos)
      }
    }
    this.#depth = depth
    this.#pos = pos
    return false
  }

  #ends(pos: number): true {
    this.#pos = pos
    return true
  }

  /** Takes the value that was scanned. @returns null when it was a key or too large. */
  #finish(): JsonValue | null {
    const tooLarge = this.#dropping || this.#pos - this.#start > this.#mostBytes
    const bytes = this.#buffer.subarray(this.#start, this.#pos)
    this.#start = -1
    const level = this.#levels.at(-1)
    if (level && this.#isKey) {
      level.at = tooLarge ? '' : keyOf(bytes)
      level.expects = 'colon'
      return null
    }
    const path = this.#path()
    if (level) level.expects = 'comma'
    else this.#done = true
    if (tooLarge) {
      this.skipped++
      return null
    }
    return { path, bytes: Buffer.from(bytes), deep: this.#deepest > this.#mostDepth }
  }
}

/** Place of the quote that ends a string; -1 when it is not in the buffer. A quote after an odd number of backslashes belongs to it. */
function closingQuote(buffer: Buffer, from: number, start: number): number {
  for (let at = buffer.indexOf(QUOTE, from); at >= 0; at = buffer.indexOf(QUOTE, at + 1)) {
    let before = at - 1
    while (before >= start && buffer[before] === BACKSLASH) before--
    if ((at - 1 - before) % 2 === 0) return at
  }
  return -1
}

function keyOf(bytes: Uint8Array): string {
  try {
    return String(JSON.parse(new TextDecoder().decode(bytes)))
  } catch (error) {
    if (error instanceof SyntaxError) return ''
    throw error
  }
}
