import type {
  Batch,
  Client,
  Connector,
  Context,
  IncomingMessage,
  IncomingProfile,
  NetworkAct,
  Outgoing,
  Sent,
} from '#connectors/connector.ts'
import type { Connectors } from '#engine/networks.ts'
import {
  type ArchiveNetwork,
  ArchiveSettings,
  BlogSettings,
  BlueskySettings,
  FeedSettings,
  MailSettings,
  MastodonSettings,
  type Network,
  type Problem,
  type SendLimits,
  SmsSettings,
} from '#shared/model/index.ts'

/** What a scripted network does when the engine calls: one entry per call, the last one again and again. */
export interface Script {
  check: () => Promise<void>
  sync: ((
    commit: (batch: Batch) => Promise<unknown>,
    signal: AbortSignal,
    context: Pick<Context<unknown>, 'setSettings' | 'reaches'>,
  ) => Promise<void>)[]
  wait: ((signal: AbortSignal) => Promise<void>)[]
  act: (act: NetworkAct) => Promise<void>
  /** Without one, nothing can be sent; without `find` the network cannot be asked. */
  send: ((item: Outgoing, signal: AbortSignal) => Promise<Sent>) | null
  find: ((item: Outgoing, signal: AbortSignal) => Promise<Sent | null>) | null
  reread: ((remoteIds: string[], commit: (batch: Batch) => Promise<unknown>) => Promise<void>) | null
  profile: ((handle: string) => Promise<IncomingProfile | null>) | null
  /** What an account may send, told with each pass. */
  limits: SendLimits | null
  /** What a pass says although it came to its end. */
  remark: Problem | null
}

export interface ScriptedNetwork {
  connectors: Connectors
  script: Script
  calls: string[]
  acts: NetworkAct[]
  /** Resolves when `name` has been called `count` times in all. */
  called(name: string, count: number): Promise<void>
}

/** Waits until it is stopped, as a push connection with nothing new does. */
export const stayConnected = (signal: AbortSignal): Promise<void> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })

