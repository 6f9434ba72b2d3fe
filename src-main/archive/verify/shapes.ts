import type { Manifest, MediaManifest } from '../commitment.ts'
import type { KeyLine, PackInfo, PackLedger, RecordLine } from '../formats.ts'

/**
 * Reads the JSON of a pack without anything that a single file would have to bring along. What these accept is what the
 * schemas of formats.ts accept; a test holds them against each other. Only whether the hashes of a proof are base64 is left
 * to whoever decodes them: there are more of them than of everything else.
 */

type Members = Record<string, unknown>

/** An object out of JSON; null for anything else. */
export function readObject(text: string): Members | null {
  try {
    return asObject(JSON.parse(text))
  } catch {
    return null
  }
}

function asObject(value: unknown): Members | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : null
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
const isHash = (value: unknown): value is string => isText(value) && /^[A-Za-z0-9+/]{43}=$/.test(value)
const isStep = (value: unknown): boolean => isText(value) && value.length === 44
const isId = (value: unknown): value is string => isText(value) && /^[0-9]{1,16}$/.test(value)
const isList = (value: unknown, each: (item: unknown) => boolean): boolean => Array.isArray(value) && value.every(each)
const isRedaction = (value: unknown): boolean => {
  const found = asObject(value)
  return found !== null && isText(found['by']) && isText(found['reason'])
}

export function readRecordLine(text: string): RecordLine | null {
  const line = readObject(text)
  if (line === null || !isText(line['entry']) || !isCount(line['seq']) || !isList(line['proof'], isStep)) return null
  if (!isList(line['redactions'], isRedaction)) return null
  const { file, manifest, salt } = line
  const whole = isText(file) && isText(manifest) && isHash(salt)
  const redacted = file === null && manifest === null && salt === null
  // A record is whole, or nothing of it is there but its entry.
  const listed = (line['redactions'] as unknown[]).length > 0
  return (whole && !listed) || (redacted && listed) ? (line as unknown as RecordLine) : null
}

export function readKeyLine(text: string): KeyLine | null {
  const line = readObject(text)
  if (line === null || !isText(line['entry']) || !isCount(line['seq']) || !isList(line['proof'], isStep)) return null
  return line as unknown as KeyLine
}

/** What of a manifest a verifier looks at. */
export type KnownManifest = Pick<
  Manifest,
  'account' | 'identity' | 'message' | 'network' | 'origin' | 'record' | 'version' | 'sha256' | 'media'
>

export function readManifest(text: string): KnownManifest | null {
  const found = readObject(text)
  if (found === null || !isText(found['sha256']) || !isList(found['media'], isMedia)) return null
  return found as unknown as KnownManifest
}

function isMedia(value: unknown): value is MediaManifest {
  const found = asObject(value)
  return found !== null && isText(found['sha256']) && /^[0-9a-f]{64}$/.test(found['sha256'])
}

export function readPack(text: string): PackInfo | null {
  const pack = readObject(text)
  if (pack === null || pack['v'] !== 1 || !isCount(pack['records']) || !isCount(pack['redacted'])) return null
  const words = ['id', 'office', 'madeAt', 'madeBy', 'program', 'query']
  if (!words.every((name) => isText(pack[name])) || !isList(pack['coverage'], (row) => asObject(row) !== null)) return null
  return isList(pack['ledgers'], isLedger) ? (pack as unknown as PackInfo) : null
}

function isLedger(value: unknown): value is PackLedger {
  const found = asObject(value)
  if (found === null || !isId(found['ledger']) || typeof found['entries'] !== 'boolean') return false
  const place = (name: string) => found[name] === null || isCount(found[name])
  const counts = isCount(found['records']) && isCount(found['size']) && place('first') && place('last')
  return counts && isHash(found['root']) && isText(found['identity']) && isText(found['voice'])
}
