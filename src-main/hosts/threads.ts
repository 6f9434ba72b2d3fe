import { join } from 'node:path'

/** Whether this program runs from its sources (tests, development) rather than from `out/main`. */
export const fromSource = import.meta.url.endsWith('.ts')

/** Where the store's threads start: the built file beside this one, or the source. */
export const storeThreadUrl = new URL(fromSource ? '../store/thread.ts' : './store-thread.js', import.meta.url)

/** The same for the thread that writes the small files of an evidence pack. */
export const packFilesThreadUrl = new URL(
  fromSource ? '../archive/pack/small-files-thread.ts' : './pack-files-thread.js',
  import.meta.url,
)

/** The folder of the program, whether this runs from the sources or from `out/main`. */
export const programRoot = join(import.meta.dirname, '../..')
