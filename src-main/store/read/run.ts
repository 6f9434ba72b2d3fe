import type Database from 'better-sqlite3'
import { ProblemError } from '#shared/model/index.ts'
import { type ReadDb, snapshot } from '../handle.ts'
import { reads } from './index.ts'

/** Answers a read by its name, in one snapshot. @throws `unknown_call`, and what the read throws. */
export function runRead(db: Database.Database, handle: ReadDb, method: string, args: readonly unknown[]): unknown {
  const run = (reads as unknown as Record<string, ((...args: unknown[]) => unknown) | undefined>)[method]
  if (!run) throw new ProblemError('unknown_call', { name: method })
  return snapshot(db, () => run(handle, ...args))
}
