import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '#ports/index.ts'

/** A log file may grow to this many bytes; then it is set aside. */
const MAX_FILE_BYTES = 2 * 1024 * 1024
/** Files set aside that are kept: `name.1.log` is the newest. */
const KEPT = 4
const MAX_TEXT = 2000

type Fields = Record<string, string | number | boolean | null>
type Level = 'debug' | 'info' | 'warn' | 'error'

/** A log that knows what it must not tell. */
export interface FileLog extends Log {
  /** From now on this value is left out of every entry. Short values are not: they would hide ordinary words. */
  hide(value: string): void
}

const secretName = /pass|secret|token|cookie|credential|authorization|^key$|apikey/i

/**
 * Writes JSON lines to `<data>/logs/<name>.log`, at most about 10 MB in all. Written at once, so that the last words before
 * a crash are there. `DISPATCH_LOG=debug` adds the debug entries.
 */
export function fileLog(options: { data: string; name: string; debug: boolean; now: () => number }): FileLog {
  const dir = join(options.data, 'logs')
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const file = join(dir, `${options.name}.log`)
  let size = sizeOf(file)
  const hidden = new Set<string>()

  function clean(name: string, value: Fields[string]): Fields[string] {
    if (secretName.test(name)) return '[hidden]'
    if (typeof value !== 'string') return value
    let text = value
    for (const secret of hidden) text = text.replaceAll(secret, '[hidden]')
    return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text
  }

  function write(level: Level, event: string, fields: Fields = {}): void {
    const safe = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, clean(name, value)]))
    const line = `${JSON.stringify({ at: new Date(options.now()).toISOString(), level, event, ...safe })}\n`
    const bytes = Buffer.byteLength(line)
    if (size + bytes > MAX_FILE_BYTES) {
      rotate(dir, options.name)
      size = 0
    }
    appendFileSync(file, line, { mode: 0o600 })
    size += bytes
  }

  return {
    debug: (event, fields) => {
      if (options.debug) write('debug', event, fields)
    },
    info: (event, fields) => write('info', event, fields),
    warn: (event, fields) => write('warn', event, fields),
    error: (event, fields) => write('error', event, fields),
    hide: (value) => {
      for (const part of parts(value)) if (part.length >= 6) hidden.add(part)
    },
  }
}

function rotate(dir: string, name: string): void {
  const aside = (index: number) => join(dir, `${name}.${index}.log`)
  for (let index = KEPT - 1; index >= 1; index--) if (sizeOf(aside(index)) > 0) renameSync(aside(index), aside(index + 1))
  renameSync(join(dir, `${name}.log`), aside(1))
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

/** A secret and, where it is JSON (OAuth tokens), each text in it; also as JSON and web addresses would write it. */
function parts(value: string): string[] {
  const found = [value]
  if (/^[[{]/.test(value)) {
    try {
      JSON.parse(value, (_, part: unknown) => {
        if (typeof part === 'string') found.push(part)
        return part
      })
    } catch {
      return [value]
    }
  }
  return [...new Set(found.flatMap((text) => [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text)]))]
}
