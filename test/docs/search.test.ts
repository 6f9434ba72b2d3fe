import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectors } from '#connectors/registry.ts'
import { Engine } from '#engine/engine.ts'
import { withSampleFeeds } from '#hosts/sample/http.ts'
import { loadSample } from '#hosts/sample/load.ts'
import { operators, parseQuery } from '#shared/query/index.ts'
import { batch, message } from '../store/support.ts'
import { type TestOffice, testOffice } from '../support/office.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/search.md'), 'utf8')
/** What stands in the first column of the page's tables. */
const examples = [...page.matchAll(/^\| `([^`]+)` \|/gm)].map(([, example = '']) => example)

let office: TestOffice
let engine: Engine

beforeAll(async () => {
  office = await testOffice()
  const { store } = office
  office.clock.jump(Date.parse('2026-11-21T12:00:00.000Z') - office.clock.now())
  await store.write.setMeta('sample', new Date(office.clock.now()).toISOString())
  const http = withSampleFeeds(office.ports.http, () => store.read.meta('sample'))
  engine = new Engine({ store, ports: { ...office.ports, http }, connectors, autostart: false, random: () => 0.5 })
  await engine.open()
  await loadSample({ engine })({ signal: new AbortController().signal, progress: () => undefined })
  await completeSample()
}, 120_000)
afterAll(async () => {
  await engine.close()
  await office.remove()
})

/** What nothing in the sample has: labels, topics, pictures, and posts that were edited and deleted. */
async function completeSample(): Promise<void> {
  const { store } = office
  const [account] = await store.read.accounts()
  if (!account) throw new Error('The sample has no account.')
  const { identityId } = account
  const place = 'INBOX:900001'
  const attachments = [{ index: 0, name: 'wall.jpg', mediaType: 'image/jpeg', size: 1, contentId: null, inline: false }]
  const first = message(900_001, {
    place,
    at: '2026-11-20T10:00:00.000Z',
    text: 'See https://parliament.example/wall',
    attachments,
  })
  await store.write.applyBatch(batch(account, [first]))
  const again = { ...first, text: 'See https://parliament.example/quay', raw: new TextEncoder().encode('again') }
  await store.write.applyBatch(batch(account, [again]))
  await store.write.applyBatch(batch(account, [], { gone: [place], settled: true }))
  const { hits } = await find('*')
  const target = hits.find((hit) => hit.identityId === identityId)
  if (!target) throw new Error('The account has no message.')
  const on = [{ id: target.conversationId, identityId }]
  for (const [kind, name] of [
    ['label', 'Urgent'],
    ['topic', 'Housing'],
  ] as const) {
    const { id } = await engine.labels.add({ identityId, kind, name, color: 'blue' })
    await engine.labels.put(on, [id], [])
  }
}

function find(text: string) {
  return engine.searches.find({ text, typing: false, timeZone: 'UTC', order: 'newest', limit: 200, after: null })
}

describe('docs/search.md', () => {
  it('has an example of every operator', () => {
    const used = examples.join(' ')
    for (const { name } of operators) expect(used).toMatch(new RegExp(`(^|[\\s(-])${name}:`))
    expect(examples.length).toBeGreaterThan(35)
  })

  it('names every value that an operator takes', () => {
    for (const operator of operators) {
      if (operator.takes !== 'choice') continue
      for (const choice of operator.choices) expect(page).toMatch(new RegExp(`${operator.name}:${choice}|\`${choice}\``))
    }
  })

  it.each(examples)('finds something with %s', async (example) => {
    const { hits, problems, missing } = await find(example)
    expect(problems).toEqual([])
    expect(missing).toEqual([])
    expect(hits).not.toEqual([])
    const { total } = await engine.searches.facets('*', 'UTC', true)
    const { total: found } = await engine.searches.facets(example, 'UTC', true)
    // It leaves something out, too; else it would not show anything.
    if (example !== '*') expect(found).toBeLessThan(total)
  })

  it('names the other names that are understood', () => {
    const others = [...page.matchAll(/`(\w+):` for `(\w+):`/g)]
    expect(others).toHaveLength(7)
    for (const [, other = '', name = ''] of others) {
      const value = name === 'lang' ? 'fr' : '2026'
      expect([other, parseQuery(`${other}:${value}`).query]).toMatchObject([other, { span: {} }])
      expect(JSON.stringify(parseQuery(`${other}:${value}`).query)).toContain(name === 'in' ? '"identity"' : `"${name}"`)
    }
  })
})
