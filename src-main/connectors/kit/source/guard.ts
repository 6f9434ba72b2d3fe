import type { Hash } from 'node:crypto'
import type { ImportRemark } from '#shared/model/index.ts'
import { ConnectorFault } from '../../fault.ts'
import { limits } from '../limits.ts'
import { freePath, safePath } from './names.ts'
import type { Source, SourceEntry } from './source.ts'

/** How the bytes of an archive's files are got at. */
interface Unpacking<Entry> {
  /** Of the names, sizes and times of the files. */
  fingerprint: Hash
  read(entry: Entry): AsyncIterable<Uint8Array>
  close(): Promise<void>
}

/** Gathers the files of an archive, and refuses what no export is, before anything of it is unpacked. */
export class Listing<Entry extends SourceEntry> {
  readonly remarks: Pick<ImportRemark, 'kind' | 'path' | 'name'>[] = []
  readonly #path: string
  readonly #entries = new Map<string, Entry>()
  #bytes = 0

  /** @param path of the archive, for faults. */
  constructor(path: string) {
    this.#path = path
  }

  /** Takes a file under its name, or under one like it when that leads out of the archive or is taken. */
  add(name: string, make: (path: string) => Entry): void {
    const { path: safe, mended } = safePath(name)
    if (safe === '') return
    const path = freePath(safe, (taken) => this.#entries.has(taken))
    if (mended || path !== safe) this.remarks.push({ kind: 'name_mended', path, name })
    const entry = make(path)
    this.#entries.set(path, entry)
    this.#bytes += entry.size
    if (this.#entries.size > limits.entries) throw this.refuse(`> ${limits.entries}`)
    if (this.#bytes > limits.totalBytes) throw this.refuse(`${this.#bytes}`)
  }

  /** @param packed bytes of the archive itself. @throws ConnectorFault `export_too_large` for a bomb. */
  weigh(packed: number, unpacked: number = this.#bytes): void {
    if (unpacked > limits.ratioFrom && unpacked > packed * limits.ratio) throw this.refuse(`${packed} → ${unpacked}`)
  }

  get(path: string): Entry | null {
    return this.#entries.get(path) ?? null
  }

  values(): IterableIterator<Entry> {
    return this.#entries.values()
  }

  /** What was gathered, as the files of an export. */
  source({ fingerprint, read, close }: Unpacking<Entry>): Source {
    const entries = this.#entries
    return {
      async *entries() {
        for (const { path, size, modified } of entries.values()) yield { path, size, modified }
      },
      find: (path) => this.get(path),
      async *open(path) {
        const entry = entries.get(path)
        if (entry) yield* read(entry)
      },
      fingerprint: fingerprint.digest('hex').slice(0, 16),
      remarks: this.remarks,
      close,
    }
  }

  refuse(detail: string): ConnectorFault {
    return new ConnectorFault('decision', 'export_too_large', { path: this.#path, detail })
  }
}
