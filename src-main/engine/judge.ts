import { ConnectorFault } from '#connectors/fault.ts'
import type { AccountPhase } from '#shared/model/index.ts'

/** What the engine does after a fault: the account's phase, and when it is tried again by itself (ms since 1970). */
export interface Verdict {
  phase: Extract<AccountPhase, 'retrying' | 'needs_login' | 'paused'>
  retryAt: number | null
  /** Not a fault of the network but of the program. */
  bug: boolean
}

/**
 * Judges a fault. Only a network's own refusal of the credentials, or a certificate, asks the person to sign in; whatever
 * passes by itself is tried again, so that a passing fault never looks like a lost login.
 * @param now ms since 1970. @param pauseMs pause before the next try when the network named none.
 */
export function judge(error: unknown, now: number, pauseMs: number): Verdict {
  if (!(error instanceof ConnectorFault)) return { phase: 'retrying', retryAt: now + pauseMs, bug: true }
  if (error.kind === 'login') return { phase: 'needs_login', retryAt: null, bug: false }
  if (error.kind === 'decision')
    return { phase: error.code.startsWith('tls_') ? 'needs_login' : 'paused', retryAt: null, bug: false }
  const pause = now + pauseMs
  const retryAt = error.retryAt === null ? pause : Math.max(error.retryAt, error.kind === 'rate' ? now : pause)
  return { phase: 'retrying', retryAt, bug: false }
}
