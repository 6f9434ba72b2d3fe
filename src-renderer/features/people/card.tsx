import { useQuery } from '@tanstack/react-query'
import type { Message, Profile } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useAccountMap } from '../../data/queries.ts'
import { useDates } from '../../i18n/dates.ts'
import { useNumber, useText } from '../../i18n/text.ts'
import { openOutside } from '../../platform/native.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Button, Front } from '../../ui/parts.tsx'
import { useCall } from '../accounts/use-call.ts'
import { startSearch } from '../commands/navigation.ts'
import './people.css'

/** Who wrote: what the network says of them, as of when, and what of theirs is here. */
export function PersonCard({ message, onClose }: { message: Message; onClose: () => void }) {
  const app = useApp()
  const t = useText()
  const { identityId, accountId, from } = message
  const account = useAccountMap().get(accountId)
  const key = ['portrait', identityId, accountId, from.handle]
  const { data: portraits = [], error } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      app.engine.client.people.profile({ identityId, accountId, handle: from.handle, ask: false }, { signal }),
  })
  const ask = useCall(async () => {
    app.queries.setQueryData(
      key,
      await app.engine.client.people.profile({ identityId, accountId, handle: from.handle, ask: true }),
    )
  })
  const [newest, ...older] = portraits
  const fault = ask.problem ?? (error ? toProblem(error) : null)
  return (
    <Front title={from.name || from.handle} onClose={onClose}>
      <div className="person">
        <p>
          <bdi dir="ltr">{from.handle}</bdi>
        </p>
        {newest ? <Portrait profile={newest.profile} seenAt={newest.seenAt} /> : <p className="dim">{t('people.unknown')}</p>}
        <FaultNote problem={fault} />
        {older.length > 0 ? (
          <details>
            <summary>{t('people.earlier', { count: older.length })}</summary>
            <ol>
              {older.map(({ profile, seenAt }) => (
                <li key={profile.at}>
                  <Portrait profile={profile} seenAt={seenAt} />
                </li>
              ))}
            </ol>
          </details>
        ) : null}
      </div>
      <div className="dialog-foot">
        <Button
          icon="search"
          onPress={() => {
            onClose()
            startSearch(app, `from:"${from.handle.replaceAll('"', '')}"`)
          }}
        >
          {t('people.messages')}
        </Button>
        {account?.capabilities.profiles ? (
          <Button icon="retry" isDisabled={ask.busy} onPress={() => void ask.run(undefined)}>
            {t('people.ask')}
          </Button>
        ) : null}
        {newest?.profile.link ? (
          <Button icon="open" onPress={() => openOutside(newest.profile.link ?? '')}>
            {t('message.visit')}
          </Button>
        ) : null}
      </div>
    </Front>
  )
}

const counted = ['followers', 'following', 'posts'] as const

function Portrait({ profile, seenAt }: { profile: Profile; seenAt: string }) {
  const t = useText()
  const dates = useDates()
  const number = useNumber()
  return (
    <>
      {profile.about === '' ? null : <p dir="auto">{profile.about}</p>}
      <dl className="facts">
        <dt>{t('people.since')}</dt>
        <dd>{profile.since === null ? t('people.notTold') : dates.day(profile.since)}</dd>
        {counted.map((name) => {
          const count = profile.counts[name]
          return count === undefined ? null : (
            <div key={name} className="person-fact">
              <dt>{t(`metric.${name}`)}</dt>
              <dd>{number(count)}</dd>
            </div>
          )
        })}
      </dl>
      {profile.automated ? <p className="note">{t('people.automated')}</p> : null}
      <p className="dim">{t('people.asOf', { from: dates.medium(profile.at), to: dates.medium(seenAt) })}</p>
    </>
  )
}
