import type { WriteDb } from '../handle.ts'

export function setPreference(db: WriteDb, name: string, value: string): void {
  db.run('INSERT INTO preference (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value', name, value)
}

export function setMeta(db: WriteDb, name: string, value: string): void {
  db.run('INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value', name, value)
}
