import type Database from 'better-sqlite3'
import { ProblemError } from '#shared/model/index.ts'
import type { ThreadData } from './protocol.ts'

export function backup(db: Database.Database, data: ThreadData, file: string): { bytes: number } {
  throw new ProblemError('internal', { detail: `not there yet: ${file} ${data.dir} ${db.name}` })
}
