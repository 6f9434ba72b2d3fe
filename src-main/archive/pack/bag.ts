import { hash } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { bagDeclaration, packPaths } from '../pack-paths.ts'
import { AppendFile, writeAll } from './append.ts'
import type { SmallFiles } from './small-files.ts'

/** Makes sure that a folder's names are on the disk. Windows cannot, and need not. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** How far a bag is, as the journal keeps it. */
export interface BagState {
  /** Payload so far: bytes and files. */
  octets: number
  files: number
  /** Size of the payload manifest. */
  manifest: number
  /** Files that still grow, by their path in the bag, with their size. */
  growing: Record<string, number>
}

const lastFolders = 8

/**
 * A BagIt bag (RFC 8493, version 1.0) that is being written. Payload files go into the manifest as soon as they are whole; the
 * ones that grow are added when they end. Paths are ASCII with `/`, relative to the bag.
 */
export class Bag {
  readonly root: string
  private octets = 0
  private files = 0
  private closed = false
  private readonly manifest: AppendFile
  private readonly small: SmallFiles
  private readonly growing = new Map<string, AppendFile>()
  /** Folders that are there for certain; a few suffice, because files come in order. */
  private readonly folders: string[] = []

  private constructor(root: string, manifest: AppendFile, small: SmallFiles) {
    this.root = root
    this.manifest = manifest
    this.small = small
  }

  static create(root: string, small: SmallFiles): Bag {
    mkdirSync(root, { recursive: true })
    return new Bag(root, AppendFile.create(join(root, packPaths.manifest)), small)
  }

  /** Goes on where the journal says. @returns null when what it speaks of is not there any more. */
  static async resume(root: string, state: BagState, small: SmallFiles): Promise<Bag | null> {
    const open = (path: string, size: number) => AppendFile.resume(join(root, path), size)
    const manifest = open(packPaths.manifest, state.manifest)
    if (manifest === null) return null
    const bag = new Bag(root, manifest, small)
    bag.octets = state.octets
    bag.files = state.files
    for (const [path, size] of Object.entries(state.growing)) {
      const file = open(path, size)
      if (file === null) {
        await bag.abandon()
        return null
      }
      bag.growing.set(path, file)
    }
    return bag
  }

  /** Writes everything that was gathered, so that the state may be kept. */
  async settle(): Promise<BagState> {
    await this.small.settle()
    if (!this.closed) this.manifest.flush()
    for (const file of this.growing.values()) file.flush()
    const growing = Object.fromEntries([...this.growing].map(([path, file]) => [path, file.size]))
    return { octets: this.octets, files: this.files, manifest: this.manifest.size, growing }
  }

  get size(): number {
    return [...this.growing.values()].reduce((sum, file) => sum + file.size, this.octets)
  }

  /** Absolute path of a file; its folder is there. */
  place(path: string): string {
    const folder = dirname(path)
    if (!this.folders.includes(folder)) {
      mkdirSync(join(this.root, folder), { recursive: true })
      this.folders.unshift(folder)
      this.folders.length = Math.min(this.folders.length, lastFolders)
    }
    // By hand: `join` would cost as much as the rest of this.
    return `${this.root}/${path}`
  }

  /** A whole payload file. A small one is on the disk after `settle`. @returns its SHA-256 in hex. */
  put(path: string, bytes: Uint8Array): string {
    if (!this.small.add(this.place(path), bytes)) this.write(path, bytes)
    const sha256 = hash('sha256', bytes, 'hex')
    this.count(path, bytes.length, sha256)
    return sha256
  }

  /** A payload file that was written elsewhere, into its `place`. */
  count(path: string, size: number, sha256: string): void {
    this.octets += size
    this.files++
    this.manifest.text(`${sha256}  ${path}\n`)
  }

  /** A payload file that grows; made when it is first asked for. @param first What it begins with. */
  grow(path: string, first = ''): AppendFile {
    const open = this.growing.get(path)
    if (open !== undefined) return open
    const file = AppendFile.create(this.place(path))
    this.growing.set(path, file)
    file.text(first)
    return file
  }

  has(path: string): boolean {
    return this.growing.has(path)
  }

  /** Ends a file that grew. */
  end(path: string): void {
    const file = this.growing.get(path)
    if (file === undefined) return
    this.growing.delete(path)
    const sha256 = file.finish()
    this.count(path, file.size, sha256)
  }

  /**
   * Ends what still grows and writes the tag files: `bagit.txt`, `bag-info.txt`, the given ones, and the manifests.
   * @param info Lines of `bag-info.txt` (RFC 8493 section 2.2.2).
   * @returns the size of the payload.
   */
  async finish(
    info: readonly (readonly [string, string])[],
    tagFiles: Readonly<Record<string, Uint8Array>>,
  ): Promise<{ bytes: number; files: number }> {
    await this.small.settle()
    for (const path of [...this.growing.keys()]) this.end(path)
    const lines = [...info, ['Payload-Oxum', `${this.octets}.${this.files}`] as const]
    const tags: Record<string, Uint8Array> = {
      [packPaths.declaration]: Buffer.from(bagDeclaration),
      [packPaths.info]: Buffer.from(lines.map(([name, value]) => `${name}: ${value.replace(/\s+/g, ' ').trim()}\n`).join('')),
      ...tagFiles,
    }
    const sums = Object.entries(tags).map(([path, bytes]) => {
      this.write(path, bytes)
      return [path, hash('sha256', bytes, 'hex')] as const
    })
    sums.push([packPaths.manifest, this.manifest.finish()])
    const tagManifest = sums.map(([path, sha256]) => `${sha256}  ${path}\n`).join('')
    this.write(packPaths.tagManifest, Buffer.from(tagManifest))
    syncFolder(this.root)
    this.closed = true
    return { bytes: this.octets, files: this.files }
  }

  /** @returns null, or what to await before more files are put. */
  keepUp(): Promise<void> | null {
    return this.small.keepUp()
  }

  /** Closes everything and leaves it as it lies. */
  async abandon(): Promise<void> {
    await this.small.end()
    if (this.closed) return
    this.closed = true
    this.manifest.abandon()
    for (const file of this.growing.values()) file.abandon()
    this.growing.clear()
  }

  private write(path: string, bytes: Uint8Array): void {
    const place = this.place(path)
    const handle = openSync(place, 'w')
    try {
      writeAll(handle, bytes)
    } catch (error) {
      rmSync(place, { force: true })
      throw error
    } finally {
      closeSync(handle)
    }
  }
}
