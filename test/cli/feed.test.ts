import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  AccountShape,
  BackupShape,
  ConversationShape,
  CoverageShape,
  FindingShape,
  HitShape,
  IdentityShape,
  MessageShape,
  ReadActedShape,
  RestoreShape,
  RowShape,
  SnoozeActedShape,
  StateActedShape,
  SyncShape,
} from '#hosts/cli/shapes.ts'
import { type Desk, newDesk } from './support/dispatch.ts'
import { type FeedServer, feedServer } from './support/feed-server.ts'

const day = (number: number) => new Date(Date.UTC(2026, 0, number, 9))

describe('an office at the command line, from nothing to a searched inbox', { timeout: 120_000 }, () => {
  let desk: Desk
  let feed: FeedServer
  beforeAll(async () => {
    desk = await newDesk({ inProcess: true })
    feed = await feedServer()
    feed.items = [1, 2, 3, 4, 5].map((n) => ({
      id: `item-${n}`,
      title: `Sitting ${n}`,
      text: `Minutes of day ${n}, pensions`,
      at: day(n),
    }))
  })
  afterAll(async () => {
    await desk.remove()
    await feed.close()
  })

  const rows = (args: string[] = []) => desk.json(z.array(RowShape), ['inbox', 'list', ...args])

  it('is told what there is not', async () => {
    const { code, error } = await desk.fails(['inbox', 'list'])
    expect(code).toBe(1)
    expect(error).toEqual({ code: 'office_missing', message: `There is no office in ${desk.office}.` })
    const { stderr } = await desk.run(['identity', 'list'])
    expect(stderr).toMatch(/There is no office in .*\nMake one with: dispatch identity add/)
  })

  it('begins with an identity', async () => {
    const made = await desk.run(['identity', 'add', '--name', 'Press office', '--voice', 'institutional'])
    expect(made).toMatchObject({ code: 0, stdout: 'Added Press office (institutional) with the id 1.\n' })
    expect(made.stderr).toContain(`Made a new office in ${desk.office}.`)
    expect(made.stderr).toContain('its key is in a file')
    const second = await desk.json(IdentityShape.strict(), [
      'identity',
      'add',
      '--name',
      'Ana Diaz',
      '--voice',
      'mandate',
      '--shape',
      'hexagon',
    ])
    expect(second).toMatchObject({ name: 'Ana Diaz', voice: 'mandate', shape: 'hexagon', color: 'green' })
    const list = await desk.json(z.array(IdentityShape.strict()), ['identity', 'list'])
    expect(list.map(({ name }) => name)).toEqual(['Press office', 'Ana Diaz'])
  })

  it('adds a feed to an identity, by its name', async () => {
    const account = await desk.json(AccountShape.strict(), [
      'account',
      'add',
      'feed',
      '--identity',
      'press office',
      '--url',
      feed.url,
    ])
    expect(account).toMatchObject({
      identity: '1',
      identityName: 'Press office',
      network: 'feed',
      label: 'Chamber news',
      lastSyncAt: null,
    })
    const listed = await desk.json(z.array(AccountShape.strict()), ['account', 'list'])
    expect(listed.map(({ id }) => id)).toEqual([account.id])
    const nobody = await desk.fails(['account', 'add', 'feed', '--identity', 'Nobody', '--url', feed.url])
    expect(nobody.error).toEqual({ code: 'not_found', message: 'There is no identity with the id Nobody.' })
  })

  it('brings in what is there, once', async () => {
    const [first, ...others] = await desk.json(z.array(SyncShape.strict()), ['sync'])
    expect(first).toMatchObject({ label: 'Chamber news', network: 'feed', new: 5, updated: 0, deleted: 0, problem: null })
    expect(others).toEqual([])
    const [again] = await desk.json(z.array(SyncShape), ['sync', '--account', 'chamber news'])
    expect(again).toMatchObject({ new: 0, updated: 0, deleted: 0 })
    feed.items = feed.items.map((item) => (item.id === 'item-2' ? { ...item, text: 'Minutes, corrected' } : item))
    const [edited] = await desk.json(z.array(SyncShape), ['sync'])
    expect(edited).toMatchObject({ new: 0, updated: 1 })
  })

  it('lists the newest first, page by page', async () => {
    const all = await desk.json(z.array(RowShape.strict()), ['inbox', 'list'])
    expect(all.map(({ subject }) => subject)).toEqual([5, 4, 3, 2, 1].map((n) => `Sitting ${n}`))
    expect(all[0]).toMatchObject({ identity: '1', identityName: 'Press office', network: 'feed', at: day(5).toISOString() })
    const first = await rows(['--limit', '2'])
    const second = await rows(['--limit', '2', '--before', first.at(-1)?.cursor ?? ''])
    const third = await rows(['--limit', '2', '--before', second.at(-1)?.cursor ?? ''])
    const last = await rows(['--limit', '2', '--before', third.at(-1)?.cursor ?? ''])
    expect([...first, ...second, ...third].map(({ id }) => id)).toEqual(all.map(({ id }) => id))
    expect(last).toEqual([])
    expect(await rows(['--identity', 'Ana Diaz'])).toEqual([])
    expect(await rows(['--account', 'Chamber news', '--identity', '1', '--limit', '1'])).toHaveLength(1)
  })

  it('shows a list to people, without colours where nobody watches', async () => {
    const { stdout } = await desk.run(['inbox', 'list', '--limit', '2'])
    const lines = stdout.trimEnd().split('\n')
    expect(lines[0]).toMatch(/^ *ID +WHEN +STATE +UNREAD +IDENTITY +FROM +SUBJECT$/)
    expect(lines[1]).toMatch(/Press office.*Sitting 5/)
    expect(lines[3]).toMatch(/^Further ones with: --before [0-9]+$/)
    expect(stdout).not.toContain('\u001b')
  })

  it('triages', async () => {
    const [newest, next] = await rows(['--limit', '2'])
    if (!newest || !next) throw new Error('the inbox is empty')
    const set = await desk.json(StateActedShape.strict(), ['conversation', 'set', newest.id, '--state', 'waiting'])
    expect(set).toEqual({ ids: [newest.id], changed: 1, state: 'waiting' })
    expect((await rows(['--state', 'waiting'])).map(({ id }) => id)).toEqual([newest.id])

    const until = new Date(Date.now() + 86_400_000).toISOString()
    const snoozed = await desk.json(SnoozeActedShape.strict(), ['conversation', 'snooze', next.id, '--until', until])
    expect(snoozed).toEqual({ ids: [next.id], changed: 1, until })
    expect((await rows(['--state', 'snoozed'])).map(({ id, snoozedUntil }) => ({ id, snoozedUntil }))).toEqual([
      { id: next.id, snoozedUntil: until },
    ])
    await desk.json(SnoozeActedShape, ['conversation', 'snooze', next.id, '--until', 'now'])
    expect(await rows(['--state', 'snoozed'])).toEqual([])

    const unread = (await rows(['--unread'])).length
    await desk.json(ReadActedShape.strict(), ['conversation', 'read', newest.id, next.id])
    const read = (await rows(['--unread'])).length
    await desk.json(ReadActedShape, ['conversation', 'unread', newest.id])
    expect((await rows(['--unread'])).map(({ id }) => id)).toContain(newest.id)
    expect(read).toBeLessThanOrEqual(unread)
  })

  it('refuses an act in the name of another identity', async () => {
    const [row] = await rows(['--limit', '1'])
    const { code, error } = await desk.fails(['conversation', 'set', row?.id ?? '', '--state', 'done', '--identity', 'Ana Diaz'])
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'voice_mismatch' })
    expect((await rows(['--limit', '1']))[0]?.state).toBe(row?.state)
    const missing = await desk.fails(['conversation', 'set', '999999', '--state', 'done'])
    expect(missing.error.code).toBe('not_found')
  })

  it('says beside an empty search how much of the time somebody watched, and of each account when not', async () => {
    const { stdout } = await desk.run(['search', 'unheard-of'])
    expect(stdout).toMatch(
      /^Nothing was found\.\nWatched (less than 1|\d+(\.\d)?) % of the time since .{16}\. Not watched: .*program closed or computer asleep \(/,
    )
    expect(await desk.json(z.array(HitShape), ['search', 'unheard-of'])).toEqual([])
    const since = ['--from', '2015-01-01', '--to', '2036-01-01']
    const { accounts, unwatched } = await desk.json(CoverageShape.strict(), ['coverage', '--account', '1', ...since])
    // The feed hands out nothing from before its oldest item; nobody had the account in the time after that.
    expect(accounts[0]?.gaps.slice(0, 2)).toMatchObject([
      { reason: 'out_of_reach', to: day(1).toISOString() },
      { reason: 'before', from: day(1).toISOString() },
    ])
    expect(accounts[0]?.gaps.map(({ reason }) => reason)).toContain('closed')
    expect(unwatched[0]?.reason).toBe('out_of_reach')
    const human = await desk.run(['coverage', ...since])
    expect(human.stdout).toMatch(/^ID +ACCOUNT/)
    expect(human.stdout).toContain('no longer handed out by the network')
    expect((await desk.fails(['coverage', '--account', 'nobody'])).error.code).toBe('not_found')
    expect((await desk.fails(['coverage', '--from', 'soon'])).code).toBe(2)
  })

  it('searches, and shows what it found', async () => {
    const hits = await desk.json(z.array(HitShape.strict()), ['search', 'pensions', '--limit', '3'])
    expect(hits.map(({ subject }) => subject)).toEqual(['Sitting 5', 'Sitting 4', 'Sitting 3'])
    expect(hits[0]?.snippet).toMatch(/^[^\ue000\ue001]*pensions/)
    expect(hits[0]?.matches).toEqual(['pensions'])
    const more = await desk.json(z.array(HitShape), ['search', 'pensions', '--before', hits.at(-1)?.cursor ?? ''])
    expect(more.map(({ subject }) => subject)).toEqual(['Sitting 1'])

    const id = hits[0]?.id ?? ''
    const message = await desk.json(MessageShape.strict(), ['message', 'show', id])
    expect(message).toMatchObject({ id, subject: 'Sitting 5', kind: 'article', direction: 'inbound', damaged: false })
    expect(message.text).toContain('Minutes of day 5')
    const human = await desk.run(['message', 'show', id])
    expect(human.stdout).toMatch(/^Subject: +Sitting 5\n/)
    const raw = await desk.run(['message', 'show', id, '--raw'])
    expect(raw.stdout).toContain('Minutes of day 5')

    const conversation = await desk.json(ConversationShape.strict(), ['conversation', 'show', message.conversation])
    expect(conversation.messages.map((one) => one.id)).toEqual([id])
  })

  it('tells the two kinds of ids apart', async () => {
    const [row] = await rows(['--limit', '1'])
    const { error } = await desk.fails(['message', 'show', row?.id ?? ''])
    expect(error.message).toContain(`dispatch conversation show ${row?.id}`)
    expect((await desk.fails(['message', 'show', '999999999'])).error.code).toBe('not_found')
  })

  it('pauses and resumes an account', async () => {
    expect(await desk.json(AccountShape, ['account', 'pause', 'Chamber news'])).toMatchObject({ phase: 'paused' })
    expect(await desk.json(z.array(SyncShape), ['sync'])).toEqual([])
    const refused = await desk.fails(['sync', '--account', 'Chamber news'])
    expect(refused.error.message).toMatch(/is paused.*dispatch account resume/)
    await desk.json(AccountShape, ['account', 'resume', 'Chamber news'])
    expect(await desk.json(z.array(SyncShape), ['sync'])).toHaveLength(1)
  })

  it('says why an account could not be synced, keeps what there is, and ends with 1', async () => {
    feed.broken = true
    const { code, stdout, stderr } = await desk.run(['sync', '--json'])
    feed.broken = false
    expect(code).toBe(1)
    const [report] = z.array(SyncShape.strict()).parse(JSON.parse(stdout))
    expect(report?.problem?.code).toBe('server_error')
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'server_error' } })
    expect(await rows()).toHaveLength(5)
    const ill = await desk.run(['doctor'])
    expect([ill.code, ill.stderr]).toEqual([1, expect.stringContaining('accounts (Chamber news (feed) fails, last in order')])
  })

  it('is in order', async () => {
    await desk.json(z.array(SyncShape), ['sync'])
    const findings = await desk.json(z.array(FindingShape.strict()), ['doctor'])
    expect(findings.length).toBeGreaterThan(3)
    expect(findings.filter(({ ok }) => !ok)).toEqual([])
  })

  it('writes a backup, and never over another file', async () => {
    const made = await desk.json(BackupShape.strict(), ['backup', 'safe.backup'])
    expect(made.file).toBe(join(desk.dir, 'safe.backup'))
    expect(made.bytes).toBe((await stat(made.file)).size)
    await desk.json(BackupShape, ['backup', 'safe.backup'])
    await writeFile(join(desk.dir, 'letter.txt'), 'mine')
    expect((await desk.fails(['backup', 'letter.txt'])).error.code).toBe('conflict')
    expect(await readFile(join(desk.dir, 'letter.txt'), 'utf8')).toBe('mine')
    expect((await desk.fails(['backup', 'no/such/folder/safe.backup'])).error.code).toBe('file_unwritable')
  })

  it('restores it elsewhere, with everything in it', async () => {
    const before = await rows()
    const other = ['--office', join(desk.dir, 'restored')]
    const done = await desk.json(RestoreShape.strict(), ['restore', 'safe.backup', ...other])
    expect(done).toMatchObject({ office: join(desk.dir, 'restored'), replaced: null })
    expect(await rows(other)).toEqual(before)
    const [hit] = await desk.json(z.array(HitShape), ['search', 'pensions', '--limit', '1', ...other])
    expect((await desk.run(['message', 'show', hit?.id ?? '', '--raw', ...other])).stdout).toContain('Minutes of day 5')
    const [report] = await desk.json(z.array(SyncShape), ['sync', ...other])
    expect(report).toMatchObject({ new: 0, problem: null })
  })

  it('takes the place of an office only when told to, and keeps that one', async () => {
    const [row] = await rows(['--limit', '1'])
    await desk.run(['conversation', 'set', row?.id ?? '', '--state', 'done'])
    expect((await desk.fails(['restore', 'safe.backup'])).error.code).toBe('not_empty')
    const done = await desk.json(RestoreShape, ['restore', 'safe.backup', '--force'])
    expect((await rows(['--limit', '1']))[0]?.state).toBe(row?.state)
    expect((await rows(['--limit', '1', '--office', done.replaced ?? '']))[0]?.state).toBe('done')
  })

  it('refuses what is no backup, or was cut off', async () => {
    const bytes = await readFile(join(desk.dir, 'safe.backup'))
    await writeFile(join(desk.dir, 'cut.backup'), bytes.subarray(0, bytes.length - 1000))
    const middle = Buffer.from(bytes)
    middle.writeUInt8(middle.readUInt8(5000) ^ 1, 5000)
    await writeFile(join(desk.dir, 'changed.backup'), middle)
    for (const name of ['cut.backup', 'changed.backup', 'letter.txt']) {
      const { error } = await desk.fails(['restore', name, '--office', join(desk.dir, 'nowhere')])
      expect(error.code, name).toBe('backup_invalid')
    }
    expect((await desk.fails(['restore', 'none.backup'])).error.code).toBe('file_unreadable')
    await expect(stat(join(desk.dir, 'nowhere'))).rejects.toThrow()
  })
})
