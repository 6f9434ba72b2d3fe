import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { toProblem } from '#store/faults.ts'
import { needs } from '../support/needs.ts'
import { accountIn, direct, identityIn } from './direct.ts'
import { addAccount, addIdentity, batch, firstPage, message, onCleanUp, open, problemOf, tempDir } from './support.ts'

/** Bytes that cannot be compressed. */
const large = (n: number) => message(n, { raw: randomBytes(60_000) })

test('a full database: the batch is refused whole, and goes through once there is room', () => {
  const office = direct()
  const account = accountIn(office, identityIn(office))
  office.write.applyBatch(batch(account, [message(0)]))
  const pages = Number(office.sql.pragma('page_count', { simple: true }))
  office.sql.pragma(`max_page_count = ${pages + 10}`)
  const many = batch(
    account,
    Array.from({ length: 20 }, (_, n) => large(n + 1)),
    { cursor: 'c2' },
  )
  let code = ''
  try {
    office.write.applyBatch(many)
  } catch (error) {
    code = toProblem(error).code
  }
  expect(code).toBe('disk_full')
  expect(office.read.cursor(account.id, 'INBOX')).toBe('c1')
  expect(office.read.badges().all.open).toBe(1)
  office.sql.pragma('max_page_count = 1000000')
  expect(office.write.applyBatch(many)).toMatchObject({ new: 20 })
  expect(office.read.doctor().filter((finding) => !finding.ok)).toEqual([])
})

/** A disk of 6 MB. */
function smallDisk(): string {
  const dir = tempDir()
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', dir], { stdio: 'ignore' })
  onCleanUp(() => {
    execFileSync('umount', ['-l', dir])
  })
  return dir
}

needs('mount')('a disk that really is full', () => {
  test('there is no room to write the database anew: it stays as it is, and is written anew when there is', async () => {
    const disk = smallDisk()
    const store = await open(join(disk, 'office'))
    const account = await addAccount(store, await addIdentity(store))
    for (let n = 0; n < 12; n++) await store.write.applyBatch(batch(account, [large(n)]))
    await store.rewrite()
    const { bavail, bsize } = statfsSync(disk)
    writeFileSync(join(disk, 'other'), Buffer.alloc(bavail * bsize - 500_000))
    expect(await problemOf(store.rewrite())).toBe('disk_full')
    expect(readdirSync(join(disk, 'office'))).not.toContain('office.db.fresh')
    expect((await store.write.applyBatch(batch(account, [message(100)]))).new).toBe(1)
    rmSync(join(disk, 'other'))
    await store.rewrite()
    expect((await store.read.page(firstPage)).rows).toHaveLength(13)
    expect((await store.read.doctor()).filter((finding) => !finding.ok)).toEqual([])
  })

  test('nothing is lost, and work goes on by itself when there is room', async () => {
    const disk = smallDisk()
    const store = await open(join(disk, 'office'))
    const account = await addAccount(store, await addIdentity(store))
    await store.write.applyBatch(batch(account, [message(1)]))
    const { bavail, bsize } = statfsSync(disk)
    writeFileSync(join(disk, 'other'), Buffer.alloc(bavail * bsize - 600_000))
    const many = batch(
      account,
      [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14].map((n) => large(n)),
      { cursor: 'c2' },
    )
    expect(await problemOf(store.write.applyBatch(many))).toBe('disk_full')
    const left = statfsSync(disk)
    writeFileSync(join(disk, 'another'), Buffer.alloc(left.bavail * left.bsize))
    // A record that would be a file of its own.
    const huge = batch(account, [message(20, { raw: new Uint8Array(900_000) })])
    expect(await problemOf(store.write.applyBatch(huge))).toBe('disk_full')
    expect(
      readdirSync(join(disk, 'office'), { recursive: true }).filter((name) => /[0-9a-f]{64}|part/.test(String(name))),
    ).toEqual([])
    expect(await problemOf(store.write.backup(join(disk, 'office.backup')))).toBe('disk_full')
    expect((await store.read.page(firstPage)).rows).toHaveLength(1)
    expect(await store.read.cursor(account.id, 'INBOX')).toBe('c1')
    rmSync(join(disk, 'another'))
    rmSync(join(disk, 'other'))
    expect(await store.write.applyBatch(many)).toMatchObject({ new: 13 })
    expect(await store.write.applyBatch(huge)).toMatchObject({ new: 1 })
    expect((await store.read.doctor()).filter((finding) => !finding.ok)).toEqual([])
  })
})
