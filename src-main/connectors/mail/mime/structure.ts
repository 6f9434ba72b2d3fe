import { limits } from '../limits.ts'
import { type HeaderBlock, type Parameters, readHeaders, readParameters } from './header.ts'

/** A part that holds content, not other parts. Offsets are into the whole mail. */
export interface Leaf {
  type: Parameters
  disposition: Parameters
  encoding: string
  contentId: string | null
  start: number
  end: number
  /** Innermost `multipart/alternative` around it (a number that names it), or null: only one text of those is read. */
  alternative: number | null
  /** Inside a `multipart/related`: a picture of the text. */
  related: boolean
}

export interface Structure {
  headers: HeaderBlock
  leaves: Leaf[]
  damaged: boolean
}

interface Open {
  boundary: string
  alternative: number | null
  related: boolean
  digest: boolean
}

/**
 * Finds the parts of a mail (RFC 2046 section 5.1) without copying or decoding. Iterative, one native search from
 * boundary to boundary, so neither nesting nor size costs more than a scan. Missing end marks, missing boundaries and
 * text between parts are tolerated as other mail programs do.
 */
export function readStructure(bytes: Buffer, start: number, end: number): Structure {
  const headers = readHeaders(bytes, start, end)
  const leaves: Leaf[] = []
  const open: Open[] = []
  const byBoundary = new Map<string, number>()
  // a part may begin with an empty line and so have no header, a mail may not
  let damaged = headers.damaged || (end > start && headers.bodyAt <= start + 2)
  let alternatives = 0

  /** Begins a part whose headers are read: a multipart is opened, a leaf noted; @returns the leaf. */
  const begin = (block: HeaderBlock): Leaf | null => {
    const parent = open.at(-1)
    const type = readParameters(block.fields.get('content-type'))
    if (type.value === '' && parent?.digest) type.value = 'message/rfc822'
    const boundary = type.params.get('boundary')?.trimEnd()
    if (type.value.startsWith('multipart/') && boundary !== undefined && boundary !== '' && open.length < limits.depth) {
      open.push({
        boundary,
        alternative: type.value === 'multipart/alternative' ? alternatives++ : (parent?.alternative ?? null),
        related: type.value === 'multipart/related' || (parent?.related ?? false),
        digest: type.value === 'multipart/digest',
      })
      byBoundary.set(boundary, open.length - 1)
      return null
    }
    if (type.value.startsWith('multipart/')) damaged = true
    if (leaves.length >= limits.parts) {
      damaged = true
      return null
    }
    const leaf: Leaf = {
      type,
      disposition: readParameters(block.fields.get('content-disposition')),
      encoding:
        (block.fields.get('content-transfer-encoding') ?? '')
          .trim()
          .toLowerCase()
          .split(/[\s;(]/, 1)[0] ?? '',
      contentId: block.fields.get('content-id') ?? null,
      start: block.bodyAt,
      end,
      alternative: parent?.alternative ?? null,
      related: parent?.related ?? false,
    }
    leaves.push(leaf)
    return leaf
  }

  let current = begin(headers)
  if (open.length === 0) return { headers, leaves, damaged }

  let lines: number = limits.boundaryLines
  let at = headers.bodyAt
  // the first boundary may stand on the body's first line
  let dashes = bytes[at] === 0x2d && bytes[at + 1] === 0x2d ? at : nextDashes(bytes, at)
  let closedRoot = false
  while (dashes !== -1 && dashes < end && open.length > 0) {
    if (lines-- === 0) {
      damaged = true
      break
    }
    const newline = bytes.indexOf(0x0a, dashes)
    const lineEnd = newline === -1 || newline > end ? end : newline
    at = Math.min(lineEnd + 1, end)
    const found =
      lineEnd - dashes > MAX_BOUNDARY_LINE ? null : match(bytes.toString('latin1', dashes + 2, lineEnd).trimEnd(), byBoundary)
    if (found !== null) {
      if (current !== null) current.end = Math.max(current.start, partEnd(bytes, dashes))
      current = null
      while (open.length - 1 > found.level) {
        const gone = open.pop() as Open
        forget(byBoundary, open, gone)
      }
      if (found.close) {
        forget(byBoundary, open, open.pop() as Open)
        closedRoot = open.length === 0
      } else {
        const block = readHeaders(bytes, at, end)
        // a part without headers begins with an empty line; one without that too is damaged but readable
        if (block.damaged) damaged = true
        // the boundary may follow at once, before any empty line: then there is no body
        const early = nextBoundary(bytes, at, block.bodyAt, byBoundary)
        if (early !== -1) {
          block.bodyAt = early
          damaged = true
        }
        current = begin(block)
        at = block.bodyAt
        if (bytes[at] === 0x2d && bytes[at + 1] === 0x2d && (at === 0 || bytes[at - 1] === 0x0a)) {
          dashes = at
          continue
        }
      }
    }
    dashes = nextDashes(bytes, Math.max(at - 1, 0))
  }
  if (!closedRoot && leaves.length === 0) {
    // a multipart in which no boundary was ever found: show its body as it is
    damaged = true
    leaves.push({
      type: { value: 'text/plain', params: new Map() },
      disposition: { value: '', params: new Map() },
      encoding: '',
      contentId: null,
      start: headers.bodyAt,
      end,
      alternative: null,
      related: false,
    })
  }
  if (!closedRoot) damaged = true
  return { headers, leaves, damaged }
}

/** RFC 2046 allows 70 characters; some programs write more. */
const MAX_BOUNDARY_LINE = 1000

function nextDashes(bytes: Buffer, from: number): number {
  const at = bytes.indexOf('\n--', from, 'latin1')
  return at === -1 ? -1 : at + 1
}

function match(line: string, byBoundary: Map<string, number>): { level: number; close: boolean } | null {
  const level = byBoundary.get(line)
  if (level !== undefined) return { level, close: false }
  if (!line.endsWith('--')) return null
  const closing = byBoundary.get(line.slice(0, -2))
  return closing === undefined ? null : { level: closing, close: true }
}

/** A boundary line inside what was taken for headers, or -1. */
function nextBoundary(bytes: Buffer, from: number, to: number, byBoundary: Map<string, number>): number {
  let at = bytes[from] === 0x2d && bytes[from + 1] === 0x2d ? from : nextDashes(bytes.subarray(0, to), Math.max(from - 1, 0))
  while (at !== -1 && at < to) {
    const newline = bytes.indexOf(0x0a, at)
    const lineEnd = newline === -1 ? to : Math.min(newline, to)
    if (lineEnd - at <= MAX_BOUNDARY_LINE && match(bytes.toString('latin1', at + 2, lineEnd).trimEnd(), byBoundary) !== null)
      return at
    at = nextDashes(bytes.subarray(0, to), lineEnd)
  }
  return -1
}

/** Drops a closed multipart's boundary; an outer one of the same name counts again. */
function forget(byBoundary: Map<string, number>, open: Open[], gone: Open): void {
  byBoundary.delete(gone.boundary)
  const outer = open.findLastIndex((one) => one.boundary === gone.boundary)
  if (outer !== -1) byBoundary.set(gone.boundary, outer)
}

/** The line end before a boundary belongs to the boundary. */
function partEnd(bytes: Buffer, dashes: number): number {
  let end = dashes
  if (end > 0 && bytes[end - 1] === 0x0a) end--
  if (end > 0 && bytes[end - 1] === 0x0d) end--
  return end
}
