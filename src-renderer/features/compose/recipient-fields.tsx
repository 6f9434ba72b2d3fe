import { useState } from 'react'
import type { DraftWords } from '#shared/model/index.ts'
import { useText } from '../../i18n/text.ts'
import { Button, Field } from '../../ui/parts.tsx'
import { places } from '../commands/navigation.ts'
import { looksLikeMail, looksLikeNumber, parseRecipients } from './recipients.ts'

interface RecipientFieldsProps {
  words: DraftWords
  onWrite: (change: Partial<DraftWords>) => void
}

/** Whom it goes to, where that is typed: mail and text messages. Copies show when there are any, or are asked for. */
export function RecipientFields({ words, onWrite }: RecipientFieldsProps) {
  const t = useText()
  const [copies, setCopies] = useState(words.cc !== '' || words.bcc !== '')
  if (words.kind !== 'mail' && words.kind !== 'sms') return null
  const looksRight = words.kind === 'mail' ? looksLikeMail : looksLikeNumber
  const line = (name: 'to' | 'cc' | 'bcc') => {
    const { wrong } = parseRecipients(words[name], looksRight)
    const fault = wrong.length > 0 ? t('compose.wrongRecipient', { text: wrong[0] ?? '' }) : null
    return (
      <Field
        label={t(`compose.${name}`)}
        value={words[name]}
        onChange={(value) => onWrite({ [name]: value })}
        fault={fault}
        ltr
        autoFocus={false}
      />
    )
  }
  return (
    <div className="composer-to" id={places.recipients}>
      {line('to')}
      {words.kind === 'mail' ? (
        copies ? (
          <>
            {line('cc')}
            {line('bcc')}
          </>
        ) : (
          <Button look="link" onPress={() => setCopies(true)}>
            {t('compose.addCopies')}
          </Button>
        )
      ) : null}
    </div>
  )
}
