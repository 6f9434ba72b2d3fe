import type { Client } from '#shared/contract/client.ts'
import { type Account, type Identity, type Label, ProblemError } from '#shared/model/index.ts'

/** Finds an identity by its id or its name. @throws `not_found`, `conflict` when several have that name. */
export function findIdentity(identities: readonly Identity[], wanted: string): Identity {
  return find('identity', identities, wanted, (identity) => [identity.name])
}

/** Finds an account by its id, label or address. @throws `not_found`, `conflict` */
export function findAccount(accounts: readonly Account[], wanted: string): Account {
  return find('account', accounts, wanted, (account) => [account.label, account.address])
}

/** Finds a label or topic of those given by its id or its name. @throws `not_found`, `conflict` */
export function findLabel(labels: readonly Label[], wanted: string): Label {
  return find('label', labels, wanted, (label) => [label.name])
}

function find<Item extends { id: string }>(
  what: string,
  items: readonly Item[],
  wanted: string,
  names: (item: Item) => string[],
): Item {
  const byId = items.find((item) => item.id === wanted)
  if (byId) return byId
  const plain = (text: string) => text.normalize('NFC').trim().toLowerCase()
  const named = items.filter((item) => names(item).some((name) => plain(name) === plain(wanted)))
  const [first, ...others] = named
  if (first === undefined) throw new ProblemError('not_found', { what, id: wanted })
  if (others.length > 0) {
    const ids = named.map((item) => item.id).join(', ')
    throw new ProblemError('conflict', { detail: `More than one ${what} is called ${wanted}. Use an id: ${ids}.` })
  }
  return first
}

/** The names that ids stand for, for showing. */
export class Names {
  readonly identities: readonly Identity[]
  readonly accounts: readonly Account[]

  constructor(identities: readonly Identity[], accounts: readonly Account[]) {
    this.identities = identities
    this.accounts = accounts
  }

  identity(id: string): string {
    return this.identities.find((identity) => identity.id === id)?.name ?? id
  }
  account(id: string): string {
    return this.accounts.find((account) => account.id === id)?.label ?? id
  }
}

export async function readNames(client: Client): Promise<Names> {
  const [identities, accounts] = await Promise.all([client.identities.list(), client.accounts.list()])
  return new Names(identities, accounts)
}
