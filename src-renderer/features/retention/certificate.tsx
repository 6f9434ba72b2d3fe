import { useQuery } from '@tanstack/react-query'
import type { Disposal } from '#shared/contract/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useText } from '../../i18n/text.ts'
import { saveFile } from '../../platform/native.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Button, Front } from '../../ui/parts.tsx'
import { retentionKey } from './queries.ts'

/** The signed note that says what was removed. */
export function Certificate({ disposal: { id, identityId }, onClose }: { disposal: Disposal; onClose: () => void }) {
  const { engine } = useApp()
  const t = useText()
  const { data, error } = useQuery({
    queryKey: [...retentionKey, 'certificate', identityId, id],
    queryFn: () => engine.client.retention.certificate({ id, identityId }),
  })
  return (
    <Front title={t('disposal.certificate')} onClose={onClose} wide>
      <p className="dim">{t('disposal.certificate.text')}</p>
      <FaultNote problem={error ? toProblem(error) : null} />
      {data ? (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard. */}
          <pre className="source" dir="ltr" tabIndex={0}>
            {data.certificate}
            {'\n'}
            {data.key}
          </pre>
          <div className="dialog-foot">
            <Button
              icon="save"
              onPress={() => saveFile(`disposal-${id}.txt`, new Blob([data.certificate], { type: 'text/plain' }))}
            >
              {t('disposal.certificate.save')}
            </Button>
          </div>
        </>
      ) : null}
    </Front>
  )
}
