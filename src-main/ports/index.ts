/** What a host must supply. Interfaces only: hosts build them, everything else receives them. */

/** Where secrets are kept: passwords, tokens, the key of the database. Values never reach a log or an error text. */
export interface Secrets {
  /** `keychain`: the system's; `file`: a 0600 file because there is none; `passphrase`: sealed by the person's passphrase. */
  readonly kind: 'keychain' | 'file' | 'passphrase'
  /** @returns null when there is none by that name. */
  get(name: string): Promise<string | null>
  set(name: string, value: string): Promise<void>
  delete(name: string): Promise<void>
  /** Where they are, in a sentence's words, and whether that place answers and is as private as it must be. Changes nothing. */
  look(): Promise<{ ok: boolean; detail: string }>
}

/** Time, so that tests can turn the clock. */
export interface Clock {
  /** Milliseconds since 1970 UTC: the wall clock, which can jump. */
  now(): number
  /** Milliseconds that never go back, for durations. */
  monotonic(): number
  /** Resolves after `ms`, or rejects with the signal's reason. Timers do not keep the process alive. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export interface HttpRequest {
  url: string
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  headers?: Record<string, string>
  body?: string | Uint8Array<ArrayBuffer>
  /** Largest body taken, in bytes after decompression; more is a `too_large` problem. */
  maxBytes: number
  /** Whole-request time limit in ms. */
  timeoutMs: number
  /** Redirects followed by the port; the connector that must see them (moved feeds) passes 0. */
  maxRedirects?: number
  /** The address came from a network and not from a person: refused (`address_private`) where it leads to this computer or into a private network. */
  outside?: boolean
  signal?: AbortSignal
}
export interface HttpResponse {
  status: number
  /** Lower-case names. */
  headers: Record<string, string>
  /** Address that answered in the end. */
  url: string
  body: Uint8Array
}
/** Plain HTTP(S). Rejects with a ProblemError (`host_unknown`, `host_unreachable`, `timed_out`, `tls_*`, `too_large`), never for a status. */
export interface Http {
  fetch(request: HttpRequest): Promise<HttpResponse>
}

/** WebSockets (RFC 6455) over TLS, or without it to this computer. Rejects as `Http` does, `server_error` where it is refused. */
export interface Sockets {
  connect(request: SocketRequest): Promise<Socket>
}

export interface SocketRequest {
  /** `wss:` or `ws:`. */
  url: string
  headers?: Record<string, string>
  protocols?: string[]
  /** Largest message taken, in bytes; a larger one closes the connection. */
  maxBytes: number
  /** Time for the connection to open, and the longest silence: the other side is pinged and must answer within it. In ms. */
  timeoutMs: number
  signal?: AbortSignal
}
/** An open WebSocket. */
export interface Socket {
  /** Text messages until it ends. Ends when either side closed; throws a ProblemError (`connection_lost`, `timed_out`, `too_large`) when it broke. */
  readonly messages: AsyncIterable<string>
  send(text: string): void
  /** Ends it at once. Never throws. */
  close(): void
}

/** Structured log. Callers pass ids and codes, never message text, addresses of persons or secrets. */
export interface Log {
  debug(event: string, fields?: Record<string, string | number | boolean | null>): void
  info(event: string, fields?: Record<string, string | number | boolean | null>): void
  warn(event: string, fields?: Record<string, string | number | boolean | null>): void
  error(event: string, fields?: Record<string, string | number | boolean | null>): void
}

/** Tells a person who may not be looking. */
export interface Notify {
  show(note: { title: string; body: string; conversationId?: string }): void
  /** Unread count on the dock or tray. */
  badge(count: number): void
}

/** Absolute paths. */
export interface Paths {
  /** The office: one data directory. */
  readonly office: string
  /** Where the program keeps what is not of one office: logs, window place, the list of offices. */
  readonly data: string
}

export interface Ports {
  secrets: Secrets
  clock: Clock
  http: Http
  sockets: Sockets
  log: Log
  notify: Notify
  paths: Paths
}