/** A network that follows a script: the engine's side of the connector interface, without a protocol. */
export function scriptedNetwork(): ScriptedNetwork {
  const calls: string[] = []
  const acts: NetworkAct[] = []
  const watchers: (() => void)[] = []
  const script: Script = {
    check: () => Promise.resolve(),
    sync: [() => Promise.resolve()],
    wait: [stayConnected],
    act: () => Promise.resolve(),
    send: null,
    find: null,
    reread: null,
    profile: null,
    limits: null,
    remark: null,
  }
  const call = (name: string) => {
    calls.push(name)
    for (const watch of watchers.splice(0)) watch()
  }
  const count = (name: string) => calls.filter((made) => made === name).length
  const step = <Step>(steps: Step[]): Step => {
    const next = steps.length > 1 ? steps.shift() : steps[0]
    if (next === undefined) throw new Error('the script is empty')
    return next
  }
  const client = <Settings>(context: Context<Settings>): Client => ({
    check: async () => {
      call('check')
      await script.check()
      return { label: 'scripted', streams: ['inbox'] }
    },
    sync: async (signal) => {
      call('sync')
      if (script.limits) context.limits(script.limits)
      await step(script.sync)((batch) => context.commit(batch), signal, {
        setSettings: (changed) => context.setSettings(changed as Settings),
        reaches: (oldest) => context.reaches(oldest),
      })
      return script.remark
    },
    wait: async (signal) => {
      call('wait')
      await step(script.wait)(signal)
    },
    act: async (act) => {
      await script.act(act)
      acts.push(act)
      call('act')
    },
    ...(script.send && {
      send: (item, signal) => {
        call('send')
        return script.send?.(item, signal) ?? Promise.reject(new Error('the script cannot send'))
      },
    }),
    ...(script.find && {
      find: (item, signal) => {
        call('find')
        return script.find?.(item, signal) ?? Promise.reject(new Error('the script cannot find'))
      },
    }),
    ...(script.reread && {
      reread: async (remoteIds) => {
        call('reread')
        await script.reread?.(remoteIds, (batch) => context.commit(batch))
      },
    }),
    ...(script.profile && {
      profile: (handle) => {
        call('profile')
        return script.profile?.(handle) ?? Promise.resolve(null)
      },
    }),
    close: () => {
      call('close')
      return Promise.resolve()
    },
  })
  const connector = <Settings>(
    network: Network,
    parseSettings: (stored: unknown) => Settings,
    address: (settings: Settings) => string,
  ): Connector<Settings> => ({
    network,
    get capabilities() {
      return {
        push: true,
        readFlag: true,
        answeredFlag: true,
        edits: false,
        deletions: true,
        login: true,
        imports: [],
        live: true,
        sends: script.send !== null,
        finds: script.find !== null,
        rereads: script.reread !== null,
        profiles: script.profile !== null,
      }
    },
    parseSettings,
    address,
    create: client,
    render: (raw) => Promise.resolve({ html: null, text: new TextDecoder().decode(raw), damaged: false, attachments: [] }),
    attachment: () => Promise.resolve(null),
  })
  const archive = (network: ArchiveNetwork) =>
    connector(
      network,
      (stored) => ArchiveSettings.parse(stored),
      (settings) => settings.handle ?? '',
    )
  const mastodon = connector(
    'mastodon',
    (stored) => MastodonSettings.parse(stored),
    (settings) => settings.handle ?? '',
  )
  const bluesky = connector(
    'bluesky',
    (stored) => BlueskySettings.parse(stored),
    (settings) => settings.handle ?? '',
  )
  return {
    connectors: {
      x: archive('x'),
      mastodon: { ...mastodon, capabilitiesOf: ({ live }) => ({ ...mastodon.capabilities, live: live !== null }) },
      bluesky: { ...bluesky, capabilitiesOf: ({ live }) => ({ ...bluesky.capabilities, live: live !== null }) },
      facebook: archive('facebook'),
      instagram: archive('instagram'),
      linkedin: archive('linkedin'),
      youtube: archive('youtube'),
      mail: connector(
        'mail',
        (stored) => MailSettings.parse(stored),
        (settings) => settings.address,
      ),
      feed: connector(
        'feed',
        (stored) => FeedSettings.parse(stored),
        (settings) => settings.url,
      ),
      blog: connector(
        'blog',
        (stored) => BlogSettings.parse(stored),
        (settings) => settings.site,
      ),
      sms: connector(
        'sms',
        (stored) => SmsSettings.parse(stored),
        (settings) => settings.number,
      ),
    },
    script,
    calls,
    acts,
    called: async (name, wanted) => {
      while (count(name) < wanted) await new Promise<void>((resolve) => watchers.push(resolve))
    },
  }
}

export const mailSettings: MailSettings = {
  address: 'office@parliament.test',
  user: 'office',
  auth: 'password',
  imap: { host: 'imap.parliament.test', port: 993, security: 'tls' },
  smtp: null,
  folders: [],
  ca: null,
  pins: {},
}

/** One incoming mail; `name` makes it unlike the others. */
export function incoming(name: string, change: Partial<IncomingMessage> = {}): IncomingMessage {
  return {
    remoteId: name,
    place: `INBOX/${name}`,
    threadKeys: [name],
    kind: 'mail',
    direction: 'inbound',
    from: { name: 'Ada Writer', handle: 'ada@constituent.test' },
    to: [{ name: '', handle: 'office@parliament.test' }],
    cc: [],
    subject: `About ${name}`,
    at: '2026-01-14T09:00:00.000Z',
    text: `This is the text of ${name}.`,
    read: false,
    answered: false,
    attachments: [],
    link: null,
    raw: new TextEncoder().encode(`raw ${name}`),
    mediaType: 'message/rfc822',
    endpoint: 'imaps://imap.parliament.test/INBOX',
    ...change,
  }
}

/** A batch of the stream `inbox`. */
export function batchOf(cursor: string, messages: IncomingMessage[], change: Partial<Batch> = {}): Batch {
  return { stream: 'inbox', cursor, messages, marks: [], gone: [], ...change }
}
