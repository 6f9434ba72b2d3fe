import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Context } from '#connectors/connector.ts'
import { mailConnector } from '#connectors/mail/connector.ts'
import { connectors } from '#connectors/registry.ts'
import { Engine } from '#engine/engine.ts'
import { systemClock } from '#hosts/ports/clock.ts'
import { systemHttp, systemSockets } from '#hosts/ports/http.ts'
import { defaultMark, type MailSettings } from '#shared/model/index.ts'
import { ask } from '../test/support/ask.ts'
import { type Dovecot, dovecotMissing, startDovecot } from '../test/support/dovecot.ts'
import { findProgram } from '../test/support/needed.ts'
import { testOffice } from '../test/support/office.ts'
import { mailCorpus } from './corpus.ts'
import { type BenchRow, bounded, median } from './row.ts'

const MESSAGES = 20_000
const ROUNDS = 3
const GROUP = 'sync'

/**
 * A first sync of 20,000 messages from a Dovecot on loopback, against mbsync on the same mailbox in alternating rounds.
 * `connector`: fetched, parsed and thrown away. `office`: parsed, stored, encrypted and searchable, by the real engine.
 */
export async function run(): Promise<BenchRow[]> {
  const missing = dovecotMissing() ?? (findProgram('mbsync') === null ? 'mbsync is not installed (Debian: isync)' : null)
  if (missing !== null)
    return [
      { id: 'sync.first.ratio', group: GROUP, value: 0, unit: 'x', goal: '>= 1', ok: null, against: `left out: ${missing}` },
    ]
  const server = await startDovecot()
  try {
    server.deliver(mailCorpus(MESSAGES))
    // the server reads its files into its index once, for whoever comes first
    await server.command('SELECT INBOX', 'FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE)')
    const theirs: number[] = []
    const connector: number[] = []
    const office: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      theirs.push(MESSAGES / mbsync(server))
      office.push(MESSAGES / (await wholeOffice(server)))
      connector.push(MESSAGES / (await discard(server)))
    }
    const against = (rates: number[]) => median(rates.map((rate, round) => rate / (theirs[round] as number)))
    const rate = (id: string, rates: number[], what: string): BenchRow => ({
      id,
      group: GROUP,
      value: median(rates),
      unit: '/s',
      goal: null,
      ok: null,
      against: what,
    })
    return [
      rate('sync.first.mbsync', theirs, `mbsync, ${MESSAGES} messages`),
      rate('sync.first.connector', connector, 'fetched and parsed'),
      rate('sync.first.office', office, 'fetched, parsed, stored and searchable'),
      {
        id: 'sync.first.connector.ratio',
        group: GROUP,
        value: against(connector),
        unit: 'x',
        goal: null,
        ok: null,
        against: 'mbsync',
      },
      bounded({ id: 'sync.first.ratio', group: GROUP, value: against(office), unit: 'x', against: 'mbsync' }, '>=', 1),
    ]
  } finally {
    await server.stop()
  }
}

/** Seconds that mbsync takes for the whole mailbox. */
function mbsync(server: Dovecot): number {
  const dir = mkdtempSync(join(tmpdir(), 'dispatch-mbsync-'))
  try {
    mkdirSync(join(dir, 'mail'))
    const config = join(dir, 'mbsyncrc')
    writeFileSync(
      config,
      `FSync no\nIMAPAccount a\nHost 127.0.0.1\nPort ${server.imap}\nUser ${server.user}\nPass ${server.password}\nSSLType None\nAuthMechs LOGIN\nTimeout 300\n\nIMAPStore far\nAccount a\n\nMaildirStore near\nPath ${dir}/mail/\nInbox ${dir}/mail/INBOX\nSubFolders Verbatim\n\nChannel all\nFar :far:\nNear :near:\nPatterns INBOX\nSync Pull New\nCreate Near\nSyncState *\n`,
    )
    const start = performance.now()
    const result = spawnSync('mbsync', ['-q', '-c', config, 'all'], { encoding: 'utf8' })
    const seconds = (performance.now() - start) / 1000
    const brought = readdirSync(join(dir, 'mail/INBOX/new')).length + readdirSync(join(dir, 'mail/INBOX/cur')).length
    if (result.status !== 0 || brought !== MESSAGES) throw new Error(`mbsync brought ${brought}: ${result.stderr}`)
    return seconds
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Seconds that the connector takes when what it brings is only counted. */
async function discard(server: Dovecot): Promise<number> {
  const settings = settingsOf(server)
  let brought = 0
  const quiet = () => undefined
  const context: Context<MailSettings> = {
    settings,
    secret: async () => server.password,
    setSecret: async () => undefined,
    setSettings: async () => undefined,
    cursor: async () => null,
    known: async () => [],
    has: async () => new Set(),
    keep: async () => ({ sha256: '', size: 0 }),
    commit: async (batch) => {
      brought += batch.messages.length
      return { new: batch.messages.length, updated: 0, deleted: 0 }
    },
    progress: quiet,
    reaches: quiet,
    limits: quiet,
    source: async () => null,
    clock: systemClock,
    http: systemHttp,
    sockets: systemSockets,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  }
  const client = mailConnector.create(context)
  const start = performance.now()
  await client.sync(new AbortController().signal)
  const seconds = (performance.now() - start) / 1000
  await client.close()
  if (brought !== MESSAGES) throw new Error(`the connector brought ${brought}`)
  return seconds
}

/** Seconds that an office takes from an empty database until every message is stored and can be found. */
async function wholeOffice(server: Dovecot): Promise<number> {
  const office = await testOffice()
  const ports = { ...office.ports, clock: systemClock }
  const engine = new Engine({ store: office.store, ports, connectors, autostart: false, random: Math.random })
  try {
    const identity = await office.store.write.addIdentity({
      name: 'Office',
      voice: 'institutional',
      ...defaultMark.institutional,
    })
    const input = {
      network: 'mail',
      identityId: identity.id,
      label: null,
      settings: settingsOf(server),
      secret: server.password,
    } as const
    const account = await engine.accounts.add(input)
    const start = performance.now()
    const [report] = await engine.accounts.sync(account.id)
    const seconds = (performance.now() - start) / 1000
    const found = await office.store.read.find(ask('committee', 50))
    if (report?.problem || report?.new !== MESSAGES || found.hits.length !== 50)
      throw new Error(`the office has ${report?.new} messages and finds ${found.hits.length}: ${JSON.stringify(report?.problem)}`)
    return seconds
  } finally {
    await engine.accounts.close()
    await office.remove()
  }
}

function settingsOf(server: Dovecot): MailSettings {
  const { host, imap: port, user } = server
  return {
    address: user,
    user,
    auth: 'password',
    imap: { host, port, security: 'none' },
    smtp: null,
    folders: ['INBOX'],
    ca: null,
    pins: {},
  }
}
