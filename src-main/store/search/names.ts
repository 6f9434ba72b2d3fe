import type { SearchMissing } from '#shared/contract/index.ts'
import type { FilterNode } from '#shared/query/index.ts'
import type { ReadDb } from '../handle.ts'
import { fold } from './tokens.ts'

/** A filter that names something of the office. */
type NamedFilter = Extract<FilterNode, { field: 'identity' | 'account' | 'label' | 'topic' }>

interface AccountRow {
  id: number
  identity_id: number
  network: string
  label: string
  address: string
  voice: string
  identity: string
}

/** Names in a query, looked up: each is an id, or a name whatever its case and accents. */
export class Names {
  readonly missing: SearchMissing[] = []
  readonly #db: ReadDb
  #accounts: AccountRow[] | null = null

  constructor(db: ReadDb) {
    this.#db = db
  }

  /** The accounts that a filter means; null where it is about something else. A name that is not known is told in `missing`. */
  accountsOf(node: FilterNode): ReadonlySet<number> | null {
    switch (node.field) {
      case 'voice':
        return this.#those((row) => row.voice === node.value)
      case 'network':
        return this.#those((row) => row.network === node.value)
      case 'identity':
        return this.#identity(node)
      case 'account':
        return new Set(this.#named(node, this.#all(), ({ label, address }) => [label, address]))
      default:
        return null
    }
  }

  #all(): AccountRow[] {
    this.#accounts ??= this.#db.all<AccountRow & object>(
      `SELECT a.id, a.identity_id, a.network, a.label, a.address, i.voice, i.name AS identity
       FROM account a JOIN identity i ON i.id = a.identity_id`,
    )
    return this.#accounts
  }

  #those(fits: (row: AccountRow) => boolean): ReadonlySet<number> {
    return new Set(
      this.#all()
        .filter(fits)
        .map(({ id }) => id),
    )
  }

  /** An identity may have no account yet. */
  #identity(node: NamedFilter): ReadonlySet<number> {
    const identities = this.#db.all<{ id: number; name: string }>('SELECT id, name FROM identity')
    const found = new Set(this.#named(node, identities, ({ name }) => [name]))
    return this.#those((row) => found.has(row.identity_id))
  }

  /** Labels or topics of that name, of every identity. */
  labelsOf(node: NamedFilter): number[] {
    const labels = this.#db.all<{ id: number; name: string }>('SELECT id, name FROM label WHERE kind = ?', node.field)
    return this.#named(node, labels, ({ name }) => [name])
  }

  /** The ids of those that a filter names. */
  #named<Row extends { id: number }>(node: NamedFilter, rows: readonly Row[], namesOf: (row: Row) => string[]): number[] {
    const wanted = fold(node.value)
    const found = rows.filter((row) => String(row.id) === node.value || namesOf(row).some((name) => fold(name) === wanted))
    if (found.length === 0) this.#miss(node)
    return found.map(({ id }) => id)
  }

  #miss({ field, value, span }: NamedFilter): void {
    if (!this.missing.some((one) => one.span.from === span.from)) this.missing.push({ field, value, span })
  }
}
