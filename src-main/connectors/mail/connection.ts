import tls from 'node:tls'
import { type FetchMessageObject, type FetchQueryObject, ImapFlow, type ImapFlowOptions } from 'imapflow'
import type { CertificateInfo } from '#shared/contract/index.ts'
import type { MailServer, MailSettings } from '#shared/model/index.ts'
import { ConnectorFault } from '../fault.ts'
import { toFault } from './faults.ts'
import { type Answer, readFetchAnswer } from './fetch-answer.ts'
import { limits } from './limits.ts'
import { describeCertificate, isLoopback, judgeCertificate, trustedAuthorities } from './tls.ts'

/** What is presented to the server. */
export type Credentials = { user: string; password: string } | { user: string; accessToken: string }

/** Called when the line is encrypted (or needs not be) and nothing secret has been sent yet; what it throws ends the connection. */
type Gate = (socket: unknown) => void

/** Members that imapflow 2.1 has and does not declare. The version is pinned, and the tests with a real server go through them. */
interface Undeclared {
  authenticate(): Promise<boolean>
  handleResponse(answer: Answer): Promise<boolean>
  readonly socket: unknown
}
const Sessions = ImapFlow as unknown as new (options: ImapFlowOptions) => ImapFlow & Undeclared
for (const name of ['authenticate', 'handleResponse'])
  if (!(name in ImapFlow.prototype))
    throw new Error(`this imapflow has no ${name}: certificates would not be judged before the sign-in`)

/** Messages read ahead of whoever takes them; more wait in the socket. */
const READ_AHEAD = 32

/** Adds two things to imapflow: the server's certificate is judged by our rules before the sign-in, and a fast way to fetch. */
class GuardedImap extends Sessions {
  private readonly gate: Gate
  /** Takes what a fast fetch reads; resolves when there is room for more. */
  private tap: ((message: FetchMessageObject) => Promise<void> | null) | null = null

  constructor(options: ImapFlowOptions, gate: Gate) {
    super(options)
    this.gate = gate
  }

  /** `fetch` by UID, for many messages with their bytes. The order is the server's. */
  async *fetchMany(range: string, query: FetchQueryObject): AsyncGenerator<FetchMessageObject> {
    const read: FetchMessageObject[] = []
    let wake: () => void = () => undefined
    let room: () => void = () => undefined
    let ended = false
    const take = (message: FetchMessageObject): Promise<void> | null => {
      read.push(message)
      wake()
      return read.length < READ_AHEAD || ended ? null : new Promise((resolve) => (room = resolve))
    }
    this.tap = take
    // what the fast reader leaves comes out of imapflow's own
    const rest = (async () => {
      for await (const message of this.fetch(range, query, { uid: true })) await take(message)
    })().finally(() => {
      ended = true
      wake()
    })
    try {
      for (;;) {
        const message = read.shift()
        if (read.length < READ_AHEAD / 2) room()
        if (message !== undefined) yield message
        else if (ended) break
        else await new Promise<void>((resolve) => (wake = resolve))
      }
      await rest
    } finally {
      ended = true
      this.tap = null
      room()
      // given up before its end: the connection cannot be used further than this answer, and its fault was told already
      rest.catch(() => undefined)
    }
  }

  override async handleResponse(answer: Answer): Promise<boolean> {
    const message = this.tap === null ? null : readFetchAnswer(answer)
    if (message === null || this.tap === null) return super.handleResponse(answer)
    await this.tap(message)
    return true
  }

  /** The one place from which imapflow sends credentials. */
  override async authenticate(): Promise<boolean> {
    this.gate(this.socket)
    return super.authenticate()
  }

  /** The socket of the session, for a second look when the server skipped the sign-in (PREAUTH). */
  passGate(): void {
    this.gate(this.socket)
  }
}

/** How long a server may take, in ms. */
export interface Patience {
  /** To take the connection and agree on encryption. */
  connect: number
  /** To say its first words. */
  greeting: number
  /** To send anything of an answer that is due. */
  silence: number
  /** To say that it took a mail that was handed over. */
  handOver: number
  /** To be left in one IDLE before it is ended and begun anew. */
  idle: number
}
/**
 * Office networks are slow at times, and searching a large folder takes a server a while. Servers may end an IDLE after 30
 * minutes (RFC 2177); boxes in between often after fewer. Ten minutes for a mail are RFC 5321's (section 4.5.3.2.6): who gives up sooner sends twice.
 */
