import { afterEach, describe, expect, it, vi } from 'vitest'
import { needed } from '../support/needed.ts'

const missing = (reason: string | null) => vi.spyOn(needed.dovecot, 'missing').mockReturnValue(reason)
afterEach(() => vi.unstubAllEnvs())

/** `needs` as a machine with these settings would load it. */
async function load(env: Record<string, string>) {
  for (const [name, value] of Object.entries({ CI: '', DISPATCH_TEST_COMPLETE: '', ...env })) vi.stubEnv(name, value)
  vi.resetModules()
  vi.doMock('../support/needed.ts', () => ({ needed }))
  return (await import('../support/needs.ts')).needs
}

describe('needs', () => {
  it('fails in CI, and when nothing may be left out, when something is missing', async () => {
    missing('dovecot is not installed')
    const inCi = await load({ CI: 'true' })
    expect(() => inCi('dovecot')).toThrow('dovecot is not installed')
    const complete = await load({ DISPATCH_TEST_COMPLETE: '1' })
    expect(() => complete('dovecot')).toThrow('dovecot is not installed')
  })

  it('does not fail elsewhere, or when nothing is missing', async () => {
    missing('dovecot is not installed')
    expect(await load({})).not.toThrow()
    missing(null)
    const inCi = await load({ CI: 'true' })
    expect(() => inCi('dovecot')).not.toThrow()
  })
})
