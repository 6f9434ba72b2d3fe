import { limits } from '../limits.ts'

/**
 * A name out of an archive as a path that stays inside: `/` between folders, no `..`, no drive, no control characters. Nothing is ever
 * written to the disk under such a name, but a file of the outside must not be taken for one of the export either.
 * @returns `mended` when the name was not such a path.
 */
export function safePath(name: string): { path: string; mended: boolean } {
  const parts = name.replaceAll('\\', '/').split('/')
  const kept = parts.filter((part) => part !== '' && part !== '.')
  const leadsOut = name.startsWith('/') || /^[a-z]:/i.test(name) || kept.includes('..')
  const cleaned = kept.map((part) => (part === '..' ? '__' : part.replace(/\p{Cc}/gu, '_')))
  const path = (leadsOut ? ['outside', ...cleaned] : cleaned).join('/').slice(0, limits.path)
  return { path, mended: path !== name.replace(/^(\.\/)+/, '') }
}

/** A name that is not taken yet. */
export function freePath(path: string, taken: (path: string) => boolean): string {
  if (!taken(path)) return path
  for (let n = 2; ; n++) {
    const next = `${path.slice(0, limits.path)}~${n}`
    if (!taken(next)) return next
  }
}

/** The bytes of a name in a zip: UTF-8 where they are, whatever the archive says, for old programs forget to say so. */
export function utf8Name(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}
