import type { MessageId } from '#shared/model/index.ts'
import { useText } from '../../i18n/text.ts'
import { Front } from '../../ui/parts.tsx'
import { RecordPanel } from './record.tsx'

/** The record of a message, in front of everything. */
export default function RecordDialog({ id, onClose }: { id: MessageId; onClose: () => void }) {
  const t = useText()
  return (
    <Front title={t('record.title')} onClose={onClose} wide>
      <RecordPanel id={id} />
    </Front>
  )
}
