import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { FindingShape, IdentityShape } from '#hosts/cli/shapes.ts'
import { type Desk, newDesk } from './support/dispatch.ts'

describe('the key of an office at the command line', { timeout: 120_000 }, () => {
  let desk: Desk
  beforeEach(async () => {
    desk = await newDesk()
  })
  afterEach(() => desk.remove())

  const add = (env?: NodeJS.ProcessEnv) => desk.json(IdentityShape, ['identity', 'add', '--name', 'A', '--voice', 'mandate'], env)
  const list = ['identity', 'list']
  const secretFile = async () => {
    const dir = join(desk.dir, 'data', 'secrets')
    const [name, ...others] = await readdir(dir)
    expect(others).toEqual([])
    return join(dir, name ?? '')
  }

  it('is in a file that only its owner can read, and not in the office', async () => {
    await add()
    const file = await secretFile()
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await stat(join(file, '..'))).mode & 0o777).toBe(0o700)
    const key = /[A-Za-z0-9+/]{43}=/.exec(await readFile(file, 'utf8'))?.[0] ?? ''
    for (const name of await readdir(desk.office)) expect(await readFile(join(desk.office, name), 'latin1')).not.toContain(key)
    expect(await readFile(join(desk.office, 'office.db'), 'latin1')).not.toContain('SQLite format 3')
  })

  it('is sealed by a passphrase, which must be the same again', async () => {
    const sealed = { DISPATCH_PASSPHRASE: 'three small boats' }
    await add(sealed)
    expect(await readFile(await secretFile(), 'utf8')).not.toMatch(/office-key/)
    expect(await desk.json(z.array(IdentityShape), list, sealed)).toHaveLength(1)
    const wrong = await desk.fails(list, { DISPATCH_PASSPHRASE: 'three small goats' })
    expect(wrong).toMatchObject({ code: 1, error: { code: 'office_key' } })
    expect((await desk.fails(list)).error.code).toBe('office_key')
    const human = await desk.run(list, { DISPATCH_PASSPHRASE: 'three small goats' })
    expect(human.stderr).toMatch(
      /^The key of this office could not be read.*\nIf it was made with a passphrase, set DISPATCH_PASSPHRASE/,
    )
    expect(human.stderr).not.toContain('goats')
    expect(await desk.json(z.array(IdentityShape), list, sealed)).toHaveLength(1)
  })

  it('is looked at by the doctor, which tells when others can read it', async () => {
    await add()
    const doctor = async () => z.array(FindingShape.strict()).parse(JSON.parse((await desk.run(['doctor', '--json'])).stdout))
    const key = async () => (await doctor()).find(({ check }) => check === 'key')
    const file = await secretFile()
    expect(await key()).toMatchObject({ ok: true, detail: expect.stringContaining(file) })
    await chmod(file, 0o640)
    expect(await key()).toMatchObject({ ok: false, detail: expect.stringContaining('mode 0640') })
    const { code, stderr } = await desk.run(['doctor'])
    expect(code).toBe(1)
    expect(stderr).toContain('key (others on this computer')
  })

  it('does not travel with a copied office', async () => {
    await add()
    const elsewhere = { DISPATCH_DATA: join(desk.dir, 'other-data') }
    expect((await desk.fails(list, elsewhere)).error.code).toBe('office_key')
    expect(await desk.json(z.array(IdentityShape), list)).toHaveLength(1)
  })

  it('leaves a damaged secret file and its office untouched', async () => {
    await add()
    const file = await secretFile()
    const before = await readFile(file, 'utf8')
    await writeFile(file, before.slice(0, 20))
    expect((await desk.fails(list)).error.code).toBe('office_key')
    expect(await readFile(file, 'utf8')).toBe(before.slice(0, 20))
    await writeFile(file, before)
    expect(await desk.json(z.array(IdentityShape), list)).toHaveLength(1)
  })
})