export const usualPatience: Patience = {
  connect: 30_000,
  greeting: 30_000,
  silence: 3 * 60_000,
  handOver: 10 * 60_000,
  idle: 25 * 60_000,
}

function baseOptions(server: MailServer, ca: string | null, patience: Patience): ImapFlowOptions {
  if (server.security === 'none' && !isLoopback(server.host))
    throw new ConnectorFault('decision', 'tls_missing', { host: server.host })
  const authorities = server.security === 'none' ? undefined : trustedAuthorities(ca)
  return {
    host: server.host,
    port: server.port,
    secure: server.security === 'tls',
    doSTARTTLS: server.security === 'starttls' ? true : server.security === 'none' ? false : undefined,
    // not left to OpenSSL, since a person may have accepted this very certificate: the gate judges before the sign-in
    tls: { rejectUnauthorized: false, minVersion: 'TLSv1.2', ...(authorities === undefined ? {} : { ca: authorities }) },
    // its log holds commands and addresses
    logger: false,
    emitLogs: false,
    disableAutoIdle: true,
    // a mailbox is mostly read over lines faster than zlib
    disableCompression: isLoopback(server.host),
    qresync: true,
    maxIdleTime: patience.idle,
    connectionTimeout: patience.connect,
    greetingTimeout: patience.greeting,
    socketTimeout: patience.silence,
    maxLineLength: limits.responseLine,
    maxLiteralSize: limits.literal,
    maxResponseSize: limits.literal + limits.responseLine,
    clientInfo: { name: 'Dispatch Box' },
  }
}

/** An open, signed-in connection. */
export type Imap = GuardedImap

/**
 * Opens a connection and signs in. The certificate is judged before anything secret is sent.
 * @throws ConnectorFault of any kind.
 */
export async function openImap(
  settings: MailSettings,
  credentials: Credentials,
  now: () => number,
  signal: AbortSignal,
  patience: Patience,
): Promise<Imap> {
  const { imap: server } = settings
  signal.throwIfAborted()
  let refusal: unknown = null
  const client = new GuardedImap(
    {
      ...baseOptions(server, settings.ca, patience),
      auth:
        'accessToken' in credentials
          ? { user: credentials.user, accessToken: credentials.accessToken }
          : { user: credentials.user, pass: credentials.password },
    },
    (socket) => {
      try {
        if (socket instanceof tls.TLSSocket)
          judgeCertificate(socket, server.host, settings.pins[`${server.host}:${server.port}`], now())
        else if (server.security !== 'none') throw new ConnectorFault('decision', 'tls_missing', { host: server.host })
      } catch (error) {
        refusal = error
        throw error
      }
    },
  )
  await connect(client, server.host, now, signal, () => refusal)
  try {
    client.passGate()
  } catch (error) {
    client.close()
    throw error
  }
  return client
}

async function connect(
  client: GuardedImap,
  host: string,
  now: () => number,
  signal: AbortSignal,
  refusal: () => unknown,
): Promise<void> {
  const abort = () => client.close()
  // errors after the sign-in also reject the command that was under way; this keeps them from being unhandled
  client.on('error', () => undefined)
  signal.addEventListener('abort', abort, { once: true })
  try {
    await client.connect()
  } catch (error) {
    client.close()
    signal.throwIfAborted()
    throw refusal() ?? toFault(error, host, now())
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** Ends the session before the sign-in once the certificate has been seen. */
class Seen extends Error {}

/**
 * Looks at a server's certificate without signing in.
 * @throws ConnectorFault `tls_missing` where there is none, or why the server could not be reached.
 */
export async function inspectCertificate(
  server: MailServer,
  signal: AbortSignal = new AbortController().signal,
): Promise<CertificateInfo> {
  if (server.security === 'none') throw new ConnectorFault('decision', 'tls_missing', { host: server.host })
  let info: CertificateInfo | null = null
  const client = new GuardedImap({ ...baseOptions(server, null, usualPatience), auth: { user: '', pass: '' } }, (socket) => {
    if (socket instanceof tls.TLSSocket) info = describeCertificate(socket.getPeerCertificate(), server.host, server.port)
    throw new Seen()
  })
  try {
    await connect(client, server.host, Date.now, signal, () => null)
  } catch (error) {
    if (info === null) throw error
  } finally {
    client.close()
  }
  if (info === null) throw new ConnectorFault('decision', 'tls_missing', { host: server.host })
  return info
}
