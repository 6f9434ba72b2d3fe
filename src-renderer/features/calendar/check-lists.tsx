import { useState } from 'react'
import type { CheckItem, CheckList } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { useDates } from '../../i18n/dates.ts'
import { useText } from '../../i18n/text.ts'
import { Button } from '../../ui/parts.tsx'
import { Decide } from '../retention/decide.tsx'

interface Open {
  what: 'done' | 'signed_off' | 'undo'
  list: CheckList
  item: CheckItem
}

/** What the change that led to now, and the next one, ask an office to look at. */
export function CheckLists({ lists }: { lists: CheckList[] }) {
  const t = useText()
  const dates = useDates()
  const [open, setOpen] = useState<Open | null>(null)
  return (
    <>
      {lists.map((list) => (
        <div className="form" key={`${list.state} ${list.at}`}>
          <h3>{t('calendar.check.title', { state: t(`calendar.state.${list.state}`), at: dates.medium(list.at) })}</h3>
          <ul className="settings-list">
            {list.items.map((item) => (
              <Item key={item.name} list={list} item={item} onOpen={(what) => setOpen({ what, list, item })} />
            ))}
          </ul>
        </div>
      ))}
      {open ? <Sign {...open} onClose={() => setOpen(null)} /> : null}
    </>
  )
}

function Item({ list, item, onOpen }: { list: CheckList; item: CheckItem; onOpen: (what: Open['what']) => void }) {
  const t = useText()
  const dates = useDates()
  const { name, count, check } = item
  const words = t(`calendar.check.${name}`)
  return (
    <li>
      <span className="grow">
        <strong>{words}</strong>
        {name === 'freeze' || name === 'thaw' ? <span>{t(`calendar.freeze.${list.freezes}`)}</span> : null}
        {count === null ? null : <span>{t('calendar.check.count', { count })}</span>}
        {check ? (
          <span className="dim">
            {t(`calendar.check.was.${check.outcome}`, { by: check.by, at: dates.medium(check.at) })} <bdi>{check.reason}</bdi>
          </span>
        ) : null}
      </span>
      <span className="buttons">
        {check ? (
          <Button look="plain" aria-label={`${t('calendar.check.undo')}: ${words}`} onPress={() => onOpen('undo')}>
            {t('calendar.check.undo')}
          </Button>
        ) : (
          <>
            <Button look="plain" aria-label={`${t('calendar.check.done')}: ${words}`} onPress={() => onOpen('done')}>
              {t('calendar.check.done')}
            </Button>
            <Button look="plain" aria-label={`${t('calendar.check.signOff')}: ${words}`} onPress={() => onOpen('signed_off')}>
              {t('calendar.check.signOff')}
            </Button>
          </>
        )}
      </span>
    </li>
  )
}

function Sign({ what, list, item, onClose }: Open & { onClose: () => void }) {
  const { engine } = useApp()
  const t = useText()
  const { identityId, state, at } = list
  const act = what === 'undo' ? t('calendar.check.undo') : t(what === 'done' ? 'calendar.check.done' : 'calendar.check.signOff')
  const named = { identityId, state, at, name: item.name }
  return (
    <Decide
      title={`${act}: ${t(`calendar.check.${item.name}`)}`}
      text={t('calendar.check.text')}
      act={act}
      reasoned={what === 'signed_off'}
      decide={({ by, reason }) =>
        what === 'undo'
          ? engine.client.voices.uncheck({ ...named, by })
          : engine.client.voices.check({ ...named, by, reason, outcome: what })
      }
      onClose={onClose}
    />
  )
}
