import { useCallback, useEffect, useState } from 'react'
import type { Attachment, Message, Problem } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Button, Front } from '../../ui/parts.tsx'
import { useAttachment } from './use-attachment.ts'

/** Pictures that the window itself can show. */
export const PICTURE = /^image\/(png|jpeg|gif|webp|avif|bmp)$/i

interface PreviewProps {
  message: Message
  attachment: Attachment
  onClose: () => void
}

/** A picture that came with a message, in front of everything. */
export function Preview({ message, attachment, onClose }: PreviewProps) {
  const { engine } = useApp()
  const t = useText()
  const file = useAttachment(message, attachment)
  const [url, setUrl] = useState<string | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [broken, setBroken] = useState(false)
  const { index, mediaType } = attachment
  const load = useCallback(async (): Promise<string> => {
    const { bytes } = await engine.client.messages.attachment({ id: message.id, index })
    return URL.createObjectURL(new Blob([await bytes.arrayBuffer()], { type: mediaType }))
  }, [engine, message.id, index, mediaType])
  const [turn, setTurn] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each turn is a new try.
  useEffect(() => {
    let gone = false
    const made = load()
    made.then(
      (loaded) => !gone && setUrl(loaded),
      (error: unknown) => !gone && setProblem(toProblem(error)),
    )
    return () => {
      gone = true
      made.then(URL.revokeObjectURL, () => undefined)
    }
  }, [load, turn])
  const again = () => {
    setProblem(null)
    setTurn(turn + 1)
  }
  return (
    <Front title={file.name} onClose={onClose} wide>
      <div className="preview">
        {url && !broken ? <img src={url} alt={file.name} onError={() => setBroken(true)} /> : null}
        {broken ? <p role="alert">{t('attachment.broken')}</p> : null}
        {url === null && !problem ? (
          <p className="dim" role="status">
            {t('attachment.loading')}
          </p>
        ) : null}
        <FaultNote problem={problem ?? file.problem}>
          <Button icon="retry" onPress={problem ? again : file.again}>
            {t('common.tryAgain')}
          </Button>
        </FaultNote>
      </div>
      <div className="dialog-foot">
        <Button icon="save" isDisabled={file.busy} onPress={file.save}>
          {t('common.save')}
        </Button>
      </div>
    </Front>
  )
}
