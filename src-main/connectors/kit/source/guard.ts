import type { ImportRemark } from '#shared/model/index.ts'
import { ConnectorFault } from '../../fault.ts'
import { limits } from '../limits.ts'
import { freePath, safePath } from './names.ts'
import type { SourceEntry } from './source.ts'

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

  refuse(detail: string): ConnectorFault {
    return new ConnectorFault('decision', 'export_too_large', { path: this.#path, detail })
  }
}
