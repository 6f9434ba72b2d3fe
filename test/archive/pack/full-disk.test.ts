import { execFileSync } from 'node:child_process'
import { existsSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { exportPack } from '#archive/pack/export.ts'
import { needs } from '../../support/needs.ts'
import { type SampleOptions, SampleSource } from './sample.ts'
import { exported, fingerprints, problemOf, request, tempDir } from './support.ts'

/** A disk of so many megabytes. */
function smallDisk(megabytes: number): string {
  const dir = tempDir()
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', dir], { stdio: 'ignore' })
  onTestFinished(() => {
    execFileSync('umount', ['-l', dir])
  })
  return dir
}

needs('mount')('a disk that becomes full', () => {
  const options: SampleOptions = { ledgers: { '1': 4000 }, length: 300 }

  it('at any point: says so, and goes on when there is room', async () => {
    const whole = fingerprints((await exported(new SampleSource(options))).dir)
    const disk = smallDisk(60)
    const wanted = request(new SampleSource(options), { dir: join(disk, 'bag') })
    const other = join(disk, 'other')
    let full = 0
    while (!existsSync(wanted.dir)) {
      // A little more room than before each time.
      rmSync(other, { force: true })
      const { bavail, bsize } = statfsSync(disk)
      writeFileSync(other, Buffer.alloc(Math.max(0, bavail * bsize - 7_000_000)))
      const outcome = await problemOf(exportPack(wanted))
      expect(['export_disk_full', 'none']).toContain(outcome)
      if (outcome === 'export_disk_full') full++
      expect(existsSync(wanted.dir)).toBe(outcome === 'none')
    }
    expect(full).toBeGreaterThan(1)
    expect(fingerprints(wanted.dir)).toEqual(whole)
  }, 120_000)
})
