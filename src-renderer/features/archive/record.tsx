import { useState } from 'react'
import type { MessageHistory } from '#shared/contract/index.ts'
import type { Message, MessageId } from '#shared/model/index.ts'
import { toProblem } from '../../data/faults.ts'
import { useDates } from '../../i18n/dates.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Button } from '../../ui/parts.tsx'
import { Origin } from './origin.tsx'
import { Proofs } from './proofs.tsx'
import { useHistory } from './queries.ts'
import { Versions } from './versions.tsx'
import './archive.css'

/** What the office kept of one message: where it came from, its versions, and what can be proved. */
export function RecordPanel({ id }: { id: MessageId }) {
  const t = useText()
  const { data, error, refetch } = useHistory(id)
  return (
    <>
      {error && !data ? (
        <FaultNote problem={toProblem(error)}>
          <Button onPress={() => void refetch()}>{t('common.tryAgain')}</Button>
        </FaultNote>
      ) : null}
      {!data && !error ? (
        <p className="dim" role="status">
          {t('common.loading')}
        </p>
      ) : null}
      {data ? <Record message={data.message} history={data.history} onSigned={() => void refetch()} /> : null}
    </>
  )
}

function Record({ message, history, onSigned }: { message: Message; history: MessageHistory; onSigned: () => void }) {
  const t = useText()
  const dates = useDates()
  const { versions } = history
  const newest = versions.at(-1)
  const [chosen, setChosen] = useState(newest?.version)
  const version = versions.find((one) => one.version === chosen) ?? newest
  return (
    <div className="record">
      <div className="record-about">
        <p>
          <strong dir="auto">{message.subject || t('row.noSubject')}</strong>
        </p>
        <p className="dim">
          <bdi>{message.from.name || message.from.handle || t('row.nobody')}</bdi>
          {t('common.listSeparator')}
          {dates.full(message.at)}
        </p>
        <p className="dim">{t('record.what')}</p>
      </div>
      <Deletion history={history} />
      {version ? (
        <>
          <Versions history={history} version={version} onChoose={setChosen} />
          <Proofs history={history} version={version} onSigned={onSigned} />
          <Origin messageId={message.id} version={version} />
        </>
      ) : (
        <p className="note">{t('reason.no_records')}</p>
      )}
    </div>
  )
}

/** Between which two looks the message was deleted. */
function Deletion({ history: { deletion } }: { history: MessageHistory }) {
  const t = useText()
  const dates = useDates()
  if (!deletion) return null
  const foundAt = dates.exact(deletion.foundAt)
  return (
    <div className="note warn">
      <p>
        <strong>{t('record.deletion')}</strong>
        <br />
        {deletion.lastSeen
          ? t('record.deletedBetween', { lastSeen: dates.exact(deletion.lastSeen), foundAt })
          : t('record.deletedBefore', { foundAt })}
      </p>
    </div>
  )
}
