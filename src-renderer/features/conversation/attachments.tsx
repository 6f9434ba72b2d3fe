import { useEffect, useState } from 'react'
import type { Attachment, Message } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useSize, useText } from '../../i18n/text.ts'
import { native, saveFile } from '../../platform/native.ts'
import { Icon } from '../../ui/icons.tsx'
import { Button, Front } from '../../ui/parts.tsx'

const SHOWN = 12
const PICTURE = /^image\/(png|jpeg|gif|webp|avif|bmp)$/i

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

function useAttachmentBytes(message: Message) {
  const { engine } = useApp()
  return async (attachment: Attachment): Promise<Blob> => {
    const { bytes } = await engine.client.messages.attachment({ id: message.id, index: attachment.index })
    return new Blob([await bytes.arrayBuffer()], { type: attachment.mediaType })
  }
}

interface ItemProps {
  message: Message
  attachment: Attachment
  onPreview: () => void
}

function AttachmentItem({ message, attachment, onPreview }: ItemProps) {
  const app = useApp()
  const t = useText()
  const size = useSize()
  const bytes = useAttachmentBytes(message)
  const name = attachment.name || t('attachment.unnamed')
  const isPicture = PICTURE.test(attachment.mediaType)
  const run = (work: () => Promise<void>) => () => void work().catch((error: unknown) => app.notices.fail(toProblem(error)))
  const save = run(async () => saveFile(name, await bytes(attachment)))
  const open = run(async () => {
    const blob = await bytes(attachment)
    if (native) await native.openAttachment(name, await blob.arrayBuffer())
    else saveFile(name, blob)
  })
  return (
    <li className="attachment">
      <Icon name={isPicture ? 'picture' : 'attachment'} />
      <span className="attachment-name">
        <bdi className="truncate" title={name}>
          {name}
        </bdi>
        <span className="dim">{size(attachment.size)}</span>
      </span>
      {isPicture ? (
        <Button look="plain" icon="search" bare onPress={onPreview}>
          {t('attachment.preview', { name })}
        </Button>
      ) : native ? (
        <Button look="plain" icon="open" bare onPress={open}>
          {t('attachment.open', { name })}
        </Button>
      ) : null}
      <Button look="plain" icon="save" bare onPress={save}>
        {t('attachment.save', { name })}
      </Button>
    </li>
  )
}

function Preview({ message, attachment, onClose }: { message: Message; attachment: Attachment; onClose: () => void }) {
  const app = useApp()
  const t = useText()
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    let made: string | null = null
    let gone = false
    async function load() {
      const { bytes } = await app.engine.client.messages.attachment({ id: message.id, index: attachment.index })
      const blob = new Blob([await bytes.arrayBuffer()], { type: attachment.mediaType })
      if (gone) return
      made = URL.createObjectURL(blob)
      setUrl(made)
    }
    load().catch((error: unknown) => {
      app.notices.fail(toProblem(error))
      onClose()
    })
    return () => {
      gone = true
      if (made) URL.revokeObjectURL(made)
    }
  }, [app, message.id, attachment, onClose])
  return (
    <Front title={attachment.name || t('attachment.unnamed')} onClose={onClose} wide>
      <div className="preview">
        {url ? <img src={url} alt={attachment.name} /> : <p className="dim">{t('common.loading')}</p>}
      </div>
    </Front>
  )
}
