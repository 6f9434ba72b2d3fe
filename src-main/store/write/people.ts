import type { Network, Party } from '#shared/model/index.ts'
import type { WriteDb } from '../handle.ts'

interface Known {
  id: number
  name: string
  /** Id of the message that the name was taken from: the newest one names a person. */
  namedBy: number
}

const mostRemembered = 20_000

/** Finds or makes the persons of one identity by their handles. */
export class People {
  readonly #db: WriteDb
  readonly #identityId: number
  readonly #network: Network
  readonly #known: Map<string, Known>
  readonly #renamed = new Set<Known>()

  constructor(db: WriteDb, identityId: number, network: Network) {
    this.#db = db
    this.#identityId = identityId
    this.#network = network
    const slot = `people:${identityId}:${network}`
    const known = db.memory.get(slot)
    this.#known = known instanceof Map ? known : new Map()
    if (this.#known.size > mostRemembered) this.#known.clear()
    db.memory.set(slot, this.#known)
  }

  /** @returns the person's id, or null for a message that names nobody. */
  of(party: Party, messageId: number): number | null {
    const handle = party.handle.trim().toLowerCase()
    if (handle === '') return null
    const person = this.#known.get(handle) ?? this.#find(handle) ?? this.#make(handle, party.name, messageId)
    if (party.name !== '' && (person.name === '' || messageId > person.namedBy)) {
      person.name = party.name
      person.namedBy = messageId
      this.#renamed.add(person)
    }
    return person.id
  }

  #find(handle: string): Known | null {
    const row = this.#db.get<{ id: number; name: string; named_by: number }>(
      `SELECT p.id, p.name, p.named_by FROM handle h JOIN person p ON p.id = h.person_id
       WHERE h.identity_id = ? AND h.network = ? AND h.handle = ?`,
      this.#identityId,
      this.#network,
      handle,
    )
    if (!row) return null
    const known = { id: row.id, name: row.name, namedBy: row.named_by }
    this.#known.set(handle, known)
    return known
  }

  #make(handle: string, name: string, messageId: number): Known {
    this.#db.run(
      'INSERT INTO person (identity_id, name, named_by) VALUES (?, ?, ?)',
      this.#identityId,
      name,
      name === '' ? 0 : messageId,
    )
    const id = this.#db.value<number>('SELECT last_insert_rowid()') ?? 0
    this.#db.run(
      'INSERT INTO handle (identity_id, network, handle, person_id) VALUES (?, ?, ?, ?)',
      this.#identityId,
      this.#network,
      handle,
      id,
    )
    const known = { id, name, namedBy: name === '' ? 0 : messageId }
    this.#known.set(handle, known)
    return known
  }

  write(): void {
    for (const person of this.#renamed) {
      this.#db.run('UPDATE person SET name = ?, named_by = ? WHERE id = ?', person.name, person.namedBy, person.id)
    }
  }
}
