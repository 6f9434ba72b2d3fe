import { createSha256, portableEd25519, portableSha256 } from '#archive/portable.ts'
import { type BagIo, type FileHash, LineCutter, type Primitives } from '#archive/verify/io.ts'

/** A bag as a page is given it: files that were chosen or dropped. Paths begin at the bag. */
export type PageFiles = ReadonlyMap<string, File>

/** Read and hashed at a time. */
const PIECE_BYTES = 1 << 20

export function filesIo(files: PageFiles): BagIo {
  return {
    async *list() {
      yield [...files.keys()].map((path) => ({ path, file: true }))
    },
    async hash(path) {
      const file = files.get(path)
      return file === undefined ? null : await hashFile(file)
    },
    async read(path, limit) {
      const file = files.get(path)
      return file === undefined || file.size > limit ? null : new Uint8Array(await file.arrayBuffer())
    },
    async *lines(path) {
      const file = files.get(path)
      if (file === undefined) throw new Error(`There is no file ${path}.`)
      const cutter = new LineCutter()
      for (let start = 0; start < file.size; start += PIECE_BYTES) yield cutter.cut(await piece(file, start))
      yield cutter.end()
    },
  }
}

async function hashFile(file: File): Promise<FileHash> {
  if (file.size <= PIECE_BYTES) return { hex: portableSha256.hex(await piece(file, 0)), bytes: file.size }
  const hash = createSha256()
  for (let start = 0; start < file.size; start += PIECE_BYTES) hash.update(await piece(file, start))
  return { hex: hash.hex(), bytes: file.size }
}

async function piece(file: File, start: number): Promise<Uint8Array> {
  return new Uint8Array(await file.slice(start, start + PIECE_BYTES).arrayBuffer())
}

export function pagePrimitives(): Primitives {
  return { sha: portableSha256, ed25519: portableEd25519, subtle: crypto.subtle }
}

/** Files that were chosen with a folder: their paths begin with its name. */
export function chosenFiles(list: Iterable<File>): PageFiles {
  return atBag(new Map([...list].map((file) => [file.webkitRelativePath, file])))
}

/** Files in folders that were dropped. */
export async function droppedFiles(items: DataTransferItemList): Promise<PageFiles> {
  const files = new Map<string, File>()
  // The list is empty once the event is over, so that all are taken before the first is waited for.
  const entries = [...items].map((item) => item.webkitGetAsEntry())
  for (const entry of entries) if (entry !== null) await walk(entry, entry.name, files)
  return atBag(files)
}

async function walk(entry: FileSystemEntry, path: string, files: Map<string, File>): Promise<void> {
  if (isFolder(entry)) {
    const reader = entry.createReader()
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
      if (some.length === 0) return
      for (const inner of some) await walk(inner, `${path}/${inner.name}`, files)
    }
  }
  files.set(path, await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)))
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}

/** Somebody may choose the folder around the bag: the bag is where `bagit.txt` is nearest to the top. */
function atBag(files: ReadonlyMap<string, File>): PageFiles {
  const depth = (path: string) => path.split('/').length
  const [declaration] = [...files.keys()].filter((path) => /(^|\/)bagit\.txt$/.test(path)).sort((a, b) => depth(a) - depth(b))
  const [first = ''] = files.keys()
  const top = declaration === undefined ? first.slice(0, first.indexOf('/') + 1) : declaration.slice(0, -'bagit.txt'.length)
  return new Map([...files].filter(([path]) => path.startsWith(top)).map(([path, file]) => [path.slice(top.length), file]))
}
