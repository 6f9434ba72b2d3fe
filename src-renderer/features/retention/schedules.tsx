import { useState } from 'react'
import type { Schedule } from '#shared/contract/index.ts'
import { type IdentityId, type LabelId, MessageKind, Network } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useLabelMap } from '../../data/labels.ts'
import { useDates } from '../../i18n/dates.ts'
import { type Text, useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Button, Choice, Field } from '../../ui/parts.tsx'
import { useCall } from '../accounts/use-call.ts'
import { Decide } from './decide.tsx'
import { useSchedules } from './queries.ts'

type Open = { what: 'set' | 'change' | 'clear'; schedule: Schedule | null }

/** How long messages of an identity are kept, and what would go by that now. */
export function Schedules({ identityId }: { identityId: IdentityId }) {
  const { engine } = useApp()
  const t = useText()
  const dates = useDates()
  const labels = useLabelMap()
  const { data: schedules, error } = useSchedules(identityId)
  const [open, setOpen] = useState<Open | null>(null)
  const [looked, setLooked] = useState<Awaited<ReturnType<typeof engine.client.retention.due>> | null>(null)
  const look = useCall(async () => setLooked(await engine.client.retention.due({ identityId })))
  const close = () => {
    setOpen(null)
    // What was counted is about the schedules as they were.
    setLooked(null)
  }
  const nameOf = (schedule: Schedule) => aboutOf(schedule, t, (id) => labels.get(id)?.name)
  return (
    <div className="form">
      <h3>{t('schedule.title')}</h3>
      <p className="dim">{t('schedule.text')}</p>
      <FaultNote problem={error ? toProblem(error) : null} />
      {schedules?.length === 0 ? <p className="note">{t('schedule.none')}</p> : null}
      <ul className="settings-list">
        {(schedules ?? []).map((schedule) => {
          const due = looked?.schedules.find((one) => one.schedule === schedule.id)
          return (
            <li key={schedule.id}>
              <span className="grow">
                <strong dir="auto">{nameOf(schedule)}</strong>
                <span>{t('schedule.keeps', { days: schedule.days })}</span>
                <span className="dim">{t('schedule.since', { by: schedule.by, at: dates.medium(schedule.at) })}</span>
                {looked ? <span>{t('schedule.due', { going: due?.going ?? 0, kept: due?.kept ?? 0 })}</span> : null}
              </span>
              <span className="buttons">
                <Button
                  look="plain"
                  aria-label={t('schedule.changeNamed', { what: nameOf(schedule) })}
                  onPress={() => setOpen({ what: 'change', schedule })}
                >
                  {t('schedule.change')}
                </Button>
                <Button
                  look="plain"
                  aria-label={t('schedule.clearNamed', { what: nameOf(schedule) })}
                  onPress={() => setOpen({ what: 'clear', schedule })}
                >
                  {t('schedule.clear')}
                </Button>
              </span>
            </li>
          )
        })}
      </ul>
      {schedules && schedules.length > 1 ? <p className="dim">{t('schedule.most')}</p> : null}
      <FaultNote problem={look.problem} />
      <p role="status" className="schedule-due">
        {look.busy ? t('schedule.looking') : looked ? t('schedule.due', { going: looked.going, kept: looked.kept }) : null}
      </p>
      <div className="form-foot">
        <Button onPress={() => setOpen({ what: 'set', schedule: null })}>{t('schedule.set')}</Button>
        {schedules && schedules.length > 0 ? (
          <Button isDisabled={look.busy} onPress={() => void look.run(undefined)}>
            {t('schedule.look')}
          </Button>
        ) : null}
      </div>
      {open?.what === 'clear' && open.schedule ? (
        <ClearSchedule schedule={open.schedule} name={nameOf(open.schedule)} onClose={close} />
      ) : null}
      {open && open.what !== 'clear' ? (
        <SetSchedule
          identityId={identityId}
          schedule={open.schedule}
          name={open.schedule ? nameOf(open.schedule) : ''}
          onClose={close}
        />
      ) : null}
    </div>
  )
}

/** What a schedule is about, in words. */
function aboutOf(
  { labelId, kind, network }: Pick<Schedule, 'labelId' | 'kind' | 'network'>,
  t: Text,
  label: (id: LabelId) => string | undefined,
): string {
  const parts = [
    labelId === null ? null : (label(labelId) ?? labelId),
    kind === null ? null : t(`kind.${kind}`),
    network === null ? null : t(`network.${network}`),
  ].filter((part) => part !== null)
  return parts.join(' · ') || t('schedule.all')
}

interface SetProps {
  identityId: IdentityId
  /** The one that is changed; null for a new one. */
  schedule: Schedule | null
  name: string
  onClose: () => void
}

const ANY = ''

function SetSchedule({ identityId, schedule, name, onClose }: SetProps) {
  const { engine } = useApp()
  const t = useText()
  const labels = [...useLabelMap().values()].filter((label) => label.identityId === identityId)
  const [network, setNetwork] = useState<Network | null>(schedule?.network ?? null)
  const [kind, setKind] = useState<MessageKind | null>(schedule?.kind ?? null)
  const [labelId, setLabelId] = useState<LabelId | null>(schedule?.labelId ?? null)
  const [days, setDays] = useState(schedule ? String(schedule.days) : '3650')
  const number = /^\d{1,5}$/.test(days.trim()) ? Number(days.trim()) : 0
  const any = { value: ANY, label: t('schedule.any') } as const
  return (
    <Decide
      title={schedule ? t('schedule.changeNamed', { what: name }) : t('schedule.set')}
      text={t('schedule.text')}
      act={schedule ? t('common.save') : t('schedule.set')}
      reasoned={false}
      ready={number >= 1 && number <= 36_500}
      decide={({ by }) => engine.client.retention.setSchedule({ identityId, network, kind, labelId, days: number, by })}
      onClose={onClose}
    >
      {schedule ? null : (
        <>
          <Choice
            label={t('schedule.label')}
            value={labelId ?? ANY}
            options={[any, ...labels.map((label) => ({ value: label.id, label: label.name }))]}
            onChange={(value) => setLabelId(value === ANY ? null : value)}
          />
          <Choice
            label={t('schedule.kind')}
            value={kind ?? ANY}
            options={[any, ...MessageKind.options.map((value) => ({ value, label: t(`kind.${value}`) }))]}
            onChange={(value) => setKind(value === ANY ? null : value)}
          />
          <Choice
            label={t('schedule.network')}
            value={network ?? ANY}
            options={[any, ...Network.options.map((value) => ({ value, label: t(`network.${value}`) }))]}
            onChange={(value) => setNetwork(value === ANY ? null : value)}
          />
        </>
      )}
      <Field label={t('schedule.days')} value={days} onChange={setDays} required ltr help={t('schedule.days.help')} />
    </Decide>
  )
}

function ClearSchedule({ schedule, name, onClose }: { schedule: Schedule; name: string; onClose: () => void }) {
  const { engine } = useApp()
  const t = useText()
  const { id, identityId } = schedule
  return (
    <Decide
      title={t('schedule.clearNamed', { what: name })}
      text={t('schedule.clear.text')}
      act={t('schedule.clear')}
      reasoned={false}
      decide={({ by }) => engine.client.retention.clearSchedule({ id, identityId, by })}
      onClose={onClose}
    />
  )
}
