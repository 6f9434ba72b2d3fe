import { describe } from 'vitest'
import { type Need, needed } from './needed.ts'

/** In CI, and with `npm test -- --complete`, nothing may be left out. */
const complete = process.env['CI'] === 'true' || process.env['DISPATCH_TEST_COMPLETE'] === '1'

/**
 * `describe` for tests that need more than Node: `needs('dovecot')('mail from a real server', () => { ... })`.
 * Where something is missing they are skipped, and `npm test` says why at its end (it reads the reason off the name);
 * in CI that is an error.
 * @throws in CI, when something is missing.
 */
export function needs(...names: Need[]): (name: string, body: () => void) => void {
  const reason = names.flatMap((name) => needed[name].missing() ?? []).join('; ')
  if (reason === '') return (name, body) => describe(name, body)
  if (complete) throw new Error(`Left out, although nothing may be: ${reason}.`)
  return (name, body) => describe.skip(`${name} [left out: ${reason}]`, body)
}
