import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useEffect, useState } from 'react'
import { useIntl } from 'react-intl'
import type { GuardRemark } from '#shared/contract/index.ts'
import type { DraftWords } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { useText } from '../../i18n/text.ts'
import { Icon } from '../../ui/icons.tsx'
import { Button } from '../../ui/parts.tsx'
import type { Place } from './writing.ts'

/** Looked at this long after the last stroke. */
const PAUSE_MS = 400

export interface Guarded {
  remarks: readonly GuardRemark[]
  /** Something that must not leave. */
  stops: boolean
}

/** What in a text should not leave, a moment after it was written. */
export function useGuard({ identityId, accountId }: Place, words: DraftWords): Guarded {
  const { engine } = useApp()
  const { locale } = useIntl()
  const [settled, setSettled] = useState(words)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(words), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [words])
  const { kind, text, language, media, visibility } = settled
  const { data } = useQuery({
    queryKey: ['guard', identityId, accountId, kind, text, language, media, visibility, locale],
    queryFn: ({ signal }) =>
      engine.client.guard.check({ identityId, accountId, words: settled, language: locale.slice(0, 2) }, { signal }),
    placeholderData: (before) => before,
    enabled: text.trim() !== '' || media.length > 0,
    gcTime: 10_000,
  })
  const found = useDeferredValue(data)
  return { remarks: found?.remarks ?? [], stops: found?.worst === 'stop' }
}

interface GuardListProps {
  text: string
  remarks: readonly GuardRemark[]
  /** Puts the cursor on the words. */
  onShow: (from: number, to: number) => void
}

/** What the guard says: how grave, which words, why, and what to do. */
export function GuardList({ text, remarks, onShow }: GuardListProps) {
  const t = useText()
  if (remarks.length === 0) return null
  return (
    <section className="guard" aria-label={t('guard.title')}>
      <h3>{t('guard.title')}</h3>
      <ul role="status">
        {remarks.map((remark) => {
          const [first] = remark.ranges
          const quoted = remark.ranges.map(({ from, to }) => text.slice(from, to)).join(' … ')
          return (
            <li key={`${remark.pack} ${remark.rule} ${first?.from ?? ''}`} data-severity={remark.severity}>
              <Icon name={remark.severity === 'note' ? 'note' : 'warning'} />
              <div>
                <p>
                  <strong>{t(`guard.${remark.severity}`)}</strong> {remark.why}
                </p>
                <p className="dim">{remark.todo}</p>
                {first ? (
                  <Button look="link" onPress={() => onShow(first.from, first.to)}>
                    {t('guard.show', { text: quoted.slice(0, 80) })}
                  </Button>
                ) : null}
              </div>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
