import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

/** A thread that always has the newest 30,000 small things in use, as an import has its batches: says how large its heap got. */
const busy = `
  const recent = []
  for (let n = 0; n < 1_500_000; n++) recent[n % 30_000] = { n, text: 'text ' + n, list: [n] }
  const { getHeapSpaceStatistics } = await import('node:v8')
  const { isMainThread, Worker } = await import('node:worker_threads')
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size
  console.log(JSON.stringify({ young: young / 2 ** 20, main: isMainThread }))
`

function youngOf(small: boolean): { main: number; other: number } {
  const heap = JSON.stringify(new URL('../../src-main/hosts/heap.ts', import.meta.url).href)
  const script = `
    ${small ? `(await import(${heap})).keepHeapsSmall()` : ''}
    ${busy}
    new Worker(new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(busy)})))
  `
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' })
  const said = stdout
    .trim()
    .split('\n')
    .map((line) => z.object({ young: z.number(), main: z.boolean() }).parse(JSON.parse(line)))
  const of = (main: boolean) => said.find((one) => one.main === main)?.young ?? Number.NaN
  if (said.length !== 2) throw new Error(stderr)
  return { main: of(true), other: of(false) }
}

describe('heaps that are kept small', () => {
  it('stay small in the thread that asks for it and in those that follow', () => {
    const { main, other } = youngOf(true)
    expect(main).toBeLessThanOrEqual(8)
    expect(other).toBeLessThanOrEqual(8)
  })

  it('would grow without', () => {
    const { main, other } = youngOf(false)
    expect(main).toBeGreaterThan(8)
    expect(other).toBeGreaterThan(8)
  })
})
