import { Readable } from 'node:stream'
import tls from 'node:tls'
import SMTPConnection, { type SMTPError } from 'nodemailer/lib/smtp-connection'
import XOAuth2 from 'nodemailer/lib/xoauth2'
import type { MailServer, MailSettings } from '#shared/model/index.ts'
import { ConnectorFault } from '../../fault.ts'
import type { Credentials, Patience } from '../connection.ts'
import { isLoopback, judgeCertificate, trustedAuthorities } from '../tls.ts'
import { isInternational } from './address.ts'
import { toSmtpFault } from './smtp-faults.ts'

/** Members that nodemailer 10.6 has and does not declare. The version is pinned, and the tests with a real server go through them. */
interface Undeclared {
  _supportedExtensions: string[]
  _maxAllowedSize: number
  readonly _envelope: { rejectedErrors: SMTPError[] }
  _envelopeError(reply: string): SMTPError | null
}
const Sessions = SMTPConnection as unknown as new (
  options: ConstructorParameters<typeof SMTPConnection>[0],
) => SMTPConnection & Undeclared
for (const name of ['_envelopeError', '_advanceEnvelope'])
  if (!(name in SMTPConnection.prototype))
    throw new Error(`this nodemailer has no ${name}: a mail could go to some of its recipients only`)

/** Nodemailer's connection, with one rule more: a mail goes to all of its recipients or to none. */
class StrictSmtp extends Sessions {
  override _envelopeError(reply: string): SMTPError | null {
    const usual = super._envelopeError(reply)
    const { rejectedErrors } = this._envelope
    if (usual !== null || rejectedErrors.length === 0) return usual
    return Object.assign(new Error('a recipient was refused'), { code: 'EENVELOPE', rejectedErrors })
  }

  /** What the server offers. DATA goes out only after every recipient was judged, so never along with them (RFC 2920). */
  get extensions(): string[] {
    return this._supportedExtensions
  }

  takeOneByOne(): void {
    this._supportedExtensions = this._supportedExtensions.filter((name) => name !== 'PIPELINING')
  }

  /** Largest mail that the server takes, in bytes (RFC 1870); null where it does not say. */
  get mostBytes(): number | null {
    return this._maxAllowedSize > 0 ? this._maxAllowedSize : null
  }
}

/** Bytes handed to the line at once; the end of a mail follows only when the line has taken what came before. */
const PIECE = 64 * 1024

/** A connection to an account's server for sending. Used for one mail. */
export class Smtp {
  private readonly connection: StrictSmtp
  private readonly server: MailServer
  private readonly now: () => number
  /** The end of a mail may have reached the server. */
  private handed = false

  constructor(connection: StrictSmtp, server: MailServer, now: () => number) {
    this.connection = connection
    this.server = server
    this.now = now
  }

  get mostBytes(): number | null {
    return this.connection.mostBytes
  }

  /** Opens the line, encrypted where it must be, and judges the certificate. Nothing secret is sent. */
  async open(judge: (socket: unknown) => void): Promise<void> {
    await this.step<void>((done) => this.connection.connect((error) => done(error ?? null, undefined)))
    judge(this.connection._socket)
    this.connection.takeOneByOne()
  }

  /** Signs in. A server that has no sign-in takes mail as it is: one inside an organisation. */
  async signIn(credentials: Credentials): Promise<void> {
    if (!this.connection.allowsAuth) return
    const { user } = credentials
    const login =
      'accessToken' in credentials
        ? { user, oauth2: new XOAuth2({ user, accessToken: credentials.accessToken }) }
        : { user, pass: credentials.password }
    await this.step<unknown>((done) => this.connection.login(login, done))
  }

