import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const repo = join(import.meta.dirname, '..', '..', '..')

/** Names, in the environment of the workers, the folder of the sample office that they copy. */
export const SHARED_SAMPLE = 'DISPATCH_E2E_SAMPLE'

/** A computer of its own for a test: an office, and the program's data beside it. */
export interface Places {
  readonly office: string
  readonly data: string
  /** The environment that the program starts with: these places, no keychain, English. */
  readonly env: Record<string, string>
  /** The same office again at another place, with its key. */
  copy(): Promise<Places>
  remove(): Promise<void>
}

export async function makePlaces(): Promise<Places> {
  return placesIn(await mkdtemp(join(tmpdir(), 'dispatch-e2e-')))
}

/** Places in a folder that is there. */
export function placesIn(root: string): Places {
  const data = join(root, 'data')
  const kept = Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
  return {
    office: join(root, 'office'),
    data,
    env: { ...Object.fromEntries(kept), DISPATCH_DATA: data, DISPATCH_SECRETS: 'file', LANG: 'en_GB.UTF-8', LANGUAGE: 'en' },
    async copy() {
      const other = await mkdtemp(join(tmpdir(), 'dispatch-e2e-'))
      await cp(root, other, { recursive: true, filter: (path) => !/\.sock$|[/\\](run|window|logs)$/.test(path) })
      return placesIn(other)
    },
    remove: () => rm(root, { recursive: true, force: true, maxRetries: 3 }),
  }
}
