import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { PackInfo } from '#archive/formats.ts'
import { HistoryShape, HitShape, LedgerProofShape, LedgerShape, LedgerVerdictShape } from '#hosts/cli/shapes.ts'
import { VerdictShape } from '#hosts/cli/verdict-shape.ts'
import { ExportSummary } from '#shared/contract/index.ts'
import { type Authority, startAuthority } from '../archive/support/authority.ts'
import { needs } from '../support/needs.ts'
import { type Desk, newDesk } from './support/dispatch.ts'
import { type FeedServer, feedServer } from './support/feed-server.ts'

const run = promisify(execFile)
const item = (n: number, text: string) => ({
  id: `item-${n}`,
  title: `Sitting ${n}`,
  text,
  at: new Date(Date.UTC(2026, 0, n, 9)),
})

describe('an archive at the command line, from capture to a pack that others verify', { timeout: 120_000 }, () => {
  let desk: Desk
  let feed: FeedServer
  let authority: Authority | null = null
  beforeAll(async () => {
    desk = await newDesk({ inProcess: true })
    feed = await feedServer()
    feed.items = [1, 2, 3, 4].map((n) => item(n, `Minutes of day ${n}, pensions and the harbour`))
    await desk.run(['identity', 'add', '--name', 'Press office', '--voice', 'institutional'])
    await desk.run(['account', 'add', 'feed', '--identity', '1', '--url', feed.url])
    await desk.run(['sync'])
    feed.items = [...feed.items.slice(1), item(1, 'Minutes of day 1, put right: bridges')]
    await desk.run(['sync'])
  })
  afterAll(async () => {
    await authority?.close()
    await desk.remove()
    await feed.close()
  })

  const ledger = async () => {
    const [only] = await desk.json(z.array(LedgerShape.strict()), ['ledger', 'list'])
    if (!only) throw new Error('one ledger')
    return only
  }
  const pack = (name: string) => join(desk.office, '..', name)

  it('has every version of every message in its ledger, and all of it is in order', async () => {
    expect((await ledger()).size).toBeGreaterThanOrEqual(6)
    const [verdict] = await desk.json(z.array(LedgerVerdictShape.strict()), ['ledger', 'verify'])
    expect(verdict).toMatchObject({ ok: true, records: 5, faults: [] })
    expect((await desk.run(['ledger', 'verify', '--no-content'])).stdout).toContain('in order')
  })

  it('proves one message, both versions of it', async () => {
    const [hit] = await desk.json(z.array(HitShape), ['search', 'bridges'])
    const proofs = await desk.json(z.array(LedgerProofShape.strict()), ['ledger', 'prove', hit?.id ?? ''])
    expect(proofs.map(({ version }) => version)).toEqual([1, 2])
    expect(proofs[1]?.checkpoint.note).toContain(`dispatch-box/`)
    const { error } = await desk.fails(['ledger', 'prove', '12345'])
    expect(error.code).toBe('not_found')
    const told = await desk.json(HistoryShape.strict(), ['message', 'history', hit?.id ?? ''])
    expect(told.versions).toMatchObject([
      { text: 'Minutes of day 1, pensions and the harbour', unchanged: { answer: 'yes', reason: 'proved' } },
      { text: 'Minutes of day 1, put right: bridges', endpoint: feed.url, origin: 'sync', received: { answer: 'yes' } },
    ])
    expect(told.complete).toEqual({ answer: 'yes', reason: 'every_entry' })
    const { stdout } = await desk.run(['message', 'history', hit?.id ?? ''])
    expect(stdout).toContain(told.versions[1]?.sha256)
    expect(stdout).toContain('unchanged since: yes (proved)')
  })

  it('proves that it only grew', async () => {
    const { size, root } = await ledger()
    const { stdout } = await desk.run(['ledger', 'consistency', '--identity', '1', '--from', '2', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ oldSize: 2, newSize: size, newRoot: root })
    expect((await desk.fails(['ledger', 'consistency', '--identity', '1', '--from', '999'])).error.code).toBe('bad_request')
  })

  it('hands over what a search finds, and the pack proves itself here and without this program', async () => {
    const dir = pack('found')
    const made = await desk.json(ExportSummary.strict(), [
      'archive',
      'export',
      '--query',
      'pensions',
      '--out',
      dir,
      '--by',
      'Records office',
    ])
    expect(made).toMatchObject({ dir, records: 3, redacted: 0 })
    const here = await desk.json(VerdictShape, ['verify', dir])
    expect(here).toMatchObject({
      valid: true,
      records: 3,
      whole: { received: { answer: 'yes' }, unchanged: { answer: 'yes' }, notLater: { answer: 'cannot_say' } },
    })
    const alone = await run('node', [join(dir, 'verify.js'), dir, '--json'])
    expect(JSON.parse(alone.stdout)).toEqual(here)
    // And says when somebody watched: only while it was synced.
    const { coverage } = PackInfo.parse(JSON.parse(await readFile(join(dir, 'data/pack.json'), 'utf8')))
    expect(new Set(coverage.map(({ state }) => state))).toEqual(new Set(['out_of_reach', 'closed', 'backfilling', 'watched']))
  })

  it('blacks out what is not to be read, in copies only, and says who and why', async () => {
    const file = pack('redactions.json')
    const [hit] = await desk.json(z.array(HitShape), ['search', 'bridges'])
    await writeFile(file, JSON.stringify([{ message: hit?.id, find: 'bridges', by: 'Jo', reason: 'not decided yet' }]))
    const dir = pack('redacted')
    const made = await desk.json(ExportSummary, [
      'archive',
      'export',
      '--query',
      '',
      '--out',
      dir,
      '--redact',
      file,
      '--by',
      'Jo',
    ])
    expect(made).toMatchObject({ records: 5, redacted: 2 })
    expect(await desk.json(VerdictShape, ['verify', dir])).toMatchObject({ valid: true, redacted: 2 })
    expect((await run('grep', ['-ril', 'bridges', dir]).catch(({ stdout }) => ({ stdout: String(stdout) }))).stdout).toBe('')
    await writeFile(file, '[{"message": "1"}]')
    const { error } = await desk.fails(['archive', 'export', '--query', '', '--out', pack('never'), '--redact', file])
    expect(error).toMatchObject({ code: 'redactions_invalid' })
  })

  it('names what was changed in a pack', async () => {
    const dir = pack('found')
    const index = join(dir, 'data/index.csv')
    await writeFile(index, (await readFile(index, 'utf8')).replace('pensions', 'pensionz').replace('Sitting 2', 'Sitting 9'))
    const { code, stdout } = await desk.run(['verify', dir])
    expect(code).toBe(1)
    expect(stdout).toContain('data/index.csv')
  })

  needs('openssl')('with an authority for time', () => {
    it('stamps checkpoints from outside, and the pack says not later than when', async () => {
      authority = await startAuthority({ key: 'p256' })
      const pem = pack('time.pem')
      await writeFile(pem, authority.root)
      await desk.run(['ledger', 'authority', '--url', authority.url, '--certificates', pem])
      expect((await desk.run(['ledger', 'authority'])).stdout).toBe(`${authority.url}\n`)
      feed.items = [...feed.items, item(5, 'One more day')]
      await desk.run(['sync'])
      await desk.run(['ledger', 'checkpoint', '--identity', '1'])
      expect((await ledger()).checkpoint?.timestamped).toBe(true)
      const dir = pack('stamped')
      await desk.json(ExportSummary, ['archive', 'export', '--query', '', '--out', dir, '--by', 'Records office'])
      expect(await desk.json(VerdictShape, ['verify', dir])).toMatchObject({
        valid: true,
        whole: { notLater: { answer: 'yes' } },
        ledgers: [{ stampedBy: expect.stringContaining('Stamp of time') }],
      })
    })

    it('signs all the same when the authority does not answer, and asks again later', async () => {
      await authority?.close()
      feed.items = [...feed.items, item(6, 'Another day')]
      await desk.run(['sync'])
      expect((await desk.run(['ledger', 'checkpoint', '--identity', '1'])).code).toBe(0)
      expect((await ledger()).checkpoint?.timestamped).toBe(false)
    })

    it('refuses certificates that are none, and takes the choice back', async () => {
      const { error } = await desk.fails([
        'ledger',
        'authority',
        '--url',
        authority?.url ?? '',
        '--certificates',
        pack('redactions.json'),
      ])
      expect(error.code).toBe('bad_request')
      expect((await desk.run(['ledger', 'authority', '--none'])).stdout).toBe('No authority is chosen.\n')
    })
  })

  it('says in the ledger that it was exported, and does not write into a folder that is used', async () => {
    const { size } = await ledger()
    const [verdict] = await desk.json(z.array(LedgerVerdictShape), ['ledger', 'verify'])
    expect(verdict).toMatchObject({ ok: true, entries: size })
    const { error } = await desk.fails(['archive', 'export', '--query', '', '--out', pack('found')])
    expect(error.code).toBe('export_folder_used')
  })
})
