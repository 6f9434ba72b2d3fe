import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConnectorFault } from '#connectors/fault.ts'
import { examine } from '#engine/doctor.ts'
import { Engine } from '#engine/engine.ts'
import { OFFICE_KEY } from '#engine/secrets.ts'
import type { DoctorFinding } from '#shared/contract/index.ts'
import type { AccountStatus, Identity } from '#shared/model/index.ts'
import { openStore } from '#store/open.ts'
import { checkDisk, checkLock } from '#store/premises.ts'
import { mailSettings, type ScriptedNetwork, scriptedNetwork } from '../support/fake-connector.ts'
import { quietLog, type TestOffice, testOffice } from '../support/office.ts'

let office: TestOffice
let network: ScriptedNetwork
let engine: Engine
let identity: Identity

beforeEach(async () => {
  office = await testOffice()
  await office.ports.secrets.set(OFFICE_KEY, Buffer.from(office.key).toString('base64'))
  network = scriptedNetwork()
  engine = new Engine({
    store: office.store,
    ports: office.ports,
    connectors: network.connectors,
    autostart: false,
    random: () => 0,
  })
  await engine.open()
  identity = await office.store.write.addIdentity({ name: 'Press', voice: 'institutional', shape: 'square', color: 'blue' })
})

afterEach(async () => {
  await engine.close()
  await office.remove()
})

const addAccount = () =>
  engine.accounts.add({ identityId: identity.id, label: 'Post', network: 'mail', settings: mailSettings, secret: 'x' })

async function find(check: DoctorFinding['check']): Promise<DoctorFinding> {
  const found = (await examine(engine)).filter((finding) => finding.check === check)
  expect(found).toHaveLength(1)
  return found[0] as DoctorFinding
}

/** A process id that belonged to a process which has ended. */
const endedPid = () => spawnSync(process.execPath, ['-e', '']).pid

it('tells of everything that it promises, and all is well in a new office', async () => {
  const findings = await examine(engine)
  expect(findings.map(({ check }) => check)).toEqual([
    ...['integrity', 'foreign_keys', 'search_index', 'badges', 'blobs', 'outbox', 'key', 'lock', 'disk', 'accounts'],
  ])
  expect(findings.filter(({ ok }) => !ok)).toEqual([])
})

describe('the key', () => {
  it('is in order where it fits, and its place is named', async () => {
    expect(await find('key')).toEqual({ check: 'key', ok: true, detail: 'in memory' })
  })

  it('is a problem when it is gone or is not the one of this office', async () => {
    await office.ports.secrets.set(OFFICE_KEY, Buffer.alloc(32, 1).toString('base64'))
    expect(await find('key')).toMatchObject({ ok: false, detail: expect.stringContaining('does not fit') })
    await office.ports.secrets.delete(OFFICE_KEY)
    expect(await find('key')).toMatchObject({ ok: false, detail: expect.stringContaining('there is none') })
  })

  it('is a problem when its place is', async () => {
    office.ports.secrets.look = () => Promise.resolve({ ok: false, detail: 'the keychain does not answer' })
    expect(await find('key')).toEqual({ check: 'key', ok: false, detail: 'the keychain does not answer' })
  })
})

describe('the lock', () => {
  const lock = () => join(office.dir, 'lock')
  const held = () => JSON.parse(readFileSync(lock(), 'utf8')) as Record<string, unknown>

  it('is held by the process that has the office open', async () => {
    expect(await find('lock')).toEqual({ check: 'lock', ok: true, detail: `held by process ${process.pid} on ${hostname()}` })
  })

  it('says from whom it was taken over', async () => {
    const gone = endedPid()
    await office.store.close()
    writeFileSync(lock(), JSON.stringify({ pid: gone, host: hostname(), started: null, token: 'old' }))
    expect(checkLock(office.dir)).toMatchObject({ ok: false, detail: expect.stringContaining(`process ${gone}`) })
    const { dir, key } = office
    const threadUrl = new URL('../../src-main/store/thread.ts', import.meta.url)
    const store = await openStore({ dir, key, create: false, log: quietLog, threadUrl, readers: 1 })
    try {
      expect(checkLock(dir)).toMatchObject({ ok: true, detail: expect.stringContaining(`taken over from process ${gone}`) })
    } finally {
      await store.close()
    }
  })

  it('is a problem when it is another’s, stale, cut off or gone', async () => {
    const own = readFileSync(lock())
    for (const [pid, words] of [
      [process.ppid, 'too'],
      [endedPid(), 'is gone'],
    ] as const) {
      writeFileSync(lock(), JSON.stringify({ ...held(), pid, started: null }))
      expect(await find('lock')).toMatchObject({ ok: false, detail: expect.stringContaining(words) })
      writeFileSync(lock(), own)
    }
    writeFileSync(lock(), own.subarray(0, 10))
    expect(await find('lock')).toMatchObject({ ok: false, detail: expect.stringContaining('cannot be read') })
    rmSync(lock())
    expect(await find('lock')).toMatchObject({ ok: false, detail: expect.stringContaining('missing') })
  })
})

