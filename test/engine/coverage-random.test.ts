import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Entry } from '#archive/entries.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import { HALF, Machine, MINUTE, settle } from './machine.ts'

const event = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('run' as const), halves: fc.integer({ min: 1, max: 30 }) }) },
  fc.record({ kind: fc.constant('fault' as const), code: fc.constantFrom('host_unreachable', 'rate_limited', 'login_failed') }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('mend' as const) }) },
  fc.record({ kind: fc.constant('kill' as const), minutes: fc.nat(90) }),
  fc.record({ kind: fc.constant('sleep' as const), minutes: fc.integer({ min: 4, max: 90 }), steady: fc.boolean() }),
  fc.record({ kind: fc.constant('back' as const), minutes: fc.integer({ min: 1, max: 90 }) }),
  fc.record({ kind: fc.constant('pause' as const), on: fc.boolean() }),
)

describe('whatever happens to a machine', () => {
  it('leaves no hole and no overlap, is in the ledger once, and nothing is watched that was not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 14 }), async (events) => {
        const machine = new Machine()
        await machine.start()
        /** Half minutes that the clock showed between two passes that came to their end, with nothing between them. */
        const watched = new Set<number>()
        let since: number | null = null
        let unconfirmed: number[] = []
        const forget = () => {
          since = null
          unconfirmed = []
        }
        const show = () => {
          if (since === null) return
          for (let at = since; at < machine.clock.now(); at += HALF) unconfirmed.push(at)
          since = machine.clock.now()
        }
        machine.passed = (ok) => {
          show()
          if (ok) {
            for (const at of unconfirmed) watched.add(at)
            unconfirmed = []
            since = machine.clock.now()
          } else forget()
        }
        const { id, identityId } = await machine.add()
        for (const one of events) {
          if (one.kind === 'run') await machine.run(one.halves * HALF)
          else if (one.kind === 'mend') machine.fault = null
          else if (one.kind === 'fault') {
            const kind = one.code === 'login_failed' ? 'login' : one.code === 'rate_limited' ? 'rate' : 'transient'
            machine.fault = new ConnectorFault(kind, one.code as 'login_failed', { host: 'h' })
          } else if (one.kind === 'kill') {
            forget()
            await machine.start(one.minutes * MINUTE)
          } else if (one.kind === 'sleep') {
            forget()
            const ms = one.minutes * MINUTE
            await machine.asleep(() => (one.steady ? machine.clock.advance(ms) : machine.clock.jump(ms)))
          } else if (one.kind === 'back') {
            show()
            machine.clock.jump(-one.minutes * MINUTE)
            if (since !== null) since = machine.clock.now()
          } else {
            if (one.on) forget()
            await machine.engine.accounts.setPaused(id, identityId, one.on)
            await settle()
          }
        }
        await machine.engine.close()
        const [found] = machine.office.read.coverage({ identityIds: null, accountIds: [id], from: null, to: null })
        const rows = found?.intervals ?? []
        expect(rows[0]?.from).toBe('2026-01-15T09:00:00.000Z')
        for (const [n, row] of rows.slice(1).entries()) expect(row.from).toBe(rows[n]?.to)
        for (const { state, from, to } of rows)
          if (state === 'watched') for (let at = Date.parse(from); at < Date.parse(to); at += HALF) expect(watched).toContain(at)
        const entered = machine.office.read
          .entries(identityId, 0, 10_000)
          .map((entry) => Entry.parse(JSON.parse(entry)))
          .flatMap((entry) => (entry.kind === 'coverage' ? [{ state: entry.state, from: entry.from, to: entry.to }] : []))
        expect(rows.slice(0, entered.length)).toEqual(entered)
        expect(rows.length - entered.length).toBeLessThanOrEqual(2)
      }),
      {
        numRuns: 25,
        // A clock that was set back hides a sleep from whoever asks it alone.
        examples: [
          [
            [
              { kind: 'back', minutes: 2 },
              { kind: 'sleep', minutes: 4, steady: false },
              { kind: 'run', halves: 10 },
            ],
          ],
          [
            [
              { kind: 'back', minutes: 2 },
              { kind: 'sleep', minutes: 4, steady: true },
              { kind: 'run', halves: 10 },
            ],
          ],
        ],
      },
    )
  }, 120_000)
})
