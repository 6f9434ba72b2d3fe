import type { DraftWords, SendLimits, Visibility } from '#shared/model/index.ts'
import { useText } from '../../i18n/text.ts'
import { Choice, Field } from '../../ui/parts.tsx'

interface OptionsProps {
  words: DraftWords
  limits: SendLimits | null
  onWrite: (change: Partial<DraftWords>) => void
}

/** What else the network lets one say of a post. */
export function Options({ words, limits, onWrite }: OptionsProps) {
  const t = useText()
  if (!limits || words.kind === 'mail' || words.kind === 'sms') return null
  const { visibilities, warnings } = limits
  if (visibilities.length === 0 && !warnings) return null
  const choices: { value: Visibility | 'own'; label: string }[] = [
    { value: 'own', label: t('compose.visibility.own') },
    ...visibilities.map((value) => ({ value, label: t(`compose.visibility.${value}`) })),
  ]
  return (
    <div className="composer-options">
      {visibilities.length > 0 && words.kind !== 'direct' ? (
        <Choice
          label={t('compose.visibility')}
          value={words.visibility ?? 'own'}
          options={choices}
          onChange={(value) => onWrite({ visibility: value === 'own' ? null : value })}
        />
      ) : null}
      {warnings ? (
        <Field label={t('compose.warning')} value={words.warning} onChange={(warning) => onWrite({ warning })} />
      ) : null}
    </div>
  )
}
