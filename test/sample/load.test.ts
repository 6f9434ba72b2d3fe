import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectors } from '#connectors/registry.ts'
import { Engine } from '#engine/engine.ts'
import { sampleSeed, withSampleFeeds } from '#hosts/sample/http.ts'
import { loadSample } from '#hosts/sample/load.ts'
import { sampleOffice } from '#hosts/sample/office.ts'
import type { InboxFilter } from '#shared/model/index.ts'
import { ask } from '../support/ask.ts'
import { type TestOffice, testOffice } from '../support/office.ts'

let office: TestOffice
let engine: Engine
let report: { new: number; known: number; failed: number }
const progress: [number, number | null][] = []
beforeAll(async () => {
  office = await testOffice()
  const { store } = office
  await store.write.setMeta('sample', new Date(office.clock.now()).toISOString())
  const http = withSampleFeeds(office.ports.http, () => store.read.meta('sample'))
  engine = new Engine({ store, ports: { ...office.ports, http }, connectors, autostart: false, random: () => 0.5 })
  await engine.open()
  const control = {
    signal: new AbortController().signal,
    progress: (done: number, total: number | null) => progress.push([done, total]),
  }
  report = await loadSample({ engine })(control)
}, 120_000)
afterAll(async () => {
  await engine.close()
  await office.remove()
})

const filter = (view: InboxFilter['view']): InboxFilter => ({
  view,
  identityId: null,
  accountId: null,
  labelId: null,
  unreadOnly: false,
})

describe('an office filled with the sample', () => {
  it('holds every message of it, once, through the import and sync of real accounts', async () => {
    const { mailboxes } = sampleOffice({ seed: sampleSeed, now: office.clock.now() })
    const letters = mailboxes.reduce((sum, mailbox) => sum + mailbox.letters.length, 0)
    const articles = report.new - letters
    expect(report).toMatchObject({ known: 0, failed: 0 })
    expect(articles).toBeGreaterThan(120)
    const { rows } = await engine.store.read.page({ filter: filter('all'), from: null, until: null, limit: 500 })
    expect(rows).toHaveLength(500)
    expect(new Set(rows.map((row) => row.network))).toEqual(new Set(['mail', 'feed']))
  })

  it('has its own mailboxes paused and its feeds in step', async () => {
    const accounts = engine.accounts.list()
    const phases = accounts.map(({ network, status }) => `${network} ${status.phase} ${status.reason?.code ?? ''}`.trim())
    expect(phases.filter((phase) => phase === 'mail paused')).toHaveLength(3)
    expect(accounts.filter(({ network }) => network === 'feed')).toHaveLength(3)
    expect(accounts.every(({ status }) => status.reason === null)).toBe(true)
  })

  it('is in the middle of its work', async () => {
    const { all } = await engine.store.read.badges()
    expect(all.needs_reply).toBeGreaterThan(30)
    expect(all.waiting).toBeGreaterThan(5)
    expect(all.snoozed).toBeGreaterThan(1)
    expect(all.done).toBeGreaterThan(500)
    expect(all.unread).toBeGreaterThan(30)
  })

  it('can be searched in its three languages', async () => {
    for (const word of ['maternity', 'retraite', 'alquiler']) {
      const { hits } = await engine.store.read.find(ask(word, 20))
      expect(hits.length).toBeGreaterThan(2)
    }
  })

  it('told how far it was', () => {
    const done = progress.map(([value]) => value)
    expect(done).toEqual([...done].sort((one, other) => one - other))
    expect(progress.at(-1)?.[0]).toBe(progress.at(-1)?.[1])
  })
})
