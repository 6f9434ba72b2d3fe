import { join } from 'node:path'
import { expect, it } from 'vitest'
import { engineOffice } from '../engine-office.ts'
import { folder } from '../exports.ts'
import { car, everything, repo } from './repo.ts'
import { ask } from '../../support/ask.ts'

it('a repository of Bluesky goes through the engine into an office, twice', async () => {
  const { dir, remove } = await folder({ 'repo.car': car(repo(everything)) })
  const real = await engineOffice('bluesky')
  try {
    const path = join(dir, 'repo.car')
    expect(await real.bring(path)).toMatchObject({ new: 7, known: 0, failed: 0 })
    expect(await real.bring(path)).toMatchObject({ new: 0, known: 7, failed: 0 })
    const { hits } = await real.office.store.read.find(ask('debate', 10))
    expect(hits).toMatchObject([{ network: 'bluesky', from: 'Parliament of Examplia' }])
    const content = await real.engine.content(hits[0]?.id as never)
    expect(content.html).toBe(
      '<p>The debate begins at ten: <a href="https://parliament.example/live?day=1">parliament.example/live</a></p>',
    )
  } finally {
    await real.remove()
    await remove()
  }
})
