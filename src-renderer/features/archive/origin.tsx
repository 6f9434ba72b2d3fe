import type { RecordVersion } from '#shared/contract/index.ts'
import type { MessageId } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useAccountMap } from '../../data/queries.ts'
import { useDates } from '../../i18n/dates.ts'
import { useSize, useText } from '../../i18n/text.ts'
import { copyText, saveFile } from '../../platform/native.ts'
import { Button } from '../../ui/parts.tsx'
import { endingOf } from './ending.ts'

/** A server's clock that is nearer than this is not worth a line. */
const SAME_CLOCK_MS = 1000

/** Where one version came from, and its original. */
export function Origin({ messageId, version }: { messageId: MessageId; version: RecordVersion }) {
  const app = useApp()
  const t = useText()
  const dates = useDates()
  const size = useSize()
  const account = useAccountMap().get(version.accountId)
  const { capturedAt, clockOffsetMs, endpoint, mediaType, origin, sha256 } = version
  const offset = clockOffsetMs ?? 0
  const save = async () => {
    try {
      const source = await app.engine.client.messages.source({ id: messageId, version: version.version })
      const blob = new Blob([await source.bytes.arrayBuffer()], { type: source.mediaType })
      saveFile(`message-${messageId}-version-${version.version}.${endingOf(source.mediaType)}`, blob)
    } catch (error) {
      app.notices.fail(toProblem(error))
    }
  }
  return (
    <section aria-labelledby="record-source">
      <h3 id="record-source">{t('record.source')}</h3>
      <dl className="facts">
        <dt>{t('record.account')}</dt>
        <dd>
          <bdi>{account?.label ?? version.accountId}</bdi> {account ? <bdi dir="ltr">{account.address}</bdi> : null}
        </dd>
        <dt>{t('record.endpoint')}</dt>
        <dd>
          <bdi dir="ltr">{endpoint}</bdi>
        </dd>
        <dt>{t('record.origin')}</dt>
        <dd>{t(`record.origin.${origin}`)}</dd>
        <dt>{t('record.captured')}</dt>
        <dd>
          {t('record.clock', { at: dates.exact(capturedAt) })}
          {Math.abs(offset) >= SAME_CLOCK_MS ? (
            <span className="dim">
              <br />
              {t('record.serverClock', { at: dates.exact(new Date(Date.parse(capturedAt) - offset).toISOString()) })}
            </span>
          ) : null}
        </dd>
        <dt>{t('record.size')}</dt>
        <dd>
          {size(version.size)} <bdi dir="ltr">({mediaType.split(';', 1)})</bdi>
        </dd>
        <dt>{t('record.hash')}</dt>
        <dd>
          <bdi dir="ltr">
            <code className="fingerprint">{sha256}</code>
          </bdi>
          <br />
          <span className="dim">{t('record.hash.text')}</span>
        </dd>
      </dl>
      <div className="record-acts">
        <Button icon="copy" onPress={() => app.notices.tell(copyText(sha256) ? 'copy.done' : 'copy.failed')}>
          {t('record.copyHash')}
        </Button>
        <Button icon="save" onPress={() => void save()}>
          {t('source.save')}
        </Button>
      </div>
    </section>
  )
}
