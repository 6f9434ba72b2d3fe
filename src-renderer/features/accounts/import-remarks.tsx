import type { ImportRemark } from '#shared/model/index.ts'
import type { MessageKey } from '../../i18n/catalog.ts'
import { useNumber, useText } from '../../i18n/text.ts'

const names: Record<ImportRemark['kind'], MessageKey> = {
  file_kept: 'import.remark.file_kept',
  file_unreadable: 'import.remark.file_unreadable',
  item_kept: 'import.remark.item_kept',
  field_unknown: 'import.remark.field_unknown',
  value_unknown: 'import.remark.value_unknown',
  media_missing: 'import.remark.media_missing',
  name_mended: 'import.remark.name_mended',
  hash_mismatch: 'import.remark.hash_mismatch',
  signature_unchecked: 'import.remark.signature_unchecked',
}

/** What an import did not understand, folded away until it is asked for. */
export function ImportRemarks({ remarks }: { remarks: ImportRemark[] }) {
  const t = useText()
  const number = useNumber()
  if (remarks.length === 0) return null
  const kinds = [...new Set(remarks.map(({ kind }) => kind))]
  return (
    <details className="import-remarks">
      <summary>{t('import.remarks', { count: remarks.length })}</summary>
      {kinds.map((kind) => (
        <section key={kind}>
          <p className="dim">{t(names[kind])}</p>
          <ul>
            {remarks
              .filter((remark) => remark.kind === kind)
              .map(({ path, name, count }) => (
                <li key={`${path}\n${name}`}>
                  <bdi dir="ltr">{[path, name].filter((part) => part !== '').join(' · ') || t('import.remarks.others')}</bdi>
                  {count > 1 ? <span className="dim"> × {number(count)}</span> : null}
                </li>
              ))}
          </ul>
        </section>
      ))}
    </details>
  )
}
