import type { ConnectorFault } from '#connectors/fault.ts'
import { Engine } from '#engine/engine.ts'
import type { Account, AccountId } from '#shared/model/index.ts'
import type { Store } from '#store/store.ts'
import { type Direct, direct, identityIn } from '../store/direct.ts'
import { FakeClock } from '../support/clock.ts'
import { mailSettings, type ScriptedNetwork, scriptedNetwork } from '../support/fake-connector.ts'
import { memorySecrets, quietLog } from '../support/office.ts'

export const MINUTE = 60_000
export const HALF = 30_000
export const POLL = 5 * MINUTE

/** The store without threads: what it is asked for is done before the promise is handed back. */
function storeOf(office: Direct): Store {
  const async = (calls: object) =>
    Object.fromEntries(
      Object.entries(calls as Record<string, (...args: unknown[]) => unknown>).map(([name, call]) => [
        name,
        async (...args: unknown[]) => call(...args),
      ]),
    )
  const store = {
    readOnly: false,
    officeId: 'office',
    read: async(office.read),
    write: async(office.write),
    close: async () => {},
  }
  return store as unknown as Store
}

/** An office on one machine, with a network that is asked every five minutes. */
export class Machine {
  readonly office = direct()
  readonly identity = identityIn(this.office)
  readonly network: ScriptedNetwork = scriptedNetwork()
  clock = new FakeClock()
  engine: Engine
  /** Why passes fail; null when they come to their end. */
  fault: ConnectorFault | null = null
  /** Told of every pass that came to its end, and of every fault. */
  passed: (ok: boolean) => void = () => undefined

  constructor(autostart = true) {
    this.network.script.sync = [
      async () => {
        this.passed(this.fault === null)
        if (this.fault) throw this.fault
      },
    ]
    this.engine = this.make(autostart)
  }

  private make(autostart: boolean, settleMs = 0): Engine {
    const { clock } = this
    this.network.script.wait = [(signal) => clock.sleep(POLL, signal)]
    return new Engine({
      store: storeOf(this.office),
      ports: {
        secrets: memorySecrets(),
        clock,
        http: { fetch: () => Promise.reject(new Error('no network')) },
        sockets: { connect: () => Promise.reject(new Error('no network')) },
        log: quietLog,
        notify: { show: () => undefined, badge: () => undefined },
        paths: { office: this.office.dir, data: this.office.dir },
      },
      connectors: this.network.connectors,
      autostart,
      settleMs,
      random: () => 0,
    })
  }

  /** The program starts, after it was closed or killed for so long. */
  async start(afterMs = 0, autostart = true, settleMs = 0): Promise<void> {
    // A clock of its own: whatever an engine that was killed still waits for never comes.
    this.clock = new FakeClock(this.clock.now() + afterMs)
    this.engine = this.make(autostart, settleMs)
    await this.engine.open()
    await settle()
  }

  async add(): Promise<Account> {
    const account = await this.engine.accounts.add({
      identityId: this.identity.id,
      label: null,
      network: 'mail',
      settings: mailSettings,
      secret: 'hunter2',
    })
    await settle()
    return account
  }

  /** Time goes by, half a minute at a time, as long as the machine looks whether it is awake. */
  async run(ms: number): Promise<void> {
    for (let gone = 0; gone < ms; gone += HALF) {
      this.clock.advance(HALF)
      await settle()
    }
  }

  async asleep(move: () => void): Promise<void> {
    move()
    await settle()
  }

  intervals(id: AccountId) {
    return (
      this.office.read
        .coverage({ identityIds: null, accountIds: [id], from: null, to: null })[0]
        ?.intervals.map(({ state, from, to }) => `${state} ${clockText(from)}-${clockText(to)}`) ?? []
    )
  }
}

const clockText = (instant: string) => instant.slice(11, 19).replace(/:00$/, '')
export const settle = () => new Promise((resolve) => setImmediate(resolve))
