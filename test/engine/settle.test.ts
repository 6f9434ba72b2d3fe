import { expect, test } from 'vitest'
import { Machine } from './machine.ts'

/** An office with one account, opened again by a host whose window is waiting. */
async function reopened(): Promise<Machine> {
  const machine = new Machine()
  await machine.engine.open()
  await machine.add()
  await machine.engine.close()
  machine.network.calls.length = 0
  await machine.start(0, true, 1000)
  return machine
}

const advance = (machine: Machine, ms: number) => machine.asleep(() => machine.clock.advance(ms))

test('known accounts connect when the window has had its time', async () => {
  const machine = await reopened()
  await advance(machine, 999)
  expect(machine.network.calls).toEqual([])
  await advance(machine, 1)
  expect(machine.network.calls).toContain('sync')
  await machine.engine.close()
})

test('an account that is asked to sync meanwhile does, and is not asked twice at once', async () => {
  const machine = await reopened()
  let under = 0
  let most = 0
  machine.network.script.sync = [
    async (_commit, signal) => {
      under += 1
      most = Math.max(most, under)
      await machine.clock.sleep(5000, signal)
      under -= 1
    },
  ]
  const [account] = machine.engine.accounts.list()
  if (!account) throw new Error('the office has no account')
  const asked = machine.engine.accounts.sync(account.id)
  await advance(machine, 1000)
  await advance(machine, 5000)
  expect((await asked)[0]?.problem).toBeNull()
  await advance(machine, 5000)
  expect(machine.network.calls.filter((call) => call === 'sync').length).toBeGreaterThan(1)
  expect(most).toBe(1)
  await machine.engine.close()
})

test('an office that is closed before that never connects', async () => {
  const machine = await reopened()
  await machine.engine.close()
  await advance(machine, 5000)
  expect(machine.network.calls).toEqual([])
})
