import { useState } from 'react'
import type { Attachment, Message } from '#shared/model/index.ts'
import { useSize, useText } from '../../i18n/text.ts'
import { native } from '../../platform/native.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Button } from '../../ui/parts.tsx'
import { PICTURE, Preview } from './preview.tsx'
import { useAttachment } from './use-attachment.ts'

const SHOWN = 12

/** What came with a message. Pictures that the text shows in place are not listed again. */
export function Attachments({ message }: { message: Message }) {
  const t = useText()
  const [all, setAll] = useState(false)
  const [preview, setPreview] = useState<Attachment | null>(null)
  const listed = message.attachments.filter(
    (attachment) => !(attachment.inline && attachment.contentId !== null && PICTURE.test(attachment.mediaType)),
  )
  if (listed.length === 0) return null
  const shown = all ? listed : listed.slice(0, SHOWN)
  return (
    <>
      <ul className="attachments" aria-label={t('attachment.list', { count: listed.length })}>
        {shown.map((attachment) => (
          <AttachmentItem
            key={attachment.index}
            message={message}
            attachment={attachment}
            onPreview={() => setPreview(attachment)}
          />
        ))}
        {listed.length > shown.length ? (
          <li>
            <Button onPress={() => setAll(true)}>{t('attachment.more', { count: listed.length - shown.length })}</Button>
          </li>
        ) : null}
      </ul>
      {preview ? <Preview message={message} attachment={preview} onClose={() => setPreview(null)} /> : null}
    </>
  )
}

interface ItemProps {
  message: Message
  attachment: Attachment
  onPreview: () => void
}

/** One file: its name and size, what can be done with it, and below that how it went. */
function AttachmentItem({ message, attachment, onPreview }: ItemProps) {
  const t = useText()
  const size = useSize()
  const file = useAttachment(message, attachment)
  const { name, busy } = file
  const isPicture = PICTURE.test(attachment.mediaType)
  return (
    <li className="attachment" aria-busy={busy}>
      <Icon name={isPicture ? 'picture' : 'attachment'} />
      <span className="attachment-name">
        <bdi className="truncate" title={name}>
          {name}
        </bdi>
        <span className="dim" role="status">
          {busy ? t('attachment.loading') : size(attachment.size)}
        </span>
      </span>
      {isPicture ? (
        <Button look="plain" icon="search" bare onPress={onPreview}>
          {t('attachment.preview', { name })}
        </Button>
      ) : native ? (
        <Button look="plain" icon="open" bare isDisabled={busy} onPress={file.open}>
          {t('attachment.open', { name })}
        </Button>
      ) : null}
      <Button look="plain" icon="save" bare isDisabled={busy} onPress={file.save}>
        {t('attachment.save', { name })}
      </Button>
      {file.hint ? (
        <p className="note warn" role="alert">
          {t(file.hint)}
        </p>
      ) : null}
      <FaultNote problem={file.problem}>
        <Button icon="retry" onPress={file.again}>
          {t('common.tryAgain')}
        </Button>
      </FaultNote>
    </li>
  )
}
