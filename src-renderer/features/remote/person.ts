import type { App } from '../../app/context.ts'

/** Under which name something is done: the one that is remembered, or else the person is asked. @returns null when they give up. */
export function personOf(app: App): Promise<string | null> {
  const known = app.preferences.store.get().person
  if (known !== '') return Promise.resolve(known)
  return new Promise((resolve) => app.asked.set({ answer: resolve }))
}

/** Does something under a person's name; nothing when they do not give one. */
export async function signed<Output>(app: App, work: (by: string) => Promise<Output>): Promise<Output | null> {
  const by = await personOf(app)
  return by === null ? null : work(by)
}
