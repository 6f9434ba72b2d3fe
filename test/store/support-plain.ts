/** What processes of their own need of a test's office, without the test runner. */
export const key = new Uint8Array(32).fill(7)
export const threadUrl = new URL('../../src-main/store/thread.ts', import.meta.url)
