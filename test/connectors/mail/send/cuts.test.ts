import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Client, Outgoing, Sent } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import { mailConnector } from '#connectors/mail/connector.ts'
import { messageIdOf } from '#connectors/mail/send/compose.ts'
import type { MailSettings } from '#shared/model/index.ts'
import { type MovableClock, movableClock } from '../../../support/clock.ts'
import { MemoryOffice } from '../../../support/context.ts'
import { type Dovecot, startDovecot } from '../../../support/dovecot.ts'
import { type Exim, startExim } from '../../../support/exim.ts'
import { needs } from '../../../support/needs.ts'
import { type Cut, cuts, type SmtpCutter, startSmtpCutter } from '../../../support/smtp-cutter.ts'
import { settingsFor } from '../samples.ts'
import { outgoing } from './outgoing.ts'

const none = new AbortController().signal
/** Sends in one run; `DISPATCH_SENDS=1000` for the long one. */
const SENDS = Number(process.env['DISPATCH_SENDS'] ?? 200)

/** What goes wrong at one try. */
interface Trouble {
  cut: Cut | null
  /** The process ends at this commit of the sending, before or after it is durable; with `atCut` when the line breaks. */
  kill: { commit: number; when: 'before' | 'after' } | 'atCut' | null
}

/** Random numbers that a failing run can be repeated with. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/**
 * What the outbox does, in short: send; send again only after `untaken` or when `find` says that it is not there.
 * @returns `unconfirmed` where a person has to decide.
 */
class Outbox {
  readonly office: MemoryOffice<MailSettings>
  private readonly cutter: SmtpCutter
  private readonly exim: Exim
  private readonly clock: MovableClock
  private client: Client
  tries = 0
  kills = 0

  constructor(office: MemoryOffice<MailSettings>, cutter: SmtpCutter, exim: Exim, clock: MovableClock) {
    this.office = office
    this.cutter = cutter
    this.exim = exim
    this.clock = clock
    this.client = mailConnector.create(office.open())
  }

  async carry(item: Outgoing, troubles: Trouble[]): Promise<'sent' | 'unconfirmed'> {
    for (let attempt = 0; ; attempt++) {
      const outcome = await this.attempt(item, troubles[attempt] ?? { cut: null, kill: null })
      if (outcome === 'again') continue
      if (outcome !== 'unknown') return 'sent'
      const found = await this.ask(item)
      if (found === 'unconfirmed') return 'unconfirmed'
      if (found !== null) return 'sent'
    }
  }

  close(): Promise<void> {
    return this.client.close()
  }

  private async attempt(item: Outgoing, trouble: Trouble): Promise<Sent | 'again' | 'unknown'> {
    this.tries++
    this.cutter.next = trouble.cut
    let killed = false
    const { kill } = trouble
    if (kill !== null && kill !== 'atCut') this.office.killAt(kill)
    this.cutter.onCut = kill !== 'atCut' ? null : () => this.office.killAt({ commit: 1, when: 'before' })
    try {
      const sent = await (this.client.send as NonNullable<Client['send']>)(item, none)
      // a process that ended cannot have heard of it
      killed = kill === 'atCut' && trouble.cut !== null
      if (!killed) return sent
    } catch (error) {
      if (kill === null && error instanceof ConnectorFault && error.untaken) return 'again'
    } finally {
      this.cutter.next = null
      this.cutter.onCut = null
      this.office.killAt(null)
    }
    if (kill !== null) await this.restart()
    return 'unknown'
  }

  /** The office as it was left on the disk, and nothing else. */
  private async restart(): Promise<void> {
    this.kills++
    await this.client.close()
    this.client = mailConnector.create(this.office.open())
  }

  private async ask(item: Outgoing): Promise<Sent | null | 'unconfirmed'> {
    for (;;) {
      try {
        return await (this.client.find as NonNullable<Client['find']>)(item, none)
      } catch (error) {
        if (!(error instanceof ConnectorFault) || error.code !== 'mail_unconfirmed') throw error
        if (error.kind === 'decision') return 'unconfirmed'
        // the time that passes at once here is time in which the server works
        await this.cutter.idle()
        await this.exim.settled()
        this.clock.pass(Math.max(0, (error.retryAt ?? 0) - this.clock.now()) + 1)
      }
    }
  }
}

