import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { Client, IncomingMessage, Outgoing, SourceMessage } from '#connectors/connector.ts'
import { mastodonConnector } from '#connectors/mastodon/connector.ts'
import type { Clock, Http } from '#ports/index.ts'
import type { MastodonSettings, OutgoingContent } from '#shared/model/index.ts'
import { MemoryOffice, newest } from '../../support/context.ts'
import { MastodonServer } from './simulator/server.ts'
import type { Ways } from './simulator/ways.ts'

const none = new AbortController().signal

/** An office in memory with one account on a server of the test's own. */
export class Desk {
  readonly server: MastodonServer
  office: MemoryOffice<MastodonSettings>
  client: Client
  readonly files = new Map<string, Buffer>()

  private constructor(server: MastodonServer, parts: { clock?: Clock; http?: Http }) {
    this.server = server
    this.office = new MemoryOffice({ settings: server.settings, secret: server.token, ...parts })
    this.client = mastodonConnector.create(this.office.open())
  }

  static async open(ways: Partial<Ways> = {}, parts: { clock?: Clock; http?: Http } = {}): Promise<Desk> {
    return new Desk(await new MastodonServer(ways).start(), parts)
  }

  /** As after a kill: nothing is left of the client. */
  async restart(): Promise<void> {
    await this.client.close()
    this.client = mastodonConnector.create(this.office.open())
  }

  sync(): ReturnType<Client['sync']> {
    return this.client.sync(none)
  }

  /** The newest version of each message but the account's own figures, oldest first. */
  get messages(): IncomingMessage[] {
    return [...this.office.messages.values()].map(newest).sort((a, b) => (a.at < b.at ? -1 : 1))
  }

  /** The one message whose text has these words. */
  saying(words: string): IncomingMessage {
    const found = this.messages.filter(({ text }) => text.includes(words))
    if (found.length !== 1) throw new Error(`${found.length} messages say ${words}`)
    return found[0] as IncomingMessage
  }

  source(words: string): SourceMessage {
    return this.office.source(this.saying(words).remoteId) as SourceMessage
  }

  file(text: string, name = 'plan.png', mediaType = 'image/png', alt = '') {
    const bytes = Buffer.from(text)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    this.files.set(sha256, bytes)
    return { sha256, size: bytes.length, name, mediaType, alt }
  }

  item(content: OutgoingContent, change: Partial<Outgoing> = {}): Outgoing {
    const key = createHash('sha256')
      .update(JSON.stringify([content, change.key, this.#made++]))
      .digest('hex')
      .slice(0, 32)
    const open = (sha256: string) => pieces(this.files.get(sha256) as Buffer)
    return { key, queuedAt: new Date().toISOString(), content, target: null, quote: null, open, ...change }
  }
  #made = 0

  publish(text: string, change: Partial<Extract<OutgoingContent, { do: 'publish' }>> = {}): OutgoingContent {
    const none = { subject: '', warning: '', language: null, media: [], to: [], cc: [], bcc: [], visibility: null }
    return { do: 'publish', kind: 'post', text, ...none, ...change }
  }

  async close(): Promise<void> {
    await this.client.close()
    await this.server.stop()
  }
}

async function* pieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1000) {
    await Promise.resolve()
    yield bytes.subarray(at, at + 1000)
  }
}
