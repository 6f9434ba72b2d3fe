import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GuardShape } from '#hosts/cli/commands/guard.ts'
import { packOf } from '../guard/support.ts'
import { type Desk, newDesk } from './support/dispatch.ts'

describe('dispatch guard check', () => {
  let desk: Desk
  beforeAll(async () => {
    desk = await newDesk({ inProcess: true })
  })
  afterAll(() => desk.remove())

  it('needs no office, and ends badly where something must not leave', async () => {
    const clean = await desk.json(GuardShape, ['guard', 'check', 'The House meets at two.'])
    expect(clean).toEqual({ worst: null, findings: [], refused: [] })
    const { code, stdout } = await desk.run(['guard', 'check', 'Vote for change on Thursday.'])
    expect(code).toBe(1)
    expect(stdout).toContain('STOP  Asks people to vote, give or campaign for or against somebody: Vote for.  electoral/call')
    const json = await desk.run(['guard', 'check', '--in', 'fr', '--json', 'Vote for change on Thursday.'])
    const { findings, worst } = GuardShape.parse(JSON.parse(json.stdout))
    expect([worst, json.code]).toEqual(['stop', 1])
    expect(findings).toEqual([
      expect.objectContaining({ pack: 'electoral', rule: 'call', ranges: [{ from: 0, to: 8, words: 'Vote for' }] }),
    ])
    expect(findings[0]?.why).toContain('Invite à voter')
  })

  it('goes by what it is told of the account', async () => {
    const text = 'La séance est ouverte et les députés débattent de la loi.'
    const french = await desk.run(['guard', 'check', '--account-language', 'en', text])
    expect(french.stdout).toContain('form/language')
    expect((await desk.run(['guard', 'check', '--voice', 'personal', 'Vote for change on Thursday.'])).code).toBe(0)
    expect((await desk.run(['guard', 'check', '--partisan', 'Blue Alliance', 'The Blue Alliance met.'])).stdout).toContain(
      'partisan/listed',
    )
    expect((await desk.run(['guard', 'check', '--own', '07700 900123', 'Call 07700 900123.'])).code).toBe(0)
    expect((await desk.fails(['guard', 'check', '--voice', 'nobody', 'x'])).code).toBe(2)
  })

  it('takes the packs of the office, and says which it refuses', async () => {
    const packs = join(desk.office, 'guard')
    await mkdir(packs, { recursive: true })
    await writeFile(join(packs, 'a.json'), JSON.stringify(packOf(['ferry'])))
    await writeFile(join(packs, 'b.json'), JSON.stringify({ ...(packOf(['a+']) as object), id: 'b' }))
    const { stdout, stderr } = await desk.run(['guard', 'check', 'The ferry'])
    expect(stdout).toContain('mine/one')
    expect(stderr).toContain(
      'The guard pack b.json cannot be used: rules[0].patterns.en[0]: at 2: the pattern has a sign that means nothing here: +. The other packs are.',
    )
  })

  it('reads a text from standard input', async () => {
    const running = desk.start(['guard', 'check', '--json', '-'])
    const { code, stdout } = await running.ended
    expect([code, GuardShape.parse(JSON.parse(stdout)).worst]).toEqual([0, null])
  })
})