  /**
   * Hands a mail over. `beforeEnd` is awaited when everything but the end has been sent: after it nobody can say any more that the server has not got it.
   * @throws ConnectorFault; `untaken` tells whether the server can have it.
   */
  async deliver(envelope: { from: string; to: string[] }, bytes: Buffer, beforeEnd: () => Promise<void>): Promise<void> {
    const { host } = this.server
    const most = this.mostBytes
    if (most !== null && bytes.length > most) throw this.refusal('too_large', { size: bytes.length, limit: most })
    const foreign = [envelope.from, ...envelope.to].find(isInternational)
    if (foreign !== undefined && !this.connection.extensions.includes('SMTPUTF8'))
      throw this.refusal('address_unsupported', { host, address: foreign })
    const pieces = async function* (this: Smtp) {
      for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE)
      await beforeEnd()
      this.handed = true
    }
    const message = Readable.from(pieces.call(this), { objectMode: false })
    try {
      await this.step<unknown>((done) =>
        this.connection.send({ ...envelope, to: [...envelope.to], size: bytes.length }, message, done),
      )
    } catch (error) {
      // whatever of it is still on its way here goes no further
      message.destroy()
      throw error
    }
  }

  /** Says goodbye where that is still possible, and ends the connection. */
  leave(): void {
    if (this.handed) this.connection.quit()
    this.connection.close()
  }

  /** Ends the connection at once; what was not sent is not sent any more. */
  cut(): void {
    const socket = this.connection._socket
    if (socket !== false && socket !== null) socket.destroy()
    this.connection.close()
  }

  private refusal(code: 'too_large' | 'address_unsupported', params: Record<string, string | number>): ConnectorFault {
    return new ConnectorFault('decision', code, params, { untaken: true })
  }

  /** One exchange; a connection that breaks ends it. */
  private async step<Result>(start: (done: (error: Error | null, result: Result) => void) => void): Promise<Result> {
    const { connection } = this
    let broken: (error?: Error) => void = () => undefined
    const end = () => broken()
    try {
      return await new Promise<Result>((resolve, reject) => {
        broken = (error) => reject(error ?? Object.assign(new Error('the connection ended'), { code: 'ECONNECTION' }))
        connection.once('error', broken)
        connection.once('end', end)
        start((error, result) => (error ? reject(error) : resolve(result)))
      })
    } catch (error) {
      throw toSmtpFault(error, { host: this.server.host, now: this.now(), handed: this.handed })
    } finally {
      connection.off('error', broken)
      connection.off('end', end)
    }
  }
}

function connectionTo(server: MailServer, ca: string | null, patience: Patience): StrictSmtp {
  if (server.security === 'none' && !isLoopback(server.host))
    throw new ConnectorFault('decision', 'tls_missing', { host: server.host }, { untaken: true })
  const authorities = server.security === 'none' ? undefined : trustedAuthorities(ca)
  const connection = new StrictSmtp({
    host: server.host,
    port: server.port,
    secure: server.security === 'tls',
    requireTLS: server.security === 'starttls',
    ignoreTLS: server.security === 'none',
    // not left to OpenSSL, since a person may have accepted this very certificate: it is judged before the sign-in
    tls: { rejectUnauthorized: false, minVersion: 'TLSv1.2', ...(authorities === undefined ? {} : { ca: authorities }) },
    // the name of this computer is nobody's business (RFC 5321 section 4.1.3)
    name: '[127.0.0.1]',
    logger: false,
    connectionTimeout: patience.connect,
    greetingTimeout: patience.greeting,
    socketTimeout: patience.handOver,
    socketCloseTimeout: 1000,
  })
  // errors also reject the step that was under way; this keeps those between steps from being unhandled
  connection.on('error', () => undefined)
  return connection
}

/** The server that an account sends through. @throws ConnectorFault `decision` / `sending_not_set` where there is none. */
export function smtpServer(settings: MailSettings): MailServer {
  if (settings.smtp === null)
    throw new ConnectorFault('decision', 'sending_not_set', { address: settings.address }, { untaken: true })
  return settings.smtp
}

/**
 * Opens a connection for one mail and signs in.
 * @throws ConnectorFault of any kind, always `untaken`.
 */
export async function openSmtp(
  settings: MailSettings,
  credentials: Credentials,
  now: () => number,
  signal: AbortSignal,
  patience: Patience,
): Promise<Smtp> {
  const server = smtpServer(settings)
  signal.throwIfAborted()
  const smtp = new Smtp(connectionTo(server, settings.ca, patience), server, now)
  const abort = () => smtp.cut()
  signal.addEventListener('abort', abort, { once: true })
  try {
    await smtp.open((socket) => {
      if (socket instanceof tls.TLSSocket)
        judgeCertificate(socket, server.host, settings.pins[`${server.host}:${server.port}`], now())
      else if (server.security !== 'none') throw new ConnectorFault('decision', 'tls_missing', { host: server.host })
    })
    await smtp.signIn(credentials)
    return smtp
  } catch (error) {
    smtp.cut()
    signal.throwIfAborted()
    throw toSmtpFault(error, { host: server.host, now: now(), handed: false })
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
