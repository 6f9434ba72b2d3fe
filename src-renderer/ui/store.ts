import { useRef, useSyncExternalStore } from 'react'

/** A value that changes, and those who want to know. */
export interface Store<Value> {
  get(): Value
  set(next: Value | ((now: Value) => Value)): void
  /** @returns how to stop listening. */
  subscribe(listener: () => void): () => void
}

/** Makes a store. Setting the value it already has tells nobody. */
export function createStore<Value>(initial: Value): Store<Value> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set(next) {
      const resolved = next instanceof Function ? next(value) : next
      if (Object.is(resolved, value)) return
      value = resolved
      for (const listener of [...listeners]) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The store's value, or the part of it that `select` takes; the component renders again only when that part changed. */
export function useStore<Value>(store: Store<Value>): Value
export function useStore<Value, Part>(store: Store<Value>, select: (value: Value) => Part): Part
export function useStore<Value, Part>(store: Store<Value>, select?: (value: Value) => Part): Value | Part {
  const last = useRef<{ value: Value; part: Value | Part } | null>(null)
  const snapshot = () => {
    const value = store.get()
    if (last.current && Object.is(last.current.value, value)) return last.current.part
    const part = select ? select(value) : value
    last.current = { value, part: last.current && Object.is(last.current.part, part) ? last.current.part : part }
    return last.current.part
  }
  return useSyncExternalStore(store.subscribe, snapshot)
}
