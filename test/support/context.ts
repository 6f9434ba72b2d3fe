import { createHash } from 'node:crypto'
import type { Batch, Committed, Context, IncomingMessage, KnownPlace, SourceMessage } from '#connectors/connector.ts'
import { systemClock } from '#hosts/ports/clock.ts'
import { systemHttp, systemSockets } from '#hosts/ports/http.ts'
import type { Clock, Http, Log, Sockets } from '#ports/index.ts'
import { Instant, type Progress, type SendLimits } from '#shared/model/index.ts'

/** The process ended in the middle of a commit: thrown by every call of a context from then on. */
export class Killed extends Error {}

/** What the office knows of one message. */
export interface KeptMessage {
  /** Captured versions, oldest first. */
  versions: IncomingMessage[]
  read: boolean
  answered: boolean
  /** It had a place once, and its last one is gone. */
  deleted: boolean
}

/** When to end the process: at the `commit`-th commit from now (from 1), `before` anything of it is saved or `after` all is. */
export interface KillPlan {
  commit: number
  when: 'before' | 'after'
}

interface Place {
  stream: string
  place: string
  remoteId: string
  read: boolean
  answered: boolean
}

const MOST_MESSAGES = 1000
const MOST_BYTES = 8 * 1024 * 1024

export const silentLog: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

export interface OfficeOptions<Settings> {
  settings: Settings
  secret?: string | null
  clock?: Clock
  http?: Http
  sockets?: Sockets
  log?: Log
  /** What a message is called, where the network knows no subjects. */
  called?: (message: IncomingMessage) => string
}

/**
 * One account's part of an office, kept in memory, with the rules of the real store: a batch is saved whole or not at
 * all, messages are known by their remote id, other bytes are a new version, and a message whose last place is gone was
 * deleted. What is here outlives a kill; a `Context` does not.
 */
export class MemoryOffice<Settings> {
  settings: Settings
  secret: string | null
  readonly messages = new Map<string, KeptMessage>()
  readonly cursors = new Map<string, string>()
  readonly progress: Progress[] = []
  /** How far back the network said that it reaches. */
  reach: Instant | null = null
  /** What the account may send, as the network said. */
  limits: SendLimits | null = null
  /** Files that were put into the office, by the hash of their bytes. */
  readonly kept = new Map<string, Uint8Array>()
  /** Batches saved, oldest first. */
  readonly batches: Batch[] = []
  /** How often settings were changed by the connector and saved. */
  settingsSaved = 0
  private readonly places = new Map<string, Place>()
  private readonly unsettled = new Map<string, Set<string>>()
  private readonly options: OfficeOptions<Settings>
  private plan: KillPlan | null = null

  constructor(options: OfficeOptions<Settings>) {
    this.options = options
    this.settings = options.settings
    this.secret = options.secret ?? null
  }

  /** Subjects of all messages as they now are, sorted: what the kit compares with what the network has. */
  get subjects(): string[] {
    return [...this.messages.values()].map((message) => this.called(message)).sort()
  }

  /** The message with that subject. @throws when there is none or more than one. */
  find(subject: string): KeptMessage {
    const found = [...this.messages.values()].filter((message) => this.called(message) === subject)
    if (found.length !== 1) throw new Error(`${found.length} messages have the subject ${subject}`)
    return found[0] as KeptMessage
  }

  private called(message: KeptMessage): string {
    return (this.options.called ?? (({ subject }) => subject))(newest(message))
  }

  killAt(plan: KillPlan | null): void {
    this.plan = plan
  }

  /** What a connector is given when the process starts. Made anew after a kill. */
  open(): Context<Settings> {
    const { clock = systemClock, http = systemHttp, sockets = systemSockets, log = silentLog } = this.options
    const office = this
    let unsaved: { settings: Settings } | null = null
    let inFlight = 0
    let dead = false
    let saving: Promise<unknown> = Promise.resolve()
    const alive = () => {
      if (dead) throw new Killed('the process was ended')
    }
    const save = async (batch: Batch): Promise<Committed> => {
      const plan = office.plan
      if (plan !== null) plan.commit--
      if (plan !== null && plan.commit <= 0) dead = true
      if (plan === null || plan.commit > 0 || plan.when === 'after') {
        const result = office.apply(batch)
        if (unsaved) {
          office.settings = unsaved.settings
          office.settingsSaved++
          unsaved = null
        }
        if (plan === null || plan.commit > 0) return result
      }
      office.plan = null
      throw new Killed('the process was ended')
    }
    return {
      get settings() {
        return unsaved ? unsaved.settings : office.settings
      },
      secret: async () => office.secret,
      setSecret: async (value) => {
        alive()
        office.secret = value
      },
      setSettings: async (settings) => {
        alive()
        unsaved = { settings }
      },
      cursor: async (stream) => {
        alive()
        return office.cursors.get(stream) ?? null
      },
      known: async (stream): Promise<KnownPlace[]> => {
        alive()
        return [...office.places.values()].filter((place) => place.stream === stream)
      },
      has: async (remoteIds) => {
        alive()
        return new Set(remoteIds.filter((id) => office.messages.has(id)))
      },
      commit: async (batch) => {
        alive()
        checkBatch(batch)
        const copy = structuredClone(batch)
        if (++inFlight > 2) throw new Error('more than two batches were in flight')
        const turn = saving.then(async () => {
          // As long as a real transaction would let others run.
          await new Promise((resolve) => setImmediate(resolve))
          alive()
          return save(copy)
        })
        saving = turn.catch(() => undefined)
        try {
          return await turn
        } finally {
          inFlight--
        }
      },
      keep: async (bytes) => {
        alive()
        const pieces: Uint8Array[] = []
        for await (const piece of bytes) pieces.push(piece)
        const file = Buffer.concat(pieces)
        const sha256 = createHash('sha256').update(file).digest('hex')
        office.kept.set(sha256, file)
        return { sha256, size: file.length }
      },
      progress: (progress) => {
        office.progress.push(progress)
      },
      reaches: (oldest) => {
        office.reach = oldest
      },
      limits: (limits) => {
        office.limits = limits
      },
      source: async (remoteId) => {
        alive()
        return office.source(remoteId)
      },
      clock,
      http,
      sockets,
      log,
    }
  }

