import type { Batch, Committed, Context, IncomingMessage, KnownPlace } from '#connectors/connector.ts'
import type { Clock, Http } from '#ports/index.ts'
import type { MailSettings, Progress } from '#shared/model/index.ts'
import type { Dovecot } from '../../support/dovecot.ts'

/** What an office does with a mail account's batches, in memory: each commit is one step that happens or does not. */
export class MemoryOffice {
  readonly messages = new Map<string, IncomingMessage & { deleted: boolean }>()
  readonly places = new Map<string, { stream: string; place: string; remoteId: string; read: boolean; answered: boolean }>()
  readonly cursors = new Map<string, string>()
  readonly batches: Batch[] = []
  readonly progress: Progress[] = []
  readonly logged: { event: string; fields: unknown }[] = []
  secret: string | null
  settings: MailSettings
  /** Refuses the commit with this number (from 1) and all later ones. */
  killAt = Number.POSITIVE_INFINITY
  /** Called before each commit. */
  beforeCommit: (batch: Batch) => Promise<void> | void = () => undefined
  commits = 0
  inFlight = 0
  mostInFlight = 0
  clock: Clock = realClock

  constructor(settings: MailSettings, secret: string | null) {
    this.settings = settings
    this.secret = secret
  }

  /** Messages that were not deleted, by subject. */
  get subjects(): string[] {
    return [...this.messages.values()]
      .filter((one) => !one.deleted)
      .map((one) => one.subject)
      .sort()
  }

  bySubject(subject: string): (IncomingMessage & { deleted: boolean }) | undefined {
    return [...this.messages.values()].find((one) => one.subject === subject)
  }

  placesOf(subject: string): string[] {
    const id = this.bySubject(subject)?.remoteId
    return [...this.places.values()].filter((one) => one.remoteId === id).map((one) => one.place)
  }

  context(http: Http = noHttp): Context<MailSettings> {
    const office = this
    const note = (event: string, fields?: unknown) => {
      office.logged.push({ event, fields })
    }
    return {
      get settings() {
        return office.settings
      },
      secret: async () => office.secret,
      setSecret: async (value) => {
        office.secret = value
      },
      setSettings: async (settings) => {
        office.settings = settings
      },
      cursor: async (stream) => office.cursors.get(stream) ?? null,
      known: async (stream): Promise<KnownPlace[]> => [...office.places.values()].filter((one) => one.stream === stream),
      has: async (ids) => new Set(ids.filter((id) => office.messages.has(id))),
      commit: (batch) => office.commit(batch),
      progress: (progress) => {
        office.progress.push(progress)
      },
      clock: office.clock,
      http,
      log: { debug: note, info: note, warn: note, error: note },
    }
  }

  private async commit(batch: Batch): Promise<Committed> {
    this.inFlight++
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight)
    try {
      await this.beforeCommit(batch)
      await new Promise((resolve) => setImmediate(resolve))
      if (++this.commits >= this.killAt) throw new Error('killed')
      return this.apply(batch)
    } finally {
      this.inFlight--
    }
  }

  private apply(batch: Batch): Committed {
    this.batches.push(batch)
    const { stream } = batch
    const counts = { new: 0, updated: 0, deleted: 0 }
    const key = (place: string) => `${stream}\n${place}`
    if (batch.reset) for (const [id, one] of this.places) if (one.stream === stream) this.places.delete(id)
    for (const message of batch.messages) {
      const known = this.messages.get(message.remoteId)
      if (known === undefined) counts.new++
      this.messages.set(message.remoteId, { ...(known ?? message), deleted: false })
      if (message.place !== null) {
        const { place, remoteId, read, answered } = message
        this.places.set(key(place), { stream, place, remoteId, read, answered })
      }
    }
    for (const mark of batch.marks) {
      const known = this.places.get(key(mark.place))
      const remoteId = known?.remoteId ?? mark.remoteId
      const message = remoteId === undefined ? undefined : this.messages.get(remoteId)
      if (message === undefined) continue
      counts.updated++
      this.places.set(key(mark.place), {
        stream,
        place: mark.place,
        remoteId: message.remoteId,
        read: mark.read,
        answered: mark.answered,
      })
      message.read = mark.read
      message.answered = mark.answered
    }
    for (const place of batch.gone) this.places.delete(key(place))
    if (batch.gone.length > 0 || batch.settled) {
      const placed = new Set([...this.places.values()].map((one) => one.remoteId))
      for (const message of this.messages.values())
        if (!message.deleted && !placed.has(message.remoteId)) {
          message.deleted = true
          counts.deleted++
        }
    }
    this.cursors.set(stream, batch.cursor)
    return counts
  }
}

export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms)
      timer.unref()
      signal?.addEventListener(
        'abort',
        () => {
          clearTimeout(timer)
          reject(signal.reason)
        },
        { once: true },
      )
    }),
}

const noHttp: Http = { fetch: () => Promise.reject(new Error('no HTTP in this test')) }

/** Settings of the test user's account on a server. */
export function settingsFor(server: Dovecot, change: Partial<MailSettings> = {}): MailSettings {
  return {
    address: server.user,
    user: server.user,
    auth: 'password',
    imap: { host: server.host, port: server.imap, security: 'none' },
    smtp: null,
    folders: [],
    ca: null,
    pins: {},
    ...change,
  }
}

/** A mail of a few lines. */
export function mail(subject: string, change: { from?: string; id?: string; headers?: string; body?: string } = {}): string {
  const id = change.id ?? `${subject.replaceAll(/\W+/g, '.')}@test.example`
  return [
    `From: ${change.from ?? 'Ada Citizen <ada@citizen.example>'}`,
    'To: office@parliament.example',
    `Subject: ${subject}`,
    `Message-ID: <${id}>`,
    'Date: Mon, 5 Jan 2026 10:00:00 +0000',
    ...(change.headers === undefined ? [] : [change.headers]),
    '',
    change.body ?? `About ${subject}.`,
    '',
  ].join('\r\n')
}
