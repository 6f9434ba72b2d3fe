import { useMemo } from 'react'
import { useIntl } from 'react-intl'
import type { MessageHistory, RecordVersion } from '#shared/contract/index.ts'
import { useDates } from '../../i18n/dates.ts'
import { useNumber, useSize, useText } from '../../i18n/text.ts'
import { fold, type Shown, wordChanges } from './word-changes.ts'

interface VersionsProps {
  history: MessageHistory
  version: RecordVersion
  onChoose: (version: number) => void
}

/** The captured versions in the order of time, and what the chosen one changed. */
export function Versions({ history: { versions, older }, version, onChoose }: VersionsProps) {
  const t = useText()
  const dates = useDates()
  const number = useNumber()
  const size = useSize()
  const before = versions[versions.indexOf(version) - 1]
  return (
    <section aria-labelledby="record-versions">
      <h3 id="record-versions">{t('record.versions')}</h3>
      {older > 0 ? <p className="dim">{t('record.older', { count: older })}</p> : null}
      {versions.length === 1 && older === 0 ? <p className="dim">{t('record.one')}</p> : null}
      {versions.length > 1 ? (
        <ol className="timeline">
          {versions.map((one) => (
            <li key={one.version} data-chosen={one === version || undefined}>
              <button type="button" aria-pressed={one === version} onClick={() => onChoose(one.version)}>
                <strong>{t('record.version', { number: number(one.version) })}</strong>
                <time dateTime={one.capturedAt} title={dates.exact(one.capturedAt)}>
                  {dates.medium(one.capturedAt)}
                </time>
                <span className="dim">{size(one.size)}</span>
              </button>
            </li>
          ))}
        </ol>
      ) : null}
      {versions.length > 1 ? <Changes before={before} version={version} /> : null}
    </section>
  )
}

/** The text of a version, with what it changed of the one before. */
function Changes({ before, version }: { before: RecordVersion | undefined; version: RecordVersion }) {
  const t = useText()
  const number = useNumber()
  const { locale } = useIntl()
  const compared = before?.text != null && version.text !== null
  const pieces = useMemo(() => {
    if (version.text === null) return []
    return fold(wordChanges(before?.text ?? version.text, version.text, locale))
  }, [before, version, locale])
  const titles = useMemo(() => {
    if (!before || before.subject === null || version.subject === null || before.subject === version.subject) return []
    return wordChanges(before.subject, version.subject, locale)
  }, [before, version, locale])
  const same = compared && titles.length === 0 && pieces.every(({ kind }) => kind === 'same')
  const title = compared
    ? t('record.changes', { before: number(before.version), number: number(version.version) })
    : t('record.first', { number: number(version.version) })
  return (
    <figure className="changes">
      <figcaption>
        <span>{title}</span>
        {compared && !same ? (
          <span className="legend" aria-hidden="true">
            <ins>{t('record.added')}</ins> <del>{t('record.removed')}</del>
          </span>
        ) : null}
      </figcaption>
      {version.text === null || (before && before.text === null) ? <p className="note warn">{t('record.unreadable')}</p> : null}
      {same ? <p className="note">{t('record.noChange')}</p> : null}
      {version.cut ? <p className="note">{t('record.cut')}</p> : null}
      {titles.length > 0 ? (
        <p className="changes-title" dir="auto">
          <span className="dim">{t('record.subject')}</span> <Pieces pieces={titles} />
        </p>
      ) : null}
      {pieces.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard.
        <section className="changes-text" dir="auto" tabIndex={0} aria-label={title}>
          <Pieces pieces={pieces} />
        </section>
      ) : null}
    </figure>
  )
}

function Pieces({ pieces }: { pieces: readonly Shown[] }) {
  const t = useText()
  return pieces.map((piece, index) => {
    // Pieces of one text never change places.
    const key = `${index}`
    if (piece.kind === 'same') return <span key={key}>{piece.text}</span>
    if (piece.kind === 'skipped')
      return (
        <span key={key} className="skipped">
          {t('record.same', { count: piece.count })}
        </span>
      )
    const Tag = piece.kind === 'added' ? 'ins' : 'del'
    return (
      <Tag key={key}>
        <span className="visually-hidden">{t(`record.${piece.kind}`)}: </span>
        {piece.text}
      </Tag>
    )
  })
}
