import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { blueskyConnector } from '#connectors/bluesky/connector.ts'
import type { Client, IncomingMessage, Outgoing, SourceMessage } from '#connectors/connector.ts'
import { systemHttp } from '#hosts/ports/http.ts'
import type { BlueskySettings, OutgoingContent, OutgoingMedia } from '#shared/model/index.ts'
import type { Someone } from '../../support/bluesky.ts'
import { MemoryOffice, newest } from '../../support/context.ts'
import { accountOf } from './driver.ts'
import { type Deed, type LoopbackProxy, startProxy } from './proxy.ts'

/** An account of the office on a real server, with a proxy in between. */
export interface TestAccount {
  someone: Someone
  proxy: LoopbackProxy
  office: MemoryOffice<BlueskySettings>
  client: Client
  sync(): Promise<void>
  /** As a new process would. */
  restart(): Promise<void>
  /** Messages of the office, oldest first. */
  messages(): IncomingMessage[]
  /** The message whose text begins so. @throws where there is none or more than one. */
  saying(start: string): IncomingMessage
  source(start: string): SourceMessage
  send(content: OutgoingContent, about?: Partial<Outgoing>): ReturnType<NonNullable<Client['send']>>
  close(): Promise<void>
}

export const signal = (): AbortSignal => new AbortController().signal

export async function openAccount(
  someone: Someone,
  pds: string,
  extra: (asked: LoopbackProxy['asked'][number]) => Deed | null,
): Promise<TestAccount> {
  const proxy = await startProxy(pds)
  proxy.decide = (asked) => extra(asked) ?? 'pass'
  const office = new MemoryOffice<BlueskySettings>({ ...accountOf(someone, proxy.url), http: systemHttp })
  let client = blueskyConnector.create(office.open())
  const account: TestAccount = {
    someone,
    proxy,
    office,
    get client() {
      return client
    },
    sync: async () => {
      await client.sync(signal())
    },
    restart: async () => {
      await client.close()
      client = blueskyConnector.create(office.open())
    },
    messages: () => [...office.messages.values()].map(newest).sort((a, b) => (a.at < b.at ? -1 : 1)),
    saying: (start) => {
      const found = account.messages().filter(({ text }) => text.startsWith(start))
      if (found.length !== 1) throw new Error(`${found.length} messages begin with ${start}`)
      return found[0] as IncomingMessage
    },
    source: (start) => {
      const found = office.source(account.saying(start).remoteId)
      if (found === null) throw new Error(`nothing begins with ${start}`)
      return found
    },
    send: (content, about = {}) => (client.send as NonNullable<Client['send']>)(outgoing(content, about), signal()),
    close: async () => {
      await client.close()
      await proxy.stop()
    },
  }
  return account
}

/** An item as the outbox hands it over. */
export function outgoing(content: OutgoingContent, about: Partial<Outgoing> = {}): Outgoing {
  return {
    key: randomBytes(16).toString('hex'),
    queuedAt: new Date().toISOString(),
    content,
    target: null,
    quote: null,
    open: () => {
      throw new Error('it has no files')
    },
    ...about,
  }
}

type Publish = Extract<OutgoingContent, { do: 'publish' }>

export function publish(text: string, more: Partial<Publish> = {}): Publish {
  return {
    do: 'publish',
    kind: 'post',
    text,
    subject: '',
    warning: '',
    language: null,
    media: [],
    to: [],
    cc: [],
    bcc: [],
    visibility: null,
    ...more,
  }
}

export function act(
  name: Extract<OutgoingContent, { do: 'act' }>['act'],
  on = true,
  handle: string | null = null,
): OutgoingContent {
  return { do: 'act', act: name, on, handle, comment: '' }
}

/** A file of the project as one to be sent. */
export async function fileToSend(
  path: string,
  alt: string,
): Promise<{ media: OutgoingMedia; open: Outgoing['open']; bytes: Buffer }> {
  const bytes = await readFile(path)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const media = { sha256, size: bytes.length, name: 'picture.png', mediaType: 'image/png', alt }
  return {
    media,
    bytes,
    open: async function* () {
      yield bytes
    },
  }
}
