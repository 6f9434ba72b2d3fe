import { randomBytes, webcrypto } from 'node:crypto'
import { z } from 'zod'
import { toBase64 } from '#archive/base64.ts'
import { nodeSha256 } from '#archive/sha256-node.ts'
import { readPem } from '#archive/timestamp/certificate.ts'
import { stamp } from '#archive/timestamp/timestamp.ts'
import type { Ports } from '#ports/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import type { Store, StoredCheckpoint } from '#store/store.ts'

/** An authority that says what time it is (RFC 3161): where it is asked, and the certificates that are trusted for it, in PEM. */
const Authority = z.object({ url: z.string(), certificates: z.string() })
export type Authority = z.infer<typeof Authority>

const SLOT = 'timestamp-authority'
/** Answers are a few thousand bytes. */
const MOST_BYTES = 256 * 1024
const TIMEOUT_MS = 30_000

/** Has an authority outside say the time of checkpoints, where the office has chosen one. */
export class Timestamps {
  private readonly store: Store
  private readonly ports: Ports

  constructor(store: Store, ports: Ports) {
    this.store = store
    this.ports = ports
  }

  /** The authority that was chosen; null when there is none. */
  async authority(): Promise<Authority | null> {
    const kept = await this.store.read.meta(SLOT)
    return kept === null || kept === '' ? null : Authority.parse(JSON.parse(kept))
  }

  /** @throws `bad_request` when the address or the certificates are none. */
  async choose(authority: Authority | null): Promise<void> {
    if (authority !== null) check(authority)
    await this.store.write.setMeta(SLOT, authority === null ? '' : JSON.stringify(authority))
  }

  /**
   * Has the time of a checkpoint said, where an authority is chosen and it was not said yet.
   * @returns whether it is said now. @throws `protocol` for an answer that does not hold, and what a connection can meet.
   */
  async stamp(checkpoint: StoredCheckpoint): Promise<boolean> {
    if (checkpoint.timestamp !== null) return true
    const authority = await this.authority()
    if (authority === null) return false
    const host = new URL(authority.url).host
    const { response, verdict } = await stamp(webcrypto.subtle, {
      hash: nodeSha256.digest(checkpoint.note),
      nonce: randomBytes(16),
      authority: authority.certificates,
      post: (request) => this.post(authority.url, request),
    })
    if (!verdict.ok) throw new ProblemError('protocol', { host, detail: `a timestamp that does not hold (${verdict.fault})` })
    const chain = authority.certificates
    await this.store.write.addTimestamp({ id: checkpoint.id, timestamp: toBase64(response), authority: chain })
    return true
  }

  private async post(url: string, request: Uint8Array): Promise<Uint8Array> {
    const answer = await this.ports.http.fetch({
      url,
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
      body: new Uint8Array(request),
      maxBytes: MOST_BYTES,
      timeoutMs: TIMEOUT_MS,
    })
    if (answer.status === 200) return answer.body
    throw new ProblemError('protocol', { host: new URL(url).host, detail: `status ${answer.status}` })
  }
}

function check({ url, certificates }: Authority): void {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new ProblemError('bad_request', { detail: 'the authority needs an address that begins with https:// or http://' })
  try {
    if (readPem(certificates).length > 0) return
  } catch (error) {
    throw new ProblemError('bad_request', { detail: 'the certificates of the authority cannot be read' }, { cause: error })
  }
  throw new ProblemError('bad_request', { detail: 'there is no certificate of the authority (PEM)' })
}