describe('the disk', () => {
  it('tells what is free and what the office takes, record files too', async () => {
    const before = await checkDisk(office.dir, () => Promise.resolve(2e9))
    expect(before).toMatchObject({ check: 'disk', ok: true, detail: expect.stringMatching(/^2\.0 GB free, .* MB$/) })
    writeFileSync(join(office.dir, 'more'), Buffer.alloc(7_000_000))
    const size = (detail: string) => Number(/takes ([\d.]+) MB/.exec(detail)?.[1])
    const after = await checkDisk(office.dir, () => Promise.resolve(2e9))
    expect(size(after.detail) - size(before.detail)).toBeCloseTo(7, 0)
    expect(await find('disk')).toMatchObject({ detail: expect.stringContaining('free') })
  })

  it('is a problem when work soon cannot be saved, or no copy of the office fits beside it', async () => {
    const low = await checkDisk(office.dir, () => Promise.resolve(256 * 1024 * 1024 - 1))
    expect(low).toMatchObject({ ok: false, detail: expect.stringContaining('saving stops soon') })
    // Sparse: it takes no room on this disk, but a copy of it might.
    writeFileSync(join(office.dir, 'large'), '')
    truncateSync(join(office.dir, 'large'), 3e9)
    const tight = await checkDisk(office.dir, () => Promise.resolve(2e9))
    expect(tight).toMatchObject({ ok: false, detail: expect.stringContaining('no room for another copy') })
    const unknown = await checkDisk(office.dir, () => Promise.reject(new Error('no such disk')))
    expect(unknown).toEqual({ check: 'disk', ok: false, detail: 'no such disk' })
  })
})

describe('the accounts', () => {
  it('are in order, not synced yet, or paused by a person', async () => {
    expect(await find('accounts')).toEqual({ check: 'accounts', ok: true, detail: '0 in order' })
    const first = await addAccount()
    await engine.accounts.sync(first.id)
    await addAccount()
    const third = await addAccount()
    await engine.accounts.setPaused(third.id, identity.id, true)
    const detail = '1 in order, 1 not synced to the end yet, 1 paused by a person'
    expect(await find('accounts')).toEqual({ check: 'accounts', ok: true, detail })
  })

  it.each([
    ['needs a sign-in', () => new ConnectorFault('login', 'login_failed', { host: 'mail.example' })],
    ['fails', () => new ConnectorFault('transient', 'host_unreachable', { host: 'mail.example' })],
    ['stopped', () => new ConnectorFault('decision', 'feed_gone', { host: 'mail.example' })],
  ])('one that %s is named with its reason and since when', async (words, fault) => {
    const account = await addAccount()
    await engine.accounts.sync(account.id)
    const last = engine.accounts.get(account.id).status.lastSyncAt
    network.script.sync = [() => Promise.reject(fault())]
    await engine.accounts.sync(account.id)
    const { ok, detail } = await find('accounts')
    expect(ok).toBe(false)
    expect(detail).toContain(`Post (mail) ${words}, last in order ${last}: `)
    expect(detail).toContain('mail.example')
  })

  it('one that went quiet is named', async () => {
    const account = await addAccount()
    const status: AccountStatus = {
      ...account.status,
      phase: 'live',
      reason: { code: 'silence', params: { since: '2026-01-02' } },
    }
    await office.store.write.updateAccount({ id: account.id, identityId: identity.id, status })
    await engine.accounts.open()
    expect(await find('accounts')).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/^Post \(mail\) is in step, but: Nothing has arrived since 2026-01-02/),
    })
  })
})
