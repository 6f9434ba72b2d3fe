import { listOf, textOf } from '#connectors/kit/shape.ts'
import type { Api } from './api.ts'
import { handleOf } from './own.ts'
import { type Piece, piecesOf } from './pages.ts'

/**
 * The account behind a handle: as the server knows it, else asked for at its own server (`resolve`).
 * @returns null when nobody is known by it.
 */
export async function findAccount(
  api: Api,
  handle: string,
  domain: string,
  signal: AbortSignal,
): Promise<{ account: Piece; endpoint: string } | null> {
  const wanted = handle.replace(/^@/, '').toLowerCase()
  const acct = wanted.endsWith(`@${domain}`) ? wanted.slice(0, -domain.length - 1) : wanted
  const known = await api.find(`/api/v1/accounts/lookup?acct=${encodeURIComponent(acct)}`, signal)
  if (known) {
    const account = piecesOf(known, api.host, () => false).found[0]?.piece
    if (account && textOf(account.fields['id']) !== '') return { account, endpoint: known.endpoint }
  }
  const query = new URLSearchParams({ q: `@${wanted}`, type: 'accounts', resolve: 'true', limit: '5' })
  const found = await api.find(`/api/v2/search?${query}`, signal)
  if (!found) return null
  const { found: pieces } = piecesOf(
    found,
    api.host,
    (path) => path.length === 0 || (path.length === 1 && path[0] === 'accounts'),
  )
  const same = ({ fields }: Piece) =>
    handleOf(fields, domain).toLowerCase() === (wanted.includes('@') ? wanted : `${wanted}@${domain}`)
  const account = pieces.map(({ piece }) => piece).find(same)
  return account ? { account, endpoint: found.endpoint } : null
}

/** The server's id of a post by its address, which it fetches where it does not have it. @returns null when it cannot. */
export async function findPostId(api: Api, uri: string, signal: AbortSignal): Promise<string | null> {
  const query = new URLSearchParams({ q: uri, type: 'statuses', resolve: 'true', limit: '5' })
  const found = await api.find(`/api/v2/search?${query}`, signal)
  const statuses = listOf((api.parse(found ?? { bytes: Buffer.from('{}'), headers: {} }) as { statuses?: unknown }).statuses)
  const match = statuses.find((entry) => textOf((entry as { uri?: unknown } | null)?.uri) === uri) as { id?: unknown } | undefined
  return textOf(match?.id) || null
}
