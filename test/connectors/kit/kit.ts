import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import { systemClock } from '#hosts/ports/clock.ts'
import { MemoryOffice, newest } from '../../support/context.ts'
import type { KitDriver, KitMessage, KitNetwork, PassingFault } from './driver.ts'

/** What every connector must stand. Each test starts a network of its own. @see README.md */
export function runConnectorKit<Settings>(name: string, driver: KitDriver<Settings>): void {
  describe(`${name}: the rules of every connector`, () => {
    let network: KitNetwork<Settings>
    let office: MemoryOffice<Settings>
    let client: Client

    beforeEach(async () => {
      network = await driver.start()
      office = newOffice()
      client = driver.connector.create(office.open())
    })
    afterEach(async () => {
      await client.close()
      await network.stop()
    })

    const newOffice = () => {
      const { settings, secret, http, clock } = network
      const { called } = driver
      return new MemoryOffice({
        settings,
        secret,
        ...(http ? { http } : {}),
        ...(clock ? { clock } : {}),
        ...(called ? { called } : {}),
      })
    }
    /** What a start of the program does: nothing is left of the old client. */
    const restart = async () => {
      await client.close()
      client = driver.connector.create(office.open())
    }
    const sync = () => client.sync(new AbortController().signal)
    const faultOf = async (work: Promise<unknown>): Promise<ConnectorFault> => {
      const error: unknown = await work.then(
        () => null,
        (reason: unknown) => reason,
      )
      expect(error, 'there was no fault').not.toBeNull()
      expect(error, 'anything but a ConnectorFault is a bug of the connector').toBeInstanceOf(ConnectorFault)
      return error as ConnectorFault
    }
    /** After a fault: nothing is lost, and a new start brings the office to exactly what the network has. */
    const recovers = async () => {
      await restart()
      await sync()
      expect(office.subjects).toEqual((await network.list()).sort())
    }

    describe('what is there', () => {
      it('checks an account that works, and changes nothing', async () => {
        await network.put(messages(3))
        const checked = await client.check(new AbortController().signal)
        expect(checked.label).not.toBe('')
        expect(checked.streams.length).toBeGreaterThan(0)
        expect(office.batches).toEqual([])
      })

      it('an account without messages is no fault', async () => {
        await sync()
        expect(office.subjects).toEqual([])
      })

      it('brings everything once, and the second time nothing', async () => {
        await network.put(messages(25))
        await sync()
        expect(office.subjects).toEqual(messages(25).map((message) => message.subject))
        await sync()
        await restart()
        await sync()
        expect(office.subjects).toHaveLength(25)
        expect(versions(office)).toBe(25)
      })

      it('brings what came between, older ones too', async () => {
        const all = messages(12)
        const shuffled = [7, 2, 11, 0, 5, 9, 3, 8, 1, 10, 4, 6].map((at) => all[at] as KitMessage)
        await network.put(shuffled.slice(0, 6))
        await sync()
        await network.put(shuffled.slice(6))
        await sync()
        expect(office.subjects).toEqual(all.map((message) => message.subject))
        for (const message of all) expect(newest(office.find(message.subject)).at).toBe(message.at.toISOString())
      })

      it('a message shown twice is one', async () => {
        await network.put(messages(3))
        await network.duplicate('message 0001')
        await sync()
        await sync()
        expect(office.subjects).toEqual(messages(3).map((message) => message.subject))
        expect(versions(office)).toBe(3)
      })

      it('keeps bytes from which what a person reads can be had', async () => {
        await network.put(messages(3))
        await sync()
        for (const message of messages(3)) {
          const kept = newest(office.find(message.subject))
          const rendered = await driver.connector.render(kept.raw, kept.mediaType)
          expect(rendered.text).toContain(message.text)
          expect(rendered.damaged).toBe(false)
          expect(kept.text).toContain(message.text)
        }
      })

      it('renders garbage as damaged, without a throw', async () => {
        await network.put(messages(1))
        await sync()
        const kept = newest(office.find('message 0000'))
        for (const bytes of [noise(1), noise(300), kept.raw.slice(0, kept.raw.byteLength / 2), new Uint8Array(0)]) {
          expect(typeof (await driver.connector.render(bytes, kept.mediaType)).text).toBe('string')
          expect(await driver.connector.attachment(bytes, kept.mediaType, 99)).toBeNull()
        }
      })
    })

    describe('what changes', () => {
      it('an edit is a new version of the same message', async () => {
        const { capabilities } = driver.connector
        await network.put(messages(3))
        await sync()
        if (!network.edit) {
          expect(capabilities.edits, 'a network with edits needs a driver that can edit').toBe(false)
          return
        }
        await network.edit('message 0001', 'second thoughts')
        await sync()
        await network.edit('message 0001', 'third thoughts')
        await sync()
        await sync()
        const edited = office.find('message 0001')
        expect(edited.versions).toHaveLength(3)
        expect(newest(edited).text).toContain('third thoughts')
        expect(edited.versions[0]?.text).toContain('text of message 0001')
        expect(versions(office)).toBe(5)
      })

      it('a message that is gone is kept, and told where the network tells', async () => {
        await network.put(messages(3))
        await sync()
        await network.remove('message 0001')
        await sync()
        await sync()
        expect(office.subjects).toHaveLength(3)
        expect(office.find('message 0001').deleted).toBe(driver.connector.capabilities.deletions)
        expect(office.find('message 0000').deleted).toBe(false)
        expect(office.find('message 0002').deleted).toBe(false)
      })
    })

    describe('a process that ends', () => {
      it.each(['before', 'after'] as const)('%s any commit loses nothing and doubles nothing', async (when) => {
        await network.put(messages(driver.several))
        let kills = 0
        for (let commit = 1; ; commit++) {
          office = newOffice()
          await restart()
          office.killAt({ commit, when })
          const outcome = await sync().then(
            () => 'done',
            () => 'killed',
          )
          const untouched = office.batches.length < commit && outcome === 'done'
          office.killAt(null)
          await recovers()
          expect(versions(office)).toBe(driver.several)
          if (untouched) break
          kills++
        }
        expect(kills, '`several` must make three batches or more').toBeGreaterThanOrEqual(3)
      })

      it('resumes with what was added and taken away meanwhile', async () => {
        await network.put(messages(driver.several))
        office.killAt({ commit: 2, when: 'after' })
        await expect(sync()).rejects.toThrow()
        await network.put([message(driver.several), message(driver.several + 1)])
        await restart()
        await sync()
        expect(office.subjects).toEqual((await network.list()).sort())
        expect(versions(office)).toBe(driver.several + 2)
      })
    })

    describe('a network that fails', () => {
      it('asked to wait, says until when', async () => {
        await network.put(messages(5))
        const clock = network.clock ?? systemClock
        const before = clock.now()
        const told = await network.rateLimit(120)
        const fault = await faultOf(sync())
        expect(fault.kind).toBe('rate')
        expect(fault.code).toBe('rate_limited')
        expect(fault.retryAt).toBeGreaterThan(before)
        if (told) expect(Math.abs(Number(fault.retryAt) - before - 120_000)).toBeLessThan(15_000)
        await recovers()
      })

      it('a refused login is a lost login where there is one, and nowhere else', async () => {
        await network.put(messages(5))
        await sync()
        await network.refuse(true)
        await restart()
        const fault = await faultOf(sync())
        const { login } = driver.connector.capabilities
        expect(fault.kind).toBe(login ? 'login' : 'transient')
        await restart()
        expect((await faultOf(client.check(new AbortController().signal))).kind).toBe(login ? 'login' : 'transient')
        expect(office.subjects).toHaveLength(5)
        await network.refuse(false)
        await recovers()
      })

      it.each<PassingFault>(['error', 'closed', 'cut'])(
        'in passing (%s), is tried again and never looks like a lost login',
        async (how) => {
          await network.put(messages(5))
          await sync()
          await network.put([message(5), message(6)])
          await network.fail(2, how)
          for (let time = 0; time < 2; time++) {
            await restart()
            const fault = await faultOf(sync())
            expect(fault.kind).toBe('transient')
            expect(fault.code).not.toMatch(/^(login|tls|secret)_/)
          }
          await recovers()
          expect(versions(office)).toBe(7)
        },
      )

      it('cut in the middle of a first sync, goes on without a loss', async () => {
        await network.put(messages(driver.several))
        await network.fail(1, 'cut')
        expect((await faultOf(sync())).kind).toBe('transient')
        await recovers()
        expect(versions(office)).toBe(driver.several)
      })

      it('sends garbage: a fault, not a crash, and all is kept', async () => {
        await network.put(messages(5))
        await sync()
        const saved = office.batches.length
        await network.put([message(5)])
        await network.garbage()
        await restart()
        expect((await faultOf(sync())).kind).toBe('transient')
        expect(office.batches.slice(saved).flatMap((batch) => batch.messages)).toEqual([])
        await recovers()
        expect(versions(office)).toBe(6)
      })

      it('sends more than anyone should take: a fault, not a crash, and all is kept', async () => {
        await network.put(messages(5))
        await sync()
        await network.put([message(5)])
        await network.huge()
        await restart()
        expect((await faultOf(sync())).kind).toBe('transient')
        await recovers()
        expect(versions(office)).toBe(6)
      })

      it('does not answer: given up in time, then taken up again', async () => {
        await network.put(messages(5))
        await network.stall(true)
        const fault = await faultOf(sync())
        expect(fault.kind).toBe('transient')
        await network.stall(false)
        await recovers()
      })
    })

    describe('a person who does not wait', () => {
      it('a pass that is cancelled ends at once, with the reason given', async () => {
        await network.put(messages(5))
        await network.stall(true)
        const controller = new AbortController()
        const pass = client.sync(controller.signal)
        const reason = new Error('enough')
        controller.abort(reason)
        await expect(pass).rejects.toBe(reason)
        await network.stall(false)
        await recovers()
      })

      it('closing ends what is under way and never throws', async () => {
        await network.put(messages(5))
        await network.stall(true)
        const pass = faultOf(sync())
        await client.close()
        expect((await pass).kind).toBe('transient')
        await client.close()
        await network.stall(false)
        await recovers()
      })

      it('waiting ends with the reason given', async () => {
        await network.put(messages(1))
        await sync()
        const controller = new AbortController()
        const waiting = client.wait(controller.signal)
        const reason = new Error('enough')
        controller.abort(reason)
        await expect(waiting).rejects.toBe(reason)
      })
    })
  })
}

function message(index: number): KitMessage {
  const name = `message ${String(index).padStart(4, '0')}`
  return { subject: name, text: `text of ${name}`, at: new Date(Date.UTC(2026, 0, 1) + index * 60_000) }
}

function messages(count: number): KitMessage[] {
  return Array.from({ length: count }, (_, index) => message(index))
}

/** Captured versions of all messages together. */
function versions<Settings>(office: MemoryOffice<Settings>): number {
  return [...office.messages.values()].reduce((sum, kept) => sum + kept.versions.length, 0)
}

/** Bytes without any order, the same each time. */
function noise(length: number): Uint8Array {
  let state = 12_345
  return Uint8Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state >> 16
  })
}
