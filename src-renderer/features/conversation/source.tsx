import { useQuery } from '@tanstack/react-query'
import type { Message } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useProblemText, useSize, useText } from '../../i18n/text.ts'
import { saveFile } from '../../platform/native.ts'
import { Button, Front } from '../../ui/parts.tsx'
import { endingOf } from '../archive/ending.ts'

/** Shown on the screen at most; the whole can be saved. */
const SHOWN_BYTES = 300_000

/** The network's own bytes, as text, unchanged. */
export function Source({ message, onClose }: { message: Message; onClose: () => void }) {
  const { engine } = useApp()
  const t = useText()
  const say = useProblemText()
  const size = useSize()
  const { data, error } = useQuery({
    queryKey: ['source', message.id, message.versions],
    queryFn: async () => {
      const { mediaType, bytes } = await engine.client.messages.source({ id: message.id })
      const blob = new Blob([await bytes.arrayBuffer()], { type: mediaType })
      return { mediaType, blob, text: await blob.slice(0, SHOWN_BYTES).text() }
    },
    gcTime: 0,
  })
  return (
    <Front title={t('message.source')} onClose={onClose} wide>
      {error ? <p className="note bad">{say(toProblem(error))}</p> : null}
      {!data && !error ? <p className="dim">{t('common.loading')}</p> : null}
      {data ? (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard. */}
          <pre className="source" dir="ltr" tabIndex={0}>
            {data.text}
          </pre>
          <div className="dialog-foot">
            <span className="dim">
              {data.blob.size > SHOWN_BYTES
                ? t('source.cut', { shown: size(SHOWN_BYTES), size: size(data.blob.size) })
                : size(data.blob.size)}
            </span>
            <Button icon="save" onPress={() => saveFile(`message-${message.id}.${endingOf(data.mediaType)}`, data.blob)}>
              {t('source.save')}
            </Button>
          </div>
        </>
      ) : null}
    </Front>
  )
}
