import { createHash } from 'node:crypto'
import type { ImportRemark } from '#shared/model/index.ts'
import { freePath } from './names.ts'
import type { Source, SourceEntry } from './source.ts'

interface Placed extends SourceEntry {
  source: Source
  /** Its path in its own part. */
  inner: string
}

/** The parts of one export as one source. Parts repeat some files: those of the same path and size are one. */
export async function merge(parts: readonly Source[]): Promise<Source> {
  const entries = new Map<string, Placed>()
  const remarks: Pick<ImportRemark, 'kind' | 'path' | 'name'>[] = parts.flatMap((part) => part.remarks)
  for (const source of parts) {
    for await (const entry of source.entries()) {
      if (entries.get(entry.path)?.size === entry.size) continue
      const path = freePath(entry.path, (taken) => entries.has(taken))
      if (path !== entry.path) remarks.push({ kind: 'name_mended', path, name: entry.path })
      entries.set(path, { ...entry, path, source, inner: entry.path })
    }
  }
  const hash = createHash('sha256')
  for (const { fingerprint } of parts) hash.update(`${fingerprint}\n`)
  return {
    async *entries() {
      for (const { path, size, modified } of entries.values()) yield { path, size, modified }
    },
    find: (path) => entries.get(path) ?? null,
    async *open(path) {
      const entry = entries.get(path)
      if (entry) yield* entry.source.open(entry.inner)
    },
    fingerprint: hash.digest('hex').slice(0, 16),
    remarks,
    close: async () => {
      for (const part of parts) await part.close()
    },
  }
}
