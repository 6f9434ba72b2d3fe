import { describe, expect, it } from 'vitest'
import { ConnectorFault } from '#connectors/fault.ts'
import { judge } from '#engine/judge.ts'
import { ProblemError } from '#shared/model/index.ts'

const NOW = Date.UTC(2026, 0, 1)

describe('what a fault means for an account', () => {
  it('is a sign-in only when the network itself refused the credentials', () => {
    expect(judge(new ConnectorFault('login', 'login_failed', { host: 'h' }), NOW, 5000)).toEqual({
      phase: 'needs_login',
      retryAt: null,
      bug: false,
    })
  })

  it('is another try, never a sign-in, for everything that passes', () => {
    for (const code of [
      'connection_lost',
      'timed_out',
      'server_error',
      'host_unknown',
      'host_unreachable',
      'protocol',
      'disk_full',
    ] as const)
      expect(judge(new ConnectorFault('transient', code), NOW, 5000)).toEqual({
        phase: 'retrying',
        retryAt: NOW + 5000,
        bug: false,
      })
  })

  it('waits as long as the network asked, and not into the past', () => {
    const asked = new ConnectorFault('rate', 'rate_limited', {}, { retryAt: NOW + 90_000 })
    expect(judge(asked, NOW, 5000)).toEqual({ phase: 'retrying', retryAt: NOW + 90_000, bug: false })
    const past = new ConnectorFault('rate', 'rate_limited', {}, { retryAt: NOW - 1 })
    expect(judge(past, NOW, 5000).retryAt).toBe(NOW)
    expect(judge(new ConnectorFault('rate', 'rate_limited'), NOW, 5000).retryAt).toBe(NOW + 5000)
  })

  it('does not try what passes slowly before its time, nor sooner than the pause', () => {
    const missing = (retryAt: number) => new ConnectorFault('transient', 'server_error', {}, { retryAt })
    expect(judge(missing(NOW + 90_000), NOW, 5000).retryAt).toBe(NOW + 90_000)
    expect(judge(missing(NOW + 1), NOW, 5000).retryAt).toBe(NOW + 5000)
  })

  it('asks a person about certificates, and stops at what is gone for good', () => {
    expect(judge(new ConnectorFault('decision', 'tls_untrusted'), NOW, 5000).phase).toBe('needs_login')
    expect(judge(new ConnectorFault('decision', 'feed_gone'), NOW, 5000).phase).toBe('paused')
  })

  it('takes anything else for a bug of ours and tries again', () => {
    expect(judge(new TypeError('x'), NOW, 5000)).toEqual({ phase: 'retrying', retryAt: NOW + 5000, bug: true })
    expect(judge(new ProblemError('internal'), NOW, 5000).bug).toBe(true)
  })
})