const servers = [
  { name: 'that files by itself', files: true },
  { name: 'that leaves filing to us', files: false },
]
for (const { name, files } of servers)
  needs(
    'dovecot',
    'exim',
    'openssl',
  )(`a line that breaks, to a server ${name}`, () => {
    let dovecot: Dovecot
    let exim: Exim
    let cutter: SmtpCutter
    let outbox: Outbox
    beforeAll(async () => {
      dovecot = await startDovecot()
      exim = await startExim({ plain: true, ...(files ? { files: `${dovecot.dir}/mail/${dovecot.user}/.Sent` } : {}) })
      cutter = await startSmtpCutter(exim.smtp)
      const clock = movableClock()
      const smtp = { host: 'localhost', port: cutter.port, security: 'none' as const }
      const office = new MemoryOffice({ settings: settingsFor(dovecot, { smtp, perMinute: 6000 }), secret: exim.password, clock })
      outbox = new Outbox(office, cutter, exim, clock)
      // what the server does with copies is learned from a few mails
      for (let count = 0; count < 3; count++) await outbox.carry(outgoing(), [])
    }, 60_000)
    afterAll(async () => {
      await outbox.close()
      await cutter.stop()
      await exim.stop()
      await dovecot.stop()
    })

    it.each(cuts)('at %s: once, or a person is asked', async (cut) => {
      for (const kill of [null, 'atCut'] as const) {
        const item = outgoing()
        const outcome = await outbox.carry(item, [{ cut, kill }])
        await cutter.idle()
        const taken = exim.taken(messageIdOf(item.key, outbox.office.settings))
        const end = cut === 'unsent' || cut === 'race' || cut === 'taken'
        if (files || !end) expect([outcome, taken]).toEqual(['sent', 1])
        else {
          expect(outcome).toBe('unconfirmed')
          // Exim drops a mail when it finds the line gone before it has answered
          if (cut === 'race') expect(taken).toBeLessThanOrEqual(1)
          else expect(taken).toBe(cut === 'unsent' ? 0 : 1)
        }
      }
    })

    it(
      `${SENDS} mails with random troubles: none lost, none twice`,
      async () => {
        const seed = Number(process.env['DISPATCH_SEED'] ?? 20_260_105)
        const next = random(seed)
        const pick = <Item>(items: readonly Item[]) => items[Math.floor(next() * items.length)] as Item
        const items: { item: Outgoing; outcome: string; troubles: Trouble[] }[] = []
        const before = await dovecot.count('Sent')
        for (let at = 0; at < SENDS; at++) {
          const troubles = Array.from({ length: Math.floor(next() * 3) }, (): Trouble => {
            const cut = next() < 0.7 ? pick(cuts) : null
            const kill =
              next() < 0.6
                ? null
                : next() < 0.5
                  ? ('atCut' as const)
                  : { commit: 1 + Math.floor(next() * 2), when: pick(['before', 'after'] as const) }
            return { cut, kill }
          })
          const item = outgoing({ subject: `mail ${at}` })
          items.push({ item, outcome: await outbox.carry(item, troubles), troubles })
        }
        await exim.settled()
        const wrong = items
          .map((one) => ({ ...one, taken: exim.taken(messageIdOf(one.item.key, outbox.office.settings)) }))
          .filter(({ outcome, taken }) => (outcome === 'sent' ? taken !== 1 : taken > 1 || files))
        expect(wrong.map(({ outcome, taken, troubles }) => ({ seed, outcome, taken, troubles }))).toEqual([])
        const sent = items.filter(({ outcome }) => outcome === 'sent').length
        expect(outbox.tries).toBeGreaterThan(SENDS)
        expect(outbox.kills).toBeGreaterThan(SENDS / 20)
        if (files) expect(sent).toBe(SENDS)
        // each mail that was sent lies in the folder of sent mail once
        expect(await dovecot.count('Sent')).toBe(before + sent)
      },
      SENDS * 1500,
    )
  })
