import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ServingShape } from '#hosts/cli/commands/serve.ts'
import { AccountShape, IdentityShape, RowShape, SyncShape } from '#hosts/cli/shapes.ts'
import { needs } from '../support/needs.ts'
import { type Desk, newDesk } from './support/dispatch.ts'
import { type FeedServer, feedServer } from './support/feed-server.ts'
import { startProgram } from './support/program.ts'

const gate = () => {
  let open: () => void = () => undefined
  const held = new Promise<void>((resolve) => {
    open = resolve
  })
  return { held, open }
}

describe('commands beside others', { timeout: 120_000 }, () => {
  let desk: Desk
  let feed: FeedServer
  beforeEach(async () => {
    desk = await newDesk()
    feed = await feedServer()
    feed.items = [{ id: 'a', title: 'First', text: 'text', at: new Date(Date.UTC(2026, 0, 5)) }]
    await desk.json(IdentityShape, ['identity', 'add', '--name', 'Press', '--voice', 'institutional'])
  })
  afterEach(async () => {
    await feed.close()
    await desk.remove()
  })

  it('wait for each other instead of failing', async () => {
    const names = ['One', 'Two', 'Three']
    const added = await Promise.all(
      names.map((name) => desk.json(IdentityShape, ['identity', 'add', '--name', name, '--voice', 'mandate'])),
    )
    expect(new Set(added.map(({ id }) => id)).size).toBe(3)
    const list = await desk.json(z.array(IdentityShape), ['identity', 'list'])
    expect(list.map(({ name }) => name).sort()).toEqual(['One', 'Press', 'Three', 'Two'])
  })

  it('talk to a command that takes long, which stays until they are done', async () => {
    await desk.json(AccountShape, ['account', 'add', 'feed', '--identity', '1', '--url', feed.url])
    const { held, open } = gate()
    feed.held = held
    const asked = feed.next()
    const syncing = desk.start(['sync', '--json'])
    await asked
    expect(await desk.json(z.array(IdentityShape), ['identity', 'list'])).toHaveLength(1)
    open()
    feed.held = null
    const { code, stdout } = await syncing.ended
    expect(code).toBe(0)
    expect(z.array(SyncShape).parse(JSON.parse(stdout))[0]?.new).toBe(1)
  })

  it('share one sync of an account that two ask for', async () => {
    await desk.json(AccountShape, ['account', 'add', 'feed', '--identity', '1', '--url', feed.url])
    const { held, open } = gate()
    feed.held = held
    const asked = feed.next()
    const first = desk.start(['sync', '--json'])
    await asked
    const second = desk.start(['sync', '--json'])
    const third = desk.json(z.array(IdentityShape), ['identity', 'list'])
    await third
    open()
    feed.held = null
    const reports = await Promise.all([first.ended, second.ended])
    expect(reports).toMatchObject([
      { code: 0, stderr: '' },
      { code: 0, stderr: '' },
    ])
    expect(await desk.json(z.array(RowShape), ['inbox', 'list'])).toHaveLength(1)
  })

  it('end in order at Ctrl+C', async () => {
    await desk.json(AccountShape, ['account', 'add', 'feed', '--identity', '1', '--url', feed.url])
    const { held, open } = gate()
    feed.held = held
    const asked = feed.next()
    const syncing = desk.start(['sync', '--json'])
    await asked
    syncing.child.kill('SIGINT')
    const { code, stdout, stderr } = await syncing.ended
    open()
    feed.held = null
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' })
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'cancelled', message: 'Cancelled. What had already been saved was kept.' },
    })
    await expect(access(join(desk.office, 'host.json'))).rejects.toThrow()
    expect((await desk.json(z.array(SyncShape), ['sync']))[0]?.new).toBe(1)
  })

  it('recover the office of a command that was killed', async () => {
    await desk.json(AccountShape, ['account', 'add', 'feed', '--identity', '1', '--url', feed.url])
    const { held, open } = gate()
    feed.held = held
    const asked = feed.next()
    const syncing = startProgram(desk.env, desk.dir, 'src-main/hosts/cli/main.ts', ['sync', '--office', desk.office])
    await asked
    syncing.child.kill('SIGKILL')
    await syncing.ended
    open()
    feed.held = null
    expect(await desk.json(z.array(IdentityShape), ['identity', 'list'])).toHaveLength(1)
    expect((await desk.json(z.array(SyncShape), ['sync']))[0]?.new).toBe(1)
  })

  it('talk to the program that has the office open', async () => {
    await desk.json(AccountShape, ['account', 'add', 'feed', '--identity', '1', '--url', feed.url])
    const host = startProgram(desk.env, desk.dir, 'test/cli/support/server-host.ts', [desk.office, desk.dir])
    await host.says('ready')
    const [report] = await desk.json(z.array(SyncShape), ['sync'])
    expect(report?.problem).toBeNull()
    const [row] = await desk.json(z.array(RowShape), ['inbox', 'list'])
    expect(row?.subject).toBe('First')
    await desk.run(['conversation', 'set', row?.id ?? '', '--state', 'waiting'])
    expect(await desk.json(z.array(RowShape), ['inbox', 'list', '--state', 'waiting'])).toHaveLength(1)
    host.child.kill('SIGTERM')
    expect((await host.ended).code).toBe(0)
    expect(await desk.json(z.array(RowShape), ['inbox', 'list', '--state', 'waiting'])).toHaveLength(1)
  })
})

needs('build')('dispatch serve', () => {
  it('runs the office for a browser until Ctrl+C, and other commands talk to it', { timeout: 300_000 }, async () => {
    const desk = await newDesk()
    const serving = desk.start(['serve', '--no-open', '--json'])
    await serving.says('"address"')
    const identity = await desk.json(IdentityShape, ['identity', 'add', '--name', 'Press', '--voice', 'institutional'])
    expect(identity.name).toBe('Press')
    const taken = await desk.fails(['restore', 'none.backup', '--force'])
    expect(taken.error.code).toBe('file_unreadable')
    const second = await desk.fails(['serve', '--no-open'])
    expect(second.error.code).toBe('office_locked')
    serving.child.kill('SIGINT')
    const { code, stdout, stderr } = await serving.ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { address, origin } = ServingShape.strict().parse(JSON.parse(stdout))
    expect(address.startsWith(`${origin}/`)).toBe(true)
    expect(new URL(origin).hostname).toBe('127.0.0.1')
    await desk.remove()
  })
})
