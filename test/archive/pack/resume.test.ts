import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { discardPartial, exportPack, type PackRequest } from '#archive/pack/export.ts'
import { type SampleOptions, SampleSource } from './sample.ts'
import { exported, faultsOf, filesIn, fingerprints, problemOf, redactions, request } from './support.ts'

const options: SampleOptions = { ledgers: { '2': 3600, '5': 2400 }, length: 200 }
let made: Promise<ReturnType<typeof fingerprints>> | null = null
/** What an export that nothing interrupts makes; the same each time, so that it is made once. */
function wholeBag(): Promise<ReturnType<typeof fingerprints>> {
  made ??= exported(new SampleSource(options)).then(({ dir }) => fingerprints(dir))
  return made
}

/** Begins an export and cancels it once so many records were taken. */
async function interrupted(wanted: PackRequest, after: number): Promise<void> {
  const stop = new AbortController()
  const source = new SampleSource(options)
  const records = source.records.bind(source)
  source.records = async function* (cursor) {
    let count = 0
    for await (const record of records(cursor)) {
      if (count++ === after) stop.abort()
      yield record
    }
  }
  expect(await problemOf(exportPack({ ...wanted, source, signal: stop.signal }))).toBe('cancelled')
  expect(existsSync(wanted.dir)).toBe(false)
}

describe('an export that was interrupted', () => {
  it('goes on after a cancel, and makes the same bag', async () => {
    const whole = await wholeBag()
    const source = new SampleSource(options)
    const wanted = request(source)
    await interrupted(wanted, 1000)
    await interrupted(wanted, 2500)
    await exportPack(wanted)
    expect(source.asked).toEqual([{ ledger: '5', seq: 774 }])
    expect(fingerprints(wanted.dir)).toEqual(whole)
  })

  it('goes on after a kill at any moment', async () => {
    const whole = await wholeBag()
    const wanted = request(new SampleSource(options))
    const program = join(import.meta.dirname, 'killed-export.ts')
    let killed = 0
    for (let wait = 60; !existsSync(wanted.dir); wait *= 1.5) {
      const child = spawn(process.execPath, [program, wanted.dir, JSON.stringify(options)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const ended = once(child, 'exit')
      // It says so when it begins; how far it comes in that time is up to the machine.
      await once(child.stdout, 'data')
      const timer = setTimeout(() => child.kill('SIGKILL'), wait)
      await ended
      clearTimeout(timer)
      if (child.signalCode === 'SIGKILL') killed++
    }
    expect(killed).toBeGreaterThan(0)
    expect(fingerprints(wanted.dir)).toEqual(whole)
    // The kill may have come between the new name and the clearing up.
    discardPartial(wanted.dir)
    expect(readdirSync(join(wanted.dir, '..'))).toEqual(['bag'])
  }, 120_000)

  it('takes away what was written after its last journal: the records may have been disposed of since', async () => {
    const whole = await wholeBag()
    const wanted = request(new SampleSource(options))
    await interrupted(wanted, 3000)
    const bag = join(`${wanted.dir}.partial`, 'bag')
    // Numbers that no record has.
    for (const path of [
      'data/records/5/0/995.eml',
      'data/records/5/2/2000.json',
      'data/derived/5/0/150.txt',
      'data/html/old.js',
    ]) {
      mkdirSync(dirname(join(bag, path)), { recursive: true })
      writeFileSync(join(bag, path), 'disposed of')
    }
    for (const path of ['data/mail.mbox', 'manifest-sha256.txt']) appendFileSync(join(bag, path), Buffer.alloc(5_000_000, 'x'))
    await exportPack(wanted)
    expect(fingerprints(wanted.dir)).toEqual(whole)
  })

  it('begins anew when a power cut took the journal', async () => {
    const source = new SampleSource(options)
    const wanted = request(source)
    await interrupted(wanted, 1000)
    truncateSync(`${wanted.dir}.partial/journal.json`, 10)
    await exportPack(wanted)
    expect(source.asked).toEqual([null])
    expect(faultsOf(wanted.dir)).toEqual([])
  })

  it('begins anew when a power cut took bytes', async () => {
    const whole = await wholeBag()
    const source = new SampleSource(options)
    const wanted = request(source)
    await interrupted(wanted, 1000)
    const lost = filesIn(`${wanted.dir}.partial`).find((path) => path.startsWith('bag/data/records/2/0/'))
    truncateSync(join(`${wanted.dir}.partial`, lost ?? ''), 0)
    await exportPack(wanted)
    expect(source.asked).toEqual([null])
    expect(fingerprints(wanted.dir)).toEqual(whole)
  })

  it('only goes on with the same: other redactions or another search are refused', async () => {
    const wanted = request(new SampleSource(options))
    await interrupted(wanted, 100)
    const other = redactions([{ record: '203', by: 'Registrar', reason: 'privacy', whole: true }])
    expect(await problemOf(exportPack({ ...wanted, redactions: other }))).toBe('export_folder_used')
    const query = new SampleSource({ ...options, query: 'ferry' })
    expect(await problemOf(exportPack({ ...wanted, source: query }))).toBe('export_folder_used')
    discardPartial(wanted.dir)
    expect(existsSync(`${wanted.dir}.partial`)).toBe(false)
  })

  it('is only given its name when that was all that was missing', async () => {
    const source = new SampleSource({ ledgers: { '1': 10 } })
    const wanted = request(source)
    let taken = false
    const onProgress: PackRequest['onProgress'] = ({ phase }) => {
      if (phase !== 'closing' || taken) return
      taken = true
      writeFileSync(wanted.dir, 'somebody was quicker')
    }
    const failed = await exportPack({ ...wanted, onProgress }).then(
      () => 'nothing',
      () => 'failed',
    )
    expect(failed).toBe('failed')
    expect(readFileSync(wanted.dir, 'utf8')).toBe('somebody was quicker')
    expect(await problemOf(exportPack(wanted))).toBe('export_folder_used')
    rmSync(wanted.dir)
    expect(await exportPack(wanted)).toMatchObject({ dir: wanted.dir, records: 8 })
    expect(faultsOf(wanted.dir)).toEqual([])
    expect(source.asked).toHaveLength(1)
    expect(existsSync(`${wanted.dir}.partial`)).toBe(false)
  })
})
