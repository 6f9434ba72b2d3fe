import { z } from 'zod'
import { AccountId, IdentityId, Instant, MessageId } from '#shared/model/index.ts'
import { quote } from './canonical.ts'
import { Origin } from './entries.ts'

export { commit } from './commit.ts'

/**
 * What the ledger says of content: SHA-256(salt || manifest), nothing that could be read or guessed. With the salt the
 * content is proved, and once the salt is gone it is forgotten (docs/formats.md).
 */

const size = z.number().int().nonnegative()
const hexHash = z.string().regex(/^[0-9a-f]{64}$/)

/** A file that came apart from the network's own bytes. `sha256` in hex, `size` in bytes. */
export const MediaManifest = z.object({ mediaType: z.string(), name: z.string(), sha256: hexHash, size })
export type MediaManifest = z.infer<typeof MediaManifest>

/** Everything about one captured version that can be proved. */
export const Manifest = z.object({
  account: AccountId,
  /** When the office had it in its hands, by its own clock. */
  capturedAt: Instant,
  /** How far the office's clock was ahead of the server's; null where the server did not tell its time. */
  clockOffsetMs: z.number().int().nullable(),
  /** Where it was asked for. */
  endpoint: z.string(),
  /** Headers of the answer that were worth keeping, names in lower case. */
  headers: z.array(z.tuple([z.string(), z.string()])),
  identity: IdentityId,
  media: z.array(MediaManifest),
  /** Of the network's own bytes, as `sha256` (hex) and `size` are. */
  mediaType: z.string(),
  message: MessageId,
  network: z.string().min(1),
  origin: Origin,
  record: z.string().regex(/^[0-9]{1,16}$/),
  remoteId: z.string(),
  sha256: hexHash,
  size,
  v: z.literal(1),
  version: z.number().int().positive(),
})
export type Manifest = z.infer<typeof Manifest>

/** Canonical JSON of a manifest, written by hand for the same reason as the entries are. */
export function manifestText(manifest: Manifest): string {
  const { account, capturedAt, clockOffsetMs, endpoint, headers, identity, media, mediaType } = manifest
  const { message, network, origin, record, remoteId, sha256, size: bytes, version } = manifest
  const pairs = headers.map(([name, value]) => `[${quote(name)},${quote(value)}]`).join(',')
  const files = media.map(mediaText).join(',')
  return (
    `{"account":"${account}","capturedAt":"${capturedAt}","clockOffsetMs":${clockOffsetMs},"endpoint":${quote(endpoint)},` +
    `"headers":[${pairs}],"identity":"${identity}","media":[${files}],"mediaType":${quote(mediaType)},"message":"${message}",` +
    `"network":${quote(network)},"origin":"${origin}","record":"${record}","remoteId":${quote(remoteId)},` +
    `"sha256":"${sha256}","size":${bytes},"v":1,"version":${version}}`
  )
}

function mediaText({ mediaType, name, sha256, size: bytes }: MediaManifest): string {
  return `{"mediaType":${quote(mediaType)},"name":${quote(name)},"sha256":"${sha256}","size":${bytes}}`
}
