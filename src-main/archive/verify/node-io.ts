import type * as NodeCrypto from 'node:crypto'
import type * as NodeFs from 'node:fs'
import { portableEd25519 } from '../portable.ts'
import { sha256Of } from '../sha256-crypto.ts'
import type { BagIo, BagItem, FileHash, Primitives } from './io.ts'
import { LineCutter } from './io.ts'

/** Node's modules, given and not imported, so that the same file can be loaded by a page. */
export interface NodeModules {
  fs: typeof NodeFs
  crypto: typeof NodeCrypto
}

/**
 * Read at a time. Most records are smaller: opened, read at once, closed. Strings of this size are short-lived memory for
 * the engine; much larger ones pile up before it clears them away.
 */
const PIECE_BYTES = 1 << 16

/** A bag in a folder. Reads synchronously: for many small files that takes a fraction of the time. */
export function folderIo({ fs, crypto }: NodeModules, root: string): BagIo {
  const piece = Buffer.alloc(PIECE_BYTES)
  const sha = sha256Of(crypto)

  /** Calls `each` with every piece of a file. */
  const readPieces = (path: string, each: (bytes: Buffer, last: boolean) => void) => {
    const handle = fs.openSync(`${root}/${path}`, 'r')
    try {
      for (;;) {
        const count = fs.readSync(handle, piece, 0, PIECE_BYTES, null)
        // Less than was asked for is the end of a file.
        each(piece.subarray(0, count), count < PIECE_BYTES)
        if (count < PIECE_BYTES) return
      }
    } finally {
      fs.closeSync(handle)
    }
  }

  const hash = (path: string): FileHash => {
    let bytes = 0
    let hex = ''
    let long: NodeCrypto.Hash | null = null
    readPieces(path, (part, last) => {
      bytes += part.length
      if (last && long === null) hex = sha.hex(part)
      else {
        long ??= crypto.createHash('sha256')
        long.update(part)
        if (last) hex = long.digest('hex')
      }
    })
    return { hex, bytes }
  }

  return {
    async *list() {
      yield* walk(fs, root, '')
    },
    hash: (path) => orNull(() => hash(path)),
    async read(path, limit) {
      const size = orNull(() => fs.statSync(`${root}/${path}`).size)
      return size === null || size > limit ? null : orNull(() => fs.readFileSync(`${root}/${path}`))
    },
    async *lines(path) {
      const cutter = new LineCutter()
      const handle = fs.openSync(`${root}/${path}`, 'r')
      try {
        for (let count = 1; count > 0; ) {
          count = fs.readSync(handle, piece, 0, PIECE_BYTES, null)
          yield cutter.cut(piece.subarray(0, count))
        }
        yield cutter.end()
      } finally {
        fs.closeSync(handle)
      }
    },
  }
}

/** A folder at a time: bags have many files, and few in each. */
function* walk(fs: typeof NodeFs, root: string, folder: string): Iterable<BagItem[]> {
  const items: BagItem[] = []
  const folders: string[] = []
  for (const entry of fs.readdirSync(folder === '' ? root : `${root}/${folder}`, { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) folders.push(path)
    else items.push({ path, file: entry.isFile() })
  }
  yield items
  for (const inner of folders) yield* walk(fs, root, inner)
}

/** Null for what the file system refuses; any other error is one of this program. */
function orNull<Value>(read: () => Value): Value | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return null
    throw error
  }
}

export function nodePrimitives({ crypto }: Pick<NodeModules, 'crypto'>): Primitives {
  return { sha: sha256Of(crypto), ed25519: portableEd25519, subtle: crypto.webcrypto.subtle }
}
