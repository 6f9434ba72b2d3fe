import type { Account } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useAccounts, useIdentityMap, useJobs, useStatus } from '../../data/queries.ts'
import { useDates } from '../../i18n/dates.ts'
import { useNumber, useProblemText, useText } from '../../i18n/text.ts'
import { Icon } from '../../ui/icons.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Bar, Button } from '../../ui/parts.tsx'
import { useStore } from '../../ui/store.ts'
import { healthOf } from './health.ts'

/** Above the panes: what needs a person, what is going on, and what holds for as long as it holds. */
export function HealthStrip() {
  const app = useApp()
  const link = useStore(app.engine.link)
  const { data: accounts = [] } = useAccounts()
  const { data: status } = useStatus()
  const t = useText()
  const unwell = accounts.filter((account) => ['trouble', 'stopped'].includes(healthOf(account)))
  const filling = accounts.filter((account) => account.status.progress !== null && healthOf(account) === 'busy')
  return (
    <div className="strips">
      {link === 'lost' ? (
        <div className="strip warn" role="status">
          <Icon name="retry" />
          <p>{t('link.lost')}</p>
          <Button onPress={() => app.engine.retry()}>{t('common.tryAgain')}</Button>
        </div>
      ) : null}
      {status?.warnings.map((warning) => (
        <div
          key={warning}
          className={warning === 'key_in_file' || warning === 'clock_jumped' ? 'strip slim warn' : 'strip bad'}
          role="status"
        >
          <Icon name="warning" />
          <p>{t(`warning.${warning}`)}</p>
          {warning === 'corrupt' ? (
            <Button onPress={() => app.screen.set((now) => ({ ...now, name: 'settings', backup: true }))}>
              {t('backup.make')}
            </Button>
          ) : null}
        </div>
      ))}
      {unwell.map((account) => (
        <UnwellAccount key={account.id} account={account} />
      ))}
      <Working accounts={filling} />
    </div>
  )
}

function UnwellAccount({ account }: { account: Account }) {
  const app = useApp()
  const t = useText()
  const say = useProblemText()
  const dates = useDates()
  const identity = useIdentityMap().get(account.identityId)
  const { status } = account
  const bad = healthOf(account) === 'stopped'
  const run = (work: Promise<unknown>) => void work.catch((error: unknown) => app.notices.fail(toProblem(error)))
  const { client } = app.engine
  const target = { id: account.id, identityId: account.identityId }
  return (
    <div className={bad ? 'strip bad' : 'strip warn'} role="status">
      {identity ? <Mark identity={identity} labelled /> : null}
      <p>
        <strong>
          <bdi>{account.label}</bdi>
        </strong>{' '}
        {status.reason ? say(status.reason) : t(`phase.${status.phase}`)}
        {status.nextTryAt ? ` ${t('health.nextTry', { time: dates.time(status.nextTryAt) })}` : ''}
      </p>
      {status.phase === 'needs_login' ? (
        <Button onPress={() => app.screen.set((now) => ({ ...now, name: 'settings', signIn: account.id }))}>
          {t('health.signIn')}
        </Button>
      ) : null}
      {status.phase === 'retrying' || status.phase === 'live' ? (
        <Button onPress={() => run(client.accounts.sync({ id: account.id }))}>{t('common.tryAgain')}</Button>
      ) : null}
      {status.phase === 'paused' ? (
        <Button onPress={() => run(client.accounts.resume(target))}>{t('health.resume')}</Button>
      ) : (
        <Button onPress={() => run(client.accounts.pause(target))}>{t('health.pause')}</Button>
      )}
    </div>
  )
}

/** First syncs and running jobs, as one slim line each. */
function Working({ accounts }: { accounts: readonly Account[] }) {
  const app = useApp()
  const t = useText()
  const number = useNumber()
  const { data: jobs = [] } = useJobs()
  const running = jobs.filter((job) => job.phase === 'running')
  const progress = (done: number, total: number | null) =>
    total === null ? t('progress.done', { done: number(done) }) : t('progress.of', { done: number(done), total: number(total) })
  return (
    <>
      {accounts.map(({ id, label, status }) => (
        <div key={id} className="strip slim">
          <p>{t('progress.sync', { name: label })}</p>
          <Bar
            done={status.progress?.done ?? 0}
            total={status.progress?.total ?? null}
            label={t('progress.sync', { name: label })}
          />
          <span className="dim">{progress(status.progress?.done ?? 0, status.progress?.total ?? null)}</span>
        </div>
      ))}
      {running.map((job) => (
        <div key={job.id} className="strip slim">
          <p>{t(`job.${job.kind}`, { about: job.about })}</p>
          <Bar done={job.progress.done} total={job.progress.total} label={t(`job.${job.kind}`, { about: job.about })} />
          <span className="dim">{progress(job.progress.done, job.progress.total)}</span>
          {['import', 'sample', 'export'].includes(job.kind) ? (
            <Button
              look="plain"
              onPress={() =>
                void app.engine.client.jobs.cancel({ id: job.id }).catch((error: unknown) => app.notices.fail(toProblem(error)))
              }
            >
              {t('common.cancel')}
            </Button>
          ) : null}
        </div>
      ))}
    </>
  )
}
