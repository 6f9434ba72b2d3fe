import { expect, test } from 'vitest'
import type { About, Client, Connector, Context } from '#connectors/connector.ts'
import { later } from '#connectors/later.ts'
import { connectors } from '#connectors/registry.ts'

interface Settings {
  name: string
}

const about: About<Settings> = {
  network: 'mail',
  capabilities: {
    push: true,
    readFlag: true,
    answeredFlag: true,
    edits: false,
    deletions: true,
    login: true,
    imports: ['mbox'],
    live: true,
    sends: false,
    finds: false,
    rereads: false,
    profiles: false,
  },
  parseSettings: (stored) => stored as Settings,
  address: ({ name }) => name,
}

/** A connector that says what was asked of it, and how often its code was loaded. */
function recorded(parts: Partial<Connector<Settings>> = {}) {
  const heard: string[] = []
  const client = (context: Context<Settings>): Client => ({
    check: () => Promise.resolve({ label: context.settings.name, streams: [] }),
    sync: () => Promise.resolve(null),
    wait: () => Promise.resolve(),
    act: (act) => {
      heard.push(`act ${act.remoteId}`)
      return Promise.resolve()
    },
    close: () => {
      heard.push('close')
      return Promise.resolve()
    },
  })
  const whole: Connector<Settings> = {
    ...about,
    create: (context) => {
      heard.push('create')
      return client(context)
    },
    render: (raw) => Promise.resolve({ html: null, text: String(raw.length), damaged: false, attachments: [] }),
    attachment: () => Promise.resolve(null),
    ...parts,
  }
  const connector = later(about, () => {
    heard.push('load')
    return Promise.resolve(whole)
  })
  return { connector, heard }
}

const context = { settings: { name: 'one' } } as Context<Settings>
const going = new AbortController().signal

test('what is known of a network needs none of its code', () => {
  const { connector, heard } = recorded()
  expect(connector.address(connector.parseSettings({ name: 'one' }))).toBe('one')
  expect(connector.capabilities.imports).toEqual(['mbox'])
  connector.create(context)
  expect(heard).toEqual([])
})

test('the code is loaded once, with the first that needs it, and one client is made of one account', async () => {
  const { connector, heard } = recorded()
  const client = connector.create(context)
  expect(await client.check(going)).toEqual({ label: 'one', streams: [] })
  await Promise.all([client.sync(going), client.wait(going)])
  await client.act({ kind: 'set_read', remoteId: 'a', places: [], on: true }, going)
  expect((await connector.render(new Uint8Array(3), 'text/plain')).text).toBe('3')
  await client.close()
  expect(heard).toEqual(['load', 'create', 'act a', 'close'])
})

test('a client that is closed before it did anything loads nothing', async () => {
  const { connector, heard } = recorded()
  await connector.create(context).close()
  expect(heard).toEqual([])
})

test('what a network does not offer stays so', async () => {
  const { connector } = recorded()
  const named = { raw: new Uint8Array(), mediaType: '', index: 0, endpoint: '' }
  expect(await connector.fetchAttachment?.(named, {} as never, going)).toBeNull()
  await expect(connector.importFiles?.({ format: 'mbox', path: '/', parts: [] }, context, going)).rejects.toThrow(
    'mail says that it imports files',
  )
  expect(
    later({ ...about, capabilities: { ...about.capabilities, imports: [] } }, () => Promise.reject(new Error('no'))).importFiles,
  ).toBeUndefined()
})

test('every network of the registry is what it says it is', async () => {
  for (const [name, connector] of Object.entries(connectors)) {
    expect(connector.network).toBe(name)
    // Garbage, which every network survives: so the code behind the name was loaded.
    const rendered = await connector.render(new TextEncoder().encode('no such thing'), 'text/plain')
    expect(typeof rendered.text).toBe('string')
    expect(connector.importFiles !== undefined).toBe(connector.capabilities.imports.length > 0)
  }
})
