import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VerdictShape } from '#hosts/cli/verdict-shape.ts'
import { makePack, writePack } from '../archive/support/pack.ts'
import { type Desk, newDesk } from './support/dispatch.ts'

describe('dispatch verify', () => {
  let desk: Desk
  let good = ''
  let bad = ''
  beforeAll(async () => {
    desk = await newDesk({ inProcess: true })
    good = writePack(makePack({ redacted: [2] }), join(desk.dir, 'good'))
    bad = writePack(makePack(), join(desk.dir, 'bad'))
    await appendFile(join(bad, 'data/records/7/0/1.eml'), 'x')
    await writeFile(join(bad, 'extra\u001b[31m.txt'), 'x')
  })
  afterAll(() => desk.remove())

  it('needs no office, and ends well only for a valid pack', async () => {
    const found = await desk.json(VerdictShape, ['verify', good])
    expect(found).toMatchObject({ valid: true, records: 12, redacted: 1 })
    const { code, stdout } = await desk.run(['verify', good])
    expect(code).toBe(0)
    expect(stdout).toContain('This pack is valid.')
    expect(stdout).toContain('Voice 7, records 1 to 2 (2): Received from where it says: yes; ')
    expect(stdout).toContain('Received from where it says: cannot say. It was redacted, so its own words are not here.')
  })

  it('names what is wrong, and ends badly', async () => {
    const { code, stdout, stderr } = await desk.run(['verify', bad])
    expect([code, stderr]).toEqual([1, ''])
    expect(stdout).toContain('This pack is not valid.')
    expect(stdout).toContain('data/records/7/0/1.eml: not as manifest-sha256.txt says. One of the two was changed.')
    expect(stdout).toContain('extra [31m.txt: a file too many.')
    expect(stdout).not.toContain('\u001b')
    const json = await desk.run(['verify', bad, '--json'])
    expect([json.code, json.stderr]).toEqual([1, ''])
    const verdict = VerdictShape.parse(JSON.parse(json.stdout))
    expect(verdict.valid).toBe(false)
    expect(verdict.problems.map(({ code, path }) => `${code} ${path}`)).toContain('changed data/records/7/0/1.eml')
  })

  it('takes the keys that an office has published', async () => {
    const { ledgers } = await desk.json(VerdictShape, ['verify', good])
    const key = ledgers[0]?.key ?? ''
    expect((await desk.run(['verify', good, '--key', key])).code).toBe(0)
    const other = await desk.run(['verify', good, '--key', 'dispatch-box/other/7+00000000+AQ=='])
    expect(other.code).toBe(1)
    expect(other.stdout).toContain('data/ledger/7/key: not the key that you gave.')
  })

  it('says what is no folder', async () => {
    expect(await desk.fails(['verify', join(desk.dir, 'nowhere')])).toMatchObject({ code: 1, error: { code: 'file_unreadable' } })
    expect(await desk.fails(['verify', join(good, 'bagit.txt')])).toMatchObject({ error: { code: 'file_unreadable' } })
    expect((await desk.fails(['verify'])).code).toBe(2)
  })
})
