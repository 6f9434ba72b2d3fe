/** Whether this program runs from its sources (tests, development) rather than from `out/main`. */
export const fromSource = import.meta.url.endsWith('.ts')

/** Where the store's threads start: the built file beside this one, or the source. */
export const storeThreadUrl = new URL(fromSource ? '../store/thread.ts' : './store-thread.js', import.meta.url)
