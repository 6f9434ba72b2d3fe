import { expect, it } from 'vitest'
import type { ArchiveNetwork } from '#shared/model/index.ts'
import { car, everything, repo } from './bluesky/repo.ts'
import { engineOffice } from './engine-office.ts'
import { folder } from './exports.ts'
import { nested } from './facebook/export.ts'
import { files as instagram } from './instagram/export.ts'
import { files as linkedin } from './linkedin/export.ts'
import { files as youtube } from './youtube/export.ts'

interface Example {
  network: ArchiveNetwork
  files: Record<string, string | Uint8Array>
  messages: number
  /** Words to find, whose they are, and how they are shown. */
  find: string
  from: string
  html: string
}

const examples: Example[] = [
  {
    network: 'bluesky',
    files: { 'repo.car': car(repo(everything)) },
    messages: 7,
    find: 'debate',
    from: 'Parliament of Examplia',
    html: '<p>The debate begins at ten: <a href="https://parliament.example/live?day=1">parliament.example/live</a></p>',
  },
  { network: 'facebook', files: nested, messages: 8, find: 'merci', from: 'Zoë Ŧest', html: '<p>Merci à tous</p>' },
  {
    network: 'instagram',
    files: instagram,
    messages: 9,
    find: '"à la fois"',
    from: 'Zoë Ŧest',
    html: '<p>Deux à la fois</p>',
  },
  { network: 'linkedin', files: linkedin, messages: 8, find: 'thanks', from: 'Zoë Test', html: '<p>Thanks!</p>' },
  {
    network: 'youtube',
    files: youtube,
    messages: 7,
    find: 'kind:comment order',
    from: 'Parliament TV',
    html: '<p>Order, order!</p>',
  },
]

it.each(examples)('an export of $network goes through the engine into an office, twice, and is found there', async (example) => {
  const { dir, remove } = await folder(example.files)
  const real = await engineOffice(example.network)
  try {
    expect(await real.bring(dir)).toMatchObject({ new: example.messages, known: 0, failed: 0 })
    const records = await real.office.store.read.countRecords(null, null)
    expect(await real.bring(dir)).toMatchObject({ new: 0, known: example.messages, failed: 0 })
    expect(await real.office.store.read.countRecords(null, null)).toBe(records)
    const question = { text: example.find, typing: false, timeZone: 'UTC', order: 'newest' as const, limit: 10, after: null }
    const { hits } = await real.engine.searches.find(question)
    expect(hits).toMatchObject([{ network: example.network, from: example.from }])
    const [hit] = hits
    if (hit === undefined) throw new Error('nothing was found')
    expect(await real.engine.content(hit.id)).toMatchObject({ html: example.html, damaged: false })
  } finally {
    await real.remove()
    await remove()
  }
})