  /** A message as `Context.source` gives it. */
  source(remoteId: string): SourceMessage | null {
    const message = this.messages.get(remoteId)
    if (!message) return null
    const { direction, raw, mediaType } = newest(message)
    const places = [...this.places.values()].filter((place) => place.remoteId === remoteId).map(({ place }) => place)
    return { remoteId, direction, places: places.sort(), raw, mediaType }
  }

  private apply(batch: Batch): Committed {
    this.batches.push(batch)
    const result: Committed = { new: 0, updated: 0, deleted: 0 }
    const lost = new Set<string>()
    const unsettled = this.unsettled.get(batch.stream)
    if (batch.reset) {
      const waiting = unsettled ?? new Set<string>()
      for (const place of [...this.places.values()].filter((one) => one.stream === batch.stream)) {
        this.places.delete(key(place.stream, place.place))
        waiting.add(place.remoteId)
      }
      this.unsettled.set(batch.stream, waiting)
    }
    for (const name of batch.gone) {
      const place = this.places.get(key(batch.stream, name))
      if (!place) continue
      this.places.delete(key(batch.stream, name))
      lost.add(place.remoteId)
    }
    for (const message of batch.messages) this.take(batch.stream, message, result)
    for (const mark of batch.marks) {
      const known = this.places.get(key(batch.stream, mark.place))
      const remoteId = known?.remoteId ?? mark.remoteId
      const message = remoteId === undefined ? undefined : this.messages.get(remoteId)
      if (remoteId === undefined || !message) continue
      this.setPlace(batch.stream, mark.place, remoteId, mark)
    }
    if (batch.settled) {
      for (const id of this.unsettled.get(batch.stream) ?? []) lost.add(id)
      this.unsettled.delete(batch.stream)
    }
    const placed = new Set([...this.places.values()].map((place) => place.remoteId))
    const waiting = new Set([...this.unsettled.values()].flatMap((ids) => [...ids]))
    for (const id of lost) {
      const message = this.messages.get(id)
      if (!message || message.deleted || placed.has(id) || waiting.has(id)) continue
      message.deleted = true
      result.deleted++
    }
    this.cursors.set(batch.stream, batch.cursor)
    return result
  }

  private take(stream: string, message: IncomingMessage, result: Committed): void {
    const known = this.messages.get(message.remoteId)
    if (!known) {
      this.messages.set(message.remoteId, { versions: [message], read: message.read, answered: message.answered, deleted: false })
      result.new++
    } else if (isOther(newest(known), message)) {
      known.versions.push(message)
      result.updated++
    }
    if (message.place !== null) this.setPlace(stream, message.place, message.remoteId, message)
  }

  private setPlace(stream: string, place: string, remoteId: string, flags: { read: boolean; answered: boolean }): void {
    this.places.set(key(stream, place), { stream, place, remoteId, read: flags.read, answered: flags.answered })
    const message = this.messages.get(remoteId)
    if (!message) return
    message.read = flags.read
    message.answered = flags.answered
    message.deleted = false
  }
}

export function newest(message: KeptMessage): IncomingMessage {
  return message.versions.at(-1) as IncomingMessage
}

function key(stream: string, place: string): string {
  return JSON.stringify([stream, place])
}

/** The interface's rules for a batch, which the real store relies on. */
function checkBatch(batch: Batch): void {
  const bytes = batch.messages.reduce((sum, message) => sum + message.raw.byteLength, 0)
  if (batch.messages.length > MOST_MESSAGES) throw new Error(`${batch.messages.length} messages in one batch`)
  if (batch.messages.length > 1 && bytes > MOST_BYTES + 1024 * 1024) throw new Error(`${bytes} bytes in one batch`)
  for (const message of batch.messages) {
    if (message.remoteId === '') throw new Error('a message without an id')
    if (message.threadKeys.length === 0) throw new Error('a message without a thread')
    if (message.raw.byteLength === 0) throw new Error('a message without bytes')
    if (message.raw.buffer.byteLength > message.raw.byteLength + 64 * 1024)
      throw new Error('a message that holds on to more memory than its own')
    if (/[\0\ue000\ue001]/.test(message.text)) throw new Error('marks of search hits in a text')
    if (message.attachments.some((attachment, index) => attachment.index !== index))
      throw new Error('attachments not numbered in order')
    Instant.parse(message.at)
  }
}

/** Whether a message that is there says something else now. Where counts change by themselves, its words and files decide. */
function isOther(before: IncomingMessage, now: IncomingMessage): boolean {
  if (!now.volatile) return !Buffer.from(before.raw).equals(now.raw)
  const said = ({ subject, text, link, attachments }: IncomingMessage) =>
    JSON.stringify([subject, text, link, attachments.map(({ name }) => name)])
  return said(before) !== said(now)
}
