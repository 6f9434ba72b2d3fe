import type { Capabilities, Network } from '#shared/model/index.ts'
import type { About, Checked, Client, Connector, Context, IncomingProfile, NetworkAct, Outgoing, Sent } from './connector.ts'

/**
 * A connector whose code is loaded when an account first needs it. The window shows the inbox meanwhile, and an office
 * without such an account never pays for it.
 */
export function later<Settings>(about: About<Settings>, load: () => Promise<Connector<Settings>>): Connector<Settings> {
  let loading: Promise<Connector<Settings>> | null = null
  const loaded = () => {
    loading ??= load()
    return loading
  }
  return {
    ...about,
    create: (context) => new LaterClient(about.network, loaded, context),
    render: async (raw, mediaType) => (await loaded()).render(raw, mediaType),
    attachment: async (raw, mediaType, index) => (await loaded()).attachment(raw, mediaType, index),
    fetchAttachment: async (named, http, signal) => (await (await loaded()).fetchAttachment?.(named, http, signal)) ?? null,
    ...(about.capabilities.imports.length > 0 && {
      importFiles: async (request, context, signal) => {
        const { importFiles } = await loaded()
        if (!importFiles) throw new Error(`${about.network} says that it imports files, and does not`)
        return importFiles(request, context, signal)
      },
    }),
  }
}

/** Stands for a client until its code is there. Closed before that, it never begins. */
class LaterClient<Settings> implements Client {
  private readonly client: () => Promise<Client>
  private begun: Promise<Client> | null = null
  private readonly network: Network

  constructor(network: Network, loaded: () => Promise<Connector<Settings>>, context: Context<Settings>) {
    this.network = network
    this.client = async () => {
      const { create } = await loaded()
      return create(context)
    }
  }

  async check(signal: AbortSignal): Promise<Checked> {
    return (await this.begin()).check(signal)
  }

  async checkSending(signal: AbortSignal): Promise<void> {
    const client = await this.begin()
    if (!client.checkSending) throw this.missing('sends')
    return client.checkSending(signal)
  }

  async sync(signal: AbortSignal): ReturnType<Client['sync']> {
    return (await this.begin()).sync(signal)
  }

  async wait(signal: AbortSignal): Promise<void> {
    return (await this.begin()).wait(signal)
  }

  async act(act: NetworkAct, signal: AbortSignal): Promise<void> {
    return (await this.begin()).act(act, signal)
  }

  async send(item: Outgoing, signal: AbortSignal): Promise<Sent> {
    const client = await this.begin()
    if (!client.send) throw this.missing('sends')
    return client.send(item, signal)
  }

  async find(item: Outgoing, signal: AbortSignal): Promise<Sent | null> {
    const client = await this.begin()
    if (!client.find) throw this.missing('finds')
    return client.find(item, signal)
  }

  async reread(remoteIds: string[], signal: AbortSignal): Promise<void> {
    const client = await this.begin()
    if (!client.reread) throw this.missing('rereads')
    return client.reread(remoteIds, signal)
  }

  async profile(handle: string, signal: AbortSignal): Promise<IncomingProfile | null> {
    const client = await this.begin()
    if (!client.profile) throw this.missing('profiles')
    return client.profile(handle, signal)
  }

  async close(): Promise<void> {
    if (this.begun) await (await this.begun).close()
  }

  private missing(capability: keyof Capabilities): Error {
    return new Error(`${this.network} does not have what it declares: ${capability}`)
  }

  private begin(): Promise<Client> {
    this.begun ??= this.client()
    return this.begun
  }
}
